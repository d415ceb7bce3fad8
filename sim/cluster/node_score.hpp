// How the default scheduler rates the nodes on which a pod fits, by what is requested of them.
#pragma once

#include <cstdint>
#include <span>

namespace windtunnel {

/// One resource of one node. Quantities are integers: milli-CPUs, bytes, GPU slots.
struct NodeResource {
  std::int64_t allocatable = 0;
  std::int64_t requested = 0;  ///< by the pods on it and the new one
  std::int64_t weight = 1;
};

/// A point of the function from utilization (percent) to score (0 to 10); straight lines between, flat beyond.
struct ScorePoint {
  std::int64_t utilization = 0, score = 0;
};

/// All 0 to 100, in integer arithmetic (Kubernetes, pkg/scheduler/framework/plugins/noderesources). A resource of which
/// the node has nothing is left out; with nothing left the score is 0.
std::int64_t score_least_allocated(std::span<const NodeResource> resources);
std::int64_t score_most_allocated(std::span<const NodeResource> resources);
/// Only resources that score above 0 are weighted; the mean is rounded.
/// @param shape  at least one point, utilization ascending
std::int64_t score_requested_to_capacity(std::span<const NodeResource> resources, std::span<const ScorePoint> shape);

/// What a pod without requests counts as for scores (not for whether it fits).
inline constexpr std::int64_t kUnstatedMilliCpu = 100, kUnstatedMemory = 200LL << 20;

}  // namespace windtunnel
