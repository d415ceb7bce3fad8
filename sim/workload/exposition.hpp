// A line of Prometheus' text format.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace windtunnel {

using MetricLabels = std::vector<std::pair<std::string, std::string>>;  ///< in the order of the line

struct ExpositionSample {
  std::string name;
  MetricLabels labels;
  double value = 0;               ///< NaN and infinities included
  std::optional<double> at_ms{};  ///< the line's own stamp, OpenMetrics' seconds too; mostly there is none
};

/// Reads `NAME{label="value",...} number [milliseconds]`. @return what is wrong with the line, or empty
std::string_view parse_exposition(std::string_view line, ExpositionSample& out);

/// True for a comment of that format or a line that parse_exposition() takes.
bool looks_like_exposition(std::string_view line);

/// A number as Prometheus writes it: also NaN, +Inf, -Inf. Empty if it is none.
std::optional<double> prometheus_number(std::string_view text);

}  // namespace windtunnel
