// The units of figures, as their names tell them, and figures with their units for people.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/figure.hpp"

namespace windtunnel {

enum class MetricUnit { plain, seconds, bytes, per_second, usd, hours };

/// From the nearest part of the path that ends in _s, _bytes, _per_s, _usd or _hours. Names of models, pipelines and
/// workloads say nothing about it.
MetricUnit metric_unit(std::string_view path);

/// Whether the figure counts things that happened in a run: queries, kills, restarts, rows.
bool is_count(std::string_view path);

/// "a duration", "a plain number", as messages call it.
std::string_view describe(MetricUnit unit);

/// "15 s", "16 GiB": as few digits as say it exactly, where they are not many.
std::string exact_text(double value, MetricUnit unit);

/// "0.32 s": three digits.
std::string amount_text(double value, MetricUnit unit);

/// "11.72 ±0.31 s": as many digits as the half-width tells, and as tell the value from the bound it is held against.
std::string measured_text(const Figure& figure, double bound, MetricUnit unit);

}  // namespace windtunnel
