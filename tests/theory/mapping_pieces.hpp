// What the mappings of all families are put together from.
#pragma once

#include <span>
#include <string>

#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"

namespace windtunnel::theory {

/// Arrivals as a scenario writes them, "{process: poisson, rate: 5/s}".
std::string arrivals_yaml(Fields fields);
/// `initial` says where a run starts. A long-run value does not depend on it, so every run starts empty.
void skip_initial(Fields& fields);
/// The line "thresholds: {...}" that the job_cdf rows need; empty if none does.
std::string thresholds_yaml(const OracleCase& oracle);
/// A cluster of so many GPUs, one replica each.
std::string pool_yaml(int gpus);
/// A whole number from 1 to 100000.
int positive(Fields& fields, const std::string& name);
/// Slices and switches as parameters of time_slicing: "form: quantum, slice: 0.02s, switch_cost: 0.001s".
std::string turns_yaml(Fields& fields);

/// A family's rule.
struct FamilyRule {
  const char* family;
  System (*map)(const OracleCase&);
  const char* kind = "steady_state";
};
std::span<const FamilyRule> sharing_families();
std::span<const FamilyRule> fault_families();
std::span<const FamilyRule> scaling_families();
std::span<const FamilyRule> transient_families();
std::span<const FamilyRule> queue_families();

}  // namespace windtunnel::theory
