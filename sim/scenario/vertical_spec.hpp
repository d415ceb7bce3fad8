// What a scenario says about who sets a model's memory limits.
#pragma once

#include <optional>
#include <string>

#include "policies/vertical/memory_recommender.hpp"
#include "policies/vertical/rollout_steps.hpp"

namespace windtunnel {

/// off: recommends only. initial: pods get the recommendation when they are created. rolling_restart: and those that
/// are there are replaced when theirs is too far off.
enum class VerticalUpdate { off, initial, rolling_restart };

/// One entry of `vertical`, of one model.
struct VerticalSpec {
  std::string model;
  VerticalUpdate update = VerticalUpdate::off;
  std::optional<RecommenderSpec> host_memory, gpu_memory;  ///< those that are watched
  double limit_over_request = 1;                           ///< of main memory
  Duration scrape_interval = kRecommenderPeriod;
  Duration interval = kRecommenderPeriod;  ///< between looks at whether pods are to be replaced
  RolloutLimits rollout;
  double change = 0.1;                             ///< replaced for less only where a bound is passed
  Duration lifetime = std::chrono::hours(12);      ///< within the bounds, pods are left alone for so long
  Duration oom_within = std::chrono::minutes(10);  ///< killed so soon after its start, a container is reason enough
};

}  // namespace windtunnel
