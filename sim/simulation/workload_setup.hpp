// Where queries come from, and to whom they go.
#pragma once

#include <map>
#include <string>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// A workload with its source and its clients; its first arrival is known afterwards. @param ids  models by name
void add_workload(World& world, const WorkloadSpec& spec, const std::map<std::string, ModelId>& ids);

}  // namespace windtunnel
