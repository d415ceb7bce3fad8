// The functions of PromQL that can be evaluated here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace windtunnel::promql {

enum class ValueType : std::uint8_t { scalar, vector, range, text };

enum class FunctionId : std::uint8_t {
  abs,
  absent,
  absent_over_time,
  avg_over_time,
  ceil,
  changes,
  clamp,
  clamp_max,
  clamp_min,
  count_over_time,
  delta,
  exp,
  floor,
  histogram_quantile,
  idelta,
  increase,
  irate,
  last_over_time,
  ln,
  log10,
  log2,
  max_over_time,
  min_over_time,
  present_over_time,
  quantile_over_time,
  rate,
  resets,
  round,
  scalar,
  sgn,
  sqrt,
  stddev_over_time,
  stdvar_over_time,
  sum_over_time,
  time,
  timestamp,
  vector,
};

struct FunctionRow {
  std::string_view name;
  FunctionId id;
  ValueType returns;
  std::vector<ValueType> takes;
  std::size_t optional = 0;  ///< how many of the last arguments may be left out
};

std::span<const FunctionRow> function_table();
/// Functions and operators of Prometheus that are known but not evaluated here.
bool is_unsupported_function(std::string_view name);

}  // namespace windtunnel::promql
