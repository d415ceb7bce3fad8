// What scrapes see, what policies say, and what becomes of it.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Asks the model's policy, within min and max, and scales to what it says.
void decide(World& world, ModelState& model);
/// When the model's policy is asked first, and how long after each time again.
[[nodiscard]] SimTime first_decision(const World& world, const ModelState& model);
[[nodiscard]] Duration until_next_decision(const World& world, const ModelState& model);
/// The same for its second loop, where it has one.
void poll(World& world, ModelState& model);
/// Creates or drains replicas until `desired` are there that do not drain.
void scale_to(World& world, ModelState& model, int desired);
/// One sample of every series, into world.sample.
/// @param measured  counts towards the summary's sampled figures; false for what is only streamed to the observer
void sample(World& world, bool measured);
/// Names of all series, once.
void announce_series(World& world);

}  // namespace windtunnel
