// Reads the spec of an autoscaling/v2 HorizontalPodAutoscaler: out of a scenario, out of a manifest, or KEDA's
// behavior.
#pragma once

#include <optional>
#include <string>

#include "policies/kubernetes/hpa_spec.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/policy_blocks.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// @param path  of `spec`, for messages
/// @param zero  what minReplicas 0 needs
/// @return nothing after a problem; all of them are in the list
std::optional<HpaSpec> read_hpa_spec(ProblemList& problems, const Node& spec, const std::string& path, HpaZero zero);

/// spec.behavior alone, which KEDA's horizontalPodAutoscalerConfig has too.
std::optional<HpaBehavior> read_hpa_behavior(ProblemList& problems, const Node& behavior, const std::string& path);

/// One entry of spec.metrics.
std::optional<HpaMetricSpec> read_hpa_metric(ProblemList& problems, const Node& metric, const std::string& path);

/// The block reader of policy hpa (policy_blocks.cpp).
std::optional<ReplicaLimits> read_hpa_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                             Block& block);

}  // namespace windtunnel
