// Whoever watches a model's memory and sets its limits: samples, recommendations, pod templates. rollout.hpp replaces
// the pods.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Before pods are created.
void start_vertical(World& world, ModelState& model, const VerticalSpec& spec);

/// Looks at every process of the model: nothing between two looks is seen.
void sample_memory(World& world, ModelState& model);
/// Compares pods with the recommendation, and begins to replace them where that is called for.
void review_limits(World& world, ModelState& model);
/// A process of the model was killed, or refused a batch, for a limit of its own; before its memory is given back.
void note_oom(World& world, ReplicaId replica, KillCause cause);
/// The pod is gone.
void forget_pod(World& world, const Replica& replica);

// What pods were created with; without an entry in `vertical`, what the model says.
PodRequests requests_of(const World& world, const Replica& replica);
Bytes host_limit_of(const World& world, const Replica& replica);
Bytes host_request_of(const World& world, const Replica& replica);
std::optional<Bytes> gpu_limit_of(const World& world, const Replica& replica);
/// The number of the template a new pod gets.
inline std::uint32_t newest_template(const ModelState& model) {
  return model.vertical == nullptr ? 0 : static_cast<std::uint32_t>(model.vertical->templates.size() - 1);
}

std::optional<VerticalResult> vertical_result(const World& world, const ModelState& model);

}  // namespace windtunnel
