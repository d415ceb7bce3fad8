// `rate_scale: {offered_load: 0.7}`: the factor that brings a recording to a share of the fleet's largest capacity.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// GPU-seconds a query of this size takes alone, in batches of one, host time left out, on the cluster's first GPU type
/// that serves the model. Pipelines add up over their stages.
double gpu_seconds(const Scenario& scenario, const std::string& target, double size);

/// The entry with its offered load turned into a factor, and a note that says so; unchanged when none is asked for.
/// Offered load = sum over queries of GPU-seconds / (recorded span * GPUs at the largest number of nodes).
/// @throws InputError when the recording has no span
WorkloadSpec with_factor(const Scenario& scenario, const WorkloadSpec& spec, std::vector<std::string>& notes);

}  // namespace windtunnel
