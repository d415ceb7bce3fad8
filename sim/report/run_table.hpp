// The table that `run` shows: a view of one summary.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace windtunnel {

/// What repeats the run, then queries, kills and cost for each pipeline and model, totals and notes. Lines of at most
/// 80 columns. With replications each row is followed by the half widths of its 95 % intervals.
std::string run_table(const nlohmann::ordered_json& summary);

}  // namespace windtunnel
