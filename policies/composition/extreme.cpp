#include "policies/composition/extreme.hpp"

namespace windtunnel {

std::vector<Param> ExtremePolicy::params() {
  return {{.name = "policies", .type = ParamType::block, .doc = "list of policies, each {policy: ..., ...}"}};
}

ExtremePolicy::ExtremePolicy(const ParamSet& params, bool largest)
    : parts_(make_parts(params.made<PolicyParts>("policies"))), largest_(largest) {}

// All of them are asked, whoever wins: each keeps its own windows.
ScalingDecision ExtremePolicy::decide(const Observation& seen) {
  ScalingDecision best;
  std::string inputs;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    ScalingDecision one = parts_[i].policy->decide(seen);
    if (i > 0) inputs.push_back(' ');
    inputs.append(parts_[i].name).append("=").append(std::to_string(one.desired_replicas));
    const bool wins = i == 0 || (largest_ ? one.desired_replicas > best.desired_replicas
                                          : one.desired_replicas < best.desired_replicas);
    if (!wins) continue;
    best = std::move(one);
    best.reason = std::string(parts_[i].name) + ": " + best.reason;
  }
  best.inputs = inputs;
  return best;
}

std::string ExtremePolicy::closing_note() const {
  std::string out;
  for (const auto& part : parts_)
    if (const auto note = part.policy->closing_note(); !note.empty()) out += (out.empty() ? "" : "; ") + note;
  return out;
}

}  // namespace windtunnel
