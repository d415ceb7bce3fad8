// The functions of the language, one row each.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace windtunnel::expression {

enum class BuiltinId : std::uint8_t {
  all,
  none,
  any,
  one,
  filter,
  map,
  find,
  find_index,
  find_last,
  find_last_index,
  count,
  sum,
  reduce,  // take a predicate
  len,
  type,
  abs,
  ceil,
  floor,
  round,
  to_int,
  to_float,
  to_string,
  trim,
  upper,
  lower,
  max,
  min,
  mean,
  median,
  first,
  last,
  get,
  take,
  reverse,
  uniq,
  concat,
  flatten,
  sort,
  bitand_,
  bitor_,
  bitxor,
  bitnand,
  bitshl,
  bitshr,
  bitushr,
  bitnot,
  unmodelled,
};

/// How a function is called.
struct Builtin {
  std::string_view name;
  BuiltinId id;
  bool takes_predicate = false;  ///< its second argument is computed for each element of the first
  bool predicate_optional = false;
  bool third_optional = false;  ///< a third argument may follow: where `reduce` begins
};

/// All of them, those that are not modelled included.
std::span<const Builtin> builtins();
/// The one of that name, or nullptr.
const Builtin* find_builtin(std::string_view name);

}  // namespace windtunnel::expression
