// Paths of figures in summary.json: which of them a scenario has, and what a summary says there.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

#include "sim/core/error.hpp"
#include "sim/report/figure.hpp"

namespace windtunnel {

/// Checks that a figure stands at `path`, one that is measured anew by each replication.
/// @param shape  of the scenario, from summary_shape()
/// @return an Error with empty `where`: what is wrong with the path, and the nearest one that is right
Result<bool> check_metric_path(const nlohmann::ordered_json& shape, std::string_view path);

/// The figure at a path that is right for this summary's scenario. Exit codes and reasons that no replication saw are
/// 0; NaN where nothing was measured.
Figure metric_at(const nlohmann::ordered_json& summary, std::string_view path);

}  // namespace windtunnel
