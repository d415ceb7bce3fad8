#include "policies/promql/functions.hpp"

#include <algorithm>
#include <array>

namespace windtunnel::promql {

std::span<const FunctionRow> function_table() {
  using enum FunctionId;
  constexpr auto kScalar = ValueType::scalar, kVector = ValueType::vector, kRange = ValueType::range;
  static const std::array rows{
      FunctionRow{"abs", abs, kVector, {kVector}},
      FunctionRow{"absent", absent, kVector, {kVector}},
      FunctionRow{"absent_over_time", absent_over_time, kVector, {kRange}},
      FunctionRow{"avg_over_time", avg_over_time, kVector, {kRange}},
      FunctionRow{"ceil", ceil, kVector, {kVector}},
      FunctionRow{"changes", changes, kVector, {kRange}},
      FunctionRow{"clamp", clamp, kVector, {kVector, kScalar, kScalar}},
      FunctionRow{"clamp_max", clamp_max, kVector, {kVector, kScalar}},
      FunctionRow{"clamp_min", clamp_min, kVector, {kVector, kScalar}},
      FunctionRow{"count_over_time", count_over_time, kVector, {kRange}},
      FunctionRow{"delta", delta, kVector, {kRange}},
      FunctionRow{"exp", exp, kVector, {kVector}},
      FunctionRow{"floor", floor, kVector, {kVector}},
      FunctionRow{"histogram_quantile", histogram_quantile, kVector, {kScalar, kVector}},
      FunctionRow{"idelta", idelta, kVector, {kRange}},
      FunctionRow{"increase", increase, kVector, {kRange}},
      FunctionRow{"irate", irate, kVector, {kRange}},
      FunctionRow{"last_over_time", last_over_time, kVector, {kRange}},
      FunctionRow{"ln", ln, kVector, {kVector}},
      FunctionRow{"log10", log10, kVector, {kVector}},
      FunctionRow{"log2", log2, kVector, {kVector}},
      FunctionRow{"max_over_time", max_over_time, kVector, {kRange}},
      FunctionRow{"min_over_time", min_over_time, kVector, {kRange}},
      FunctionRow{"present_over_time", present_over_time, kVector, {kRange}},
      FunctionRow{"quantile_over_time", quantile_over_time, kVector, {kScalar, kRange}},
      FunctionRow{"rate", rate, kVector, {kRange}},
      FunctionRow{"resets", resets, kVector, {kRange}},
      FunctionRow{"round", round, kVector, {kVector, kScalar}, 1},
      FunctionRow{"scalar", scalar, kScalar, {kVector}},
      FunctionRow{"sgn", sgn, kVector, {kVector}},
      FunctionRow{"sqrt", sqrt, kVector, {kVector}},
      FunctionRow{"stddev_over_time", stddev_over_time, kVector, {kRange}},
      FunctionRow{"stdvar_over_time", stdvar_over_time, kVector, {kRange}},
      FunctionRow{"sum_over_time", sum_over_time, kVector, {kRange}},
      FunctionRow{"time", time, kScalar, {}},
      FunctionRow{"timestamp", timestamp, kVector, {kVector}},
      FunctionRow{"vector", vector, kVector, {kScalar}},
  };
  return rows;
}

bool is_unsupported_function(std::string_view name) {
  static constexpr std::array<std::string_view, 39> kKnown = {"acos",
                                                              "acosh",
                                                              "asin",
                                                              "asinh",
                                                              "atan",
                                                              "atanh",
                                                              "cos",
                                                              "cosh",
                                                              "day_of_month",
                                                              "day_of_week",
                                                              "day_of_year",
                                                              "days_in_month",
                                                              "deg",
                                                              "deriv",
                                                              "histogram_count",
                                                              "histogram_fraction",
                                                              "histogram_sum",
                                                              "holt_winters",
                                                              "hour",
                                                              "label_join",
                                                              "label_replace",
                                                              "minute",
                                                              "month",
                                                              "pi",
                                                              "predict_linear",
                                                              "rad",
                                                              "sin",
                                                              "sinh",
                                                              "sort",
                                                              "sort_desc",
                                                              "tan",
                                                              "tanh",
                                                              "year",
                                                              "topk",
                                                              "bottomk",
                                                              "count_values",
                                                              "limitk",
                                                              "mad_over_time",
                                                              "info"};
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

}  // namespace windtunnel::promql
