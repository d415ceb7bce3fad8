// Makes policies by name and observations by field, as tests need them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "policies/policy.hpp"
#include "tests/core/default_params.hpp"

namespace windtunnel::testing_support {

inline const PolicyEntry& policy_entry(std::string_view name) {
  const auto* entry = find_entry(policy_registry(), name);
  if (entry == nullptr) throw std::runtime_error("no policy " + std::string(name));
  return *entry;
}

inline ParamSet policy_params(std::string_view name, const Given& given = {}) {
  return params_of(policy_entry(name).params, given);
}

inline std::unique_ptr<ScalingPolicy> policy(std::string_view name, const Given& given = {}) {
  return policy_entry(name).make(policy_params(name, given));
}

inline Observation with_backlog(Observation o, double queued, double in_service) {
  o.queued = queued;
  o.in_service = in_service;
  o.backlog = queued + in_service;
  return o;
}

/// `current` replicas, `ready` of them ready, no load, and no sample of anything windowed.
inline Observation seen(int current, int ready) {
  Observation o;
  o.current_replicas = current;
  o.ready_replicas = ready;
  return with_backlog(o, 0, 0);
}

}  // namespace windtunnel::testing_support
