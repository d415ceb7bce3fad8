// Policies inside a policy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policies/policy.hpp"

namespace windtunnel {

/// One policy of a composition, read and checked.
struct PolicyPart {
  const PolicyEntry* entry = nullptr;
  ParamSet params;
};

/// The block `policies` or `of` of a composition.
struct PolicyParts final : MadeBlock {
  std::vector<PolicyPart> parts;
};

/// A part with its name, for reasons.
struct NamedPolicy {
  std::string_view name;
  std::unique_ptr<ScalingPolicy> policy;
};
std::vector<NamedPolicy> make_parts(const PolicyParts& parts);

/// What all of them together ask for.
SignalNeeds needs_of_all(const std::vector<NamedPolicy>& parts);
/// Why they cannot stand together: two windows or statistics for one signal, or a second loop; empty: they can.
std::string parts_conflict(const PolicyParts& parts);

/// A composition of one: asks the inner policy and changes what it wants.
class WrappedPolicy : public ScalingPolicy {
 public:
  explicit WrappedPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override { return needs_of_all(inner_); }
  [[nodiscard]] std::optional<Duration> default_interval() const override {
    return inner_.front().policy->default_interval();
  }
  [[nodiscard]] std::string closing_note() const override { return inner_.front().policy->closing_note(); }

 protected:
  ScalingDecision ask(const Observation& seen);
  /// The parameter `of`, first in the table of each.
  static Param of_param();

 private:
  std::vector<NamedPolicy> inner_;
};

/// Says in the decision what became of the proposal, and why.
ScalingDecision changed(ScalingDecision decision, int desired, std::string_view why);

}  // namespace windtunnel
