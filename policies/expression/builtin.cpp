#include "policies/expression/builtin.hpp"

#include <array>

namespace windtunnel::expression {
namespace {

using enum BuiltinId;

constexpr Builtin each(std::string_view name, BuiltinId id) {
  return {.name = name, .id = id, .takes_predicate = true};
}
constexpr Builtin plain(std::string_view name, BuiltinId id) {
  return {.name = name, .id = id};
}
constexpr Builtin missing(std::string_view name, bool takes_predicate = false) {
  return {.name = name, .id = unmodelled, .takes_predicate = takes_predicate};
}

constexpr std::array kBuiltins = {
    each("all", all),
    each("none", none),
    each("any", any),
    each("one", one),
    each("filter", filter),
    each("map", map),
    each("find", find),
    each("findIndex", find_index),
    each("findLast", find_last),
    each("findLastIndex", find_last_index),
    Builtin{.name = "count", .id = count, .takes_predicate = true, .predicate_optional = true},
    Builtin{.name = "sum", .id = sum, .takes_predicate = true, .predicate_optional = true},
    Builtin{.name = "reduce", .id = reduce, .takes_predicate = true, .third_optional = true},
    plain("len", len),
    plain("type", type),
    plain("abs", abs),
    plain("ceil", ceil),
    plain("floor", floor),
    plain("round", round),
    plain("int", to_int),
    plain("float", to_float),
    plain("string", to_string),
    plain("trim", trim),
    plain("upper", upper),
    plain("lower", lower),
    plain("max", max),
    plain("min", min),
    plain("mean", mean),
    plain("median", median),
    plain("first", first),
    plain("last", last),
    plain("get", get),
    plain("take", take),
    plain("reverse", reverse),
    plain("uniq", uniq),
    plain("concat", concat),
    plain("flatten", flatten),
    plain("sort", sort),
    plain("bitand", bitand_),
    plain("bitor", bitor_),
    plain("bitxor", bitxor),
    plain("bitnand", bitnand),
    plain("bitshl", bitshl),
    plain("bitshr", bitshr),
    plain("bitushr", bitushr),
    plain("bitnot", bitnot),
    missing("groupBy", true),
    missing("sortBy", true),
    missing("trimPrefix"),
    missing("trimSuffix"),
    missing("split"),
    missing("splitAfter"),
    missing("replace"),
    missing("repeat"),
    missing("join"),
    missing("indexOf"),
    missing("lastIndexOf"),
    missing("hasPrefix"),
    missing("hasSuffix"),
    missing("toJSON"),
    missing("fromJSON"),
    missing("toBase64"),
    missing("fromBase64"),
    missing("now"),
    missing("duration"),
    missing("date"),
    missing("timezone"),
    missing("keys"),
    missing("values"),
    missing("toPairs"),
    missing("fromPairs"),
};

}  // namespace

std::span<const Builtin> builtins() {
  return kBuiltins;
}

const Builtin* find_builtin(std::string_view name) {
  for (const Builtin& row : kBuiltins)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace windtunnel::expression
