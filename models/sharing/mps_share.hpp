// What the Kubernetes device plugin gives one of several MPS clients of a GPU.
#pragma once

#include "sim/core/units.hpp"

namespace windtunnel {

struct MpsShare {
  Bytes memory_limit{};      ///< pinned device memory, whole MiB
  int thread_percent = 100;  ///< CUDA_MPS_ACTIVE_THREAD_PERCENTAGE
};

/// Equal shares, both truncated (NVIDIA k8s-device-plugin, cmd/mps-control-daemon).
/// @param clients  at least 1
constexpr MpsShare mps_share(Bytes total, int clients) {
  return {Bytes{total.value / kMiB / clients * kMiB}, 100 / clients};
}

}  // namespace windtunnel
