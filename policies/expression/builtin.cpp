#include "policies/expression/builtin.hpp"

#include <array>

namespace windtunnel::expression {
namespace {

constexpr Builtin predicate_row(std::string_view name, BuiltinId id) {
  return {.name = name, .id = id, .takes_predicate = true};
}
constexpr Builtin plain_row(std::string_view name, BuiltinId id) {
  return {.name = name, .id = id};
}
constexpr Builtin missing_row(std::string_view name, bool takes_predicate = false) {
  return {.name = name, .id = BuiltinId::unmodelled, .takes_predicate = takes_predicate};
}

}  // namespace

std::span<const Builtin> builtins() {
  using enum BuiltinId;
  static constexpr std::array kBuiltins = {
      predicate_row("all", all),
      predicate_row("none", none),
      predicate_row("any", any),
      predicate_row("one", one),
      predicate_row("filter", filter),
      predicate_row("map", map),
      predicate_row("find", find),
      predicate_row("findIndex", find_index),
      predicate_row("findLast", find_last),
      predicate_row("findLastIndex", find_last_index),
      Builtin{.name = "count", .id = count, .takes_predicate = true, .predicate_optional = true},
      Builtin{.name = "sum", .id = sum, .takes_predicate = true, .predicate_optional = true},
      Builtin{.name = "reduce", .id = reduce, .takes_predicate = true, .third_optional = true},
      plain_row("len", len),
      plain_row("type", type),
      plain_row("abs", abs),
      plain_row("ceil", ceil),
      plain_row("floor", floor),
      plain_row("round", round),
      plain_row("int", to_int),
      plain_row("float", to_float),
      plain_row("string", to_string),
      plain_row("trim", trim),
      plain_row("upper", upper),
      plain_row("lower", lower),
      plain_row("max", max),
      plain_row("min", min),
      plain_row("mean", mean),
      plain_row("median", median),
      plain_row("first", first),
      plain_row("last", last),
      plain_row("get", get),
      plain_row("take", take),
      plain_row("reverse", reverse),
      plain_row("uniq", uniq),
      plain_row("concat", concat),
      plain_row("flatten", flatten),
      plain_row("sort", sort),
      plain_row("bitand", bitand_),
      plain_row("bitor", bitor_),
      plain_row("bitxor", bitxor),
      plain_row("bitnand", bitnand),
      plain_row("bitshl", bitshl),
      plain_row("bitshr", bitshr),
      plain_row("bitushr", bitushr),
      plain_row("bitnot", bitnot),
      missing_row("groupBy", true),
      missing_row("sortBy", true),
      missing_row("trimPrefix"),
      missing_row("trimSuffix"),
      missing_row("split"),
      missing_row("splitAfter"),
      missing_row("replace"),
      missing_row("repeat"),
      missing_row("join"),
      missing_row("indexOf"),
      missing_row("lastIndexOf"),
      missing_row("hasPrefix"),
      missing_row("hasSuffix"),
      missing_row("toJSON"),
      missing_row("fromJSON"),
      missing_row("toBase64"),
      missing_row("fromBase64"),
      missing_row("now"),
      missing_row("duration"),
      missing_row("date"),
      missing_row("timezone"),
      missing_row("keys"),
      missing_row("values"),
      missing_row("toPairs"),
      missing_row("fromPairs"),
  };
  return kBuiltins;
}

const Builtin* find_builtin(std::string_view name) {
  for (const Builtin& row : builtins())
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace windtunnel::expression
