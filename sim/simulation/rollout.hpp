// A Deployment's rolling update: pods of an older template give way to those of the newest, a few at a time. Old ones
// drain as in any deletion, new ones start cold, and both hold their GPU meanwhile.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The model's newest template is to be everybody's.
void begin_rollout(World& world, ModelState& model);
/// A pod of the model became ready, was lost or went: where it is being rolled out, the next step is looked for.
void rollout_moved(World& world, ModelState& model);
/// Creates and deletes what the limits allow now.
void step_rollout(World& world, ModelState& model);

}  // namespace windtunnel
