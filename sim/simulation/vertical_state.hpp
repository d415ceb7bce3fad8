// Memory limits that change while a model runs: what each pod was created with, and what its recommenders know.
#pragma once

#include <optional>
#include <vector>

#include "policies/vertical/memory_recommender.hpp"
#include "sim/scenario/vertical_spec.hpp"
#include "sim/serving/pod_spec.hpp"

namespace windtunnel {

/// What a pod gets at its creation, and keeps.
struct PodTemplate {
  PodRequests requests;
  Bytes host_limit{};              ///< 0: none
  Bytes host_request{};            ///< what the kernel takes off its use where a node is full
  std::optional<Bytes> gpu_limit;  ///< none: the pool's default
};

/// Of a model with an entry in `vertical`.
struct VerticalState {
  const VerticalSpec* spec = nullptr;
  std::vector<PodTemplate> templates;  ///< the last is the one new pods get
  std::optional<MemoryRecommender> host, gpu;
  SimTime changed{};          ///< the last template's
  bool quick_oom = false;     ///< since then, a container was killed soon after its start
  bool rolling = false;       ///< some pods are of an older template and are being replaced
  bool step_pending = false;  ///< a rollout_due is on its way
  std::uint64_t changes = 0, replaced = 0;
};

}  // namespace windtunnel
