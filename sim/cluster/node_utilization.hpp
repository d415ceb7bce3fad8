// How full the cluster autoscaler takes a node to be, and for how long it has not been needed.
#pragma once

#include <algorithm>
#include <optional>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Of one resource of a node.
struct ResourceUse {
  double allocatable = 0, requested = 0;
  [[nodiscard]] double share() const { return allocatable > 0 ? requested / allocatable : 0; }
};

/// Kubernetes autoscaler, simulator/utilization: on a node with GPUs only what is requested of them counts, never what
/// runs on them; elsewhere the larger of CPU and memory.
inline double node_utilization(const std::optional<ResourceUse>& gpu, const ResourceUse& cpu,
                               const ResourceUse& memory) {
  return gpu ? gpu->share() : std::max(cpu.share(), memory.share());
}

/// At the threshold is below it.
inline bool is_underused(double utilization, double threshold) {
  return utilization <= threshold;
}

/// A node goes when it has been unneeded for longer than `time`, not at that time.
inline bool is_unneeded_for(SimTime since, SimTime now, Duration time) {
  return now - since > time;
}

}  // namespace windtunnel
