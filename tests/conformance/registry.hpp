// Which rule a row exercises: its `op`, or its `metric` where it has none. Never its id.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "tests/conformance/fields.hpp"

namespace windtunnel::conformance {

/// Runs the row's inputs through the simulator's own functions and returns the results under the names of `expect`. For
/// a row with evaluated steps: a list with one entry a step, null where a step has nothing to expect. A checker never
/// looks at `expect`.
using Checker = std::function<nlohmann::json(const Fields& row)>;
using Registry = std::map<std::string, Checker, std::less<>>;

void add_hpa_proposals(Registry& registry);
void add_hpa_limits(Registry& registry);
void add_hpa_controller(Registry& registry);
void add_keda(Registry& registry);
void add_kpa(Registry& registry);
void add_aws(Registry& registry);
void add_pods(Registry& registry);
void add_nodes(Registry& registry);

/// Every rule there is a checker for.
[[nodiscard]] Registry all_checkers();

}  // namespace windtunnel::conformance
