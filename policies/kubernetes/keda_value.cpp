#include "policies/kubernetes/keda_value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "policies/kubernetes/hpa_number.hpp"

namespace windtunnel {

std::int64_t keda_metric_milli(double value) {
  constexpr double kMost = 9e15;  // below 2^63 thousandths
  if (!std::isfinite(value) || value <= 0) return 0;
  if (value >= kMost) return std::numeric_limits<std::int64_t>::max();
  // By way of the text, as there: the decimal nearest to the double, ties by its exact value.
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 3);
  std::int64_t milli = 0;
  for (const char* c = text.data(); c != written.ptr; ++c)
    if (*c != '.') milli = milli * 10 + (*c - '0');
  return milli;
}

std::int64_t keda_composite_milli(double value) {
  return std::isnan(value) ? 0 : to_milli(value * 1000);
}

}  // namespace windtunnel
