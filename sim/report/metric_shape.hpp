// Which names a scenario's summary has: what a metric's path is checked against.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// Every key the merged summary of this scenario will have. Its values mean nothing, but for null: what this scenario
/// never measures. It is the summary of a made-up run under the scenario's own names, so it cannot drift from real
/// ones.
nlohmann::ordered_json summary_shape(const Scenario& scenario);

/// The keys of a block, half-widths left out; the indices of a list.
std::vector<std::string> metric_names(const nlohmann::ordered_json& block);

/// The first figure whose path ends in ".<tail>", one of the totals if there is one; or empty.
std::string metric_ending_in(const nlohmann::ordered_json& shape, std::string_view tail);

}  // namespace windtunnel
