#include "policies/composition/parts.hpp"

namespace windtunnel {
namespace {

/// Whether a window means anything to it.
bool uses_window(const SignalNeeds& needs) {
  return needs.response_time || needs.throughput || needs.processing_time || needs.arrival_rate;
}

}  // namespace

std::vector<NamedPolicy> make_parts(const PolicyParts& parts) {
  std::vector<NamedPolicy> out;
  for (const PolicyPart& part : parts.parts) out.push_back({part.entry->name, part.entry->make(part.params)});
  return out;
}

SignalNeeds needs_of_all(const std::vector<NamedPolicy>& parts) {
  SignalNeeds all;
  for (const auto& part : parts) {
    const SignalNeeds one = part.policy->needs();
    if (uses_window(one)) all.window = one.window;
    if (one.response_time) all.response_quantile = one.response_quantile;
    all.response_time = all.response_time || one.response_time;
    all.throughput = all.throughput || one.throughput;
    all.arrival_rate = all.arrival_rate || one.arrival_rate;
    all.processing_time = all.processing_time || one.processing_time;
    all.gpu = all.gpu || one.gpu;
    all.metrics = all.metrics || one.metrics;
  }
  return all;
}

std::string parts_conflict(const PolicyParts& parts) {
  const auto made = make_parts(parts);
  const SignalNeeds all = needs_of_all(made);
  for (const auto& part : made) {
    const SignalNeeds one = part.policy->needs();
    const std::string name(part.name);
    if (uses_window(one) && one.window != all.window)
      return name + " looks back over another window than its neighbours; give all of them the same window";
    if (one.response_time && one.response_quantile != all.response_quantile)
      return name + " asks for another statistic of the response time; give all of them the same statistic";
    if (part.policy->poll_interval())
      return name + " has a second loop of its own, which a composition does not run; use it alone";
  }
  return {};
}

WrappedPolicy::WrappedPolicy(const ParamSet& params) : inner_(make_parts(params.made<PolicyParts>("of"))) {}

ScalingDecision WrappedPolicy::ask(const Observation& seen) {
  ScalingDecision decision = inner_.front().policy->decide(seen);
  decision.reason = std::string(inner_.front().name) + ": " + decision.reason;
  return decision;
}

Param WrappedPolicy::of_param() {
  return {.name = "of", .type = ParamType::block, .doc = "the policy whose wish is changed: {policy: ..., ...}"};
}

ScalingDecision changed(ScalingDecision decision, int desired, std::string_view why) {
  if (desired == decision.desired_replicas) return decision;
  if (!decision.proposed) decision.proposed = decision.desired_replicas;
  decision.desired_replicas = desired;
  decision.limits += (decision.limits.empty() ? "" : ", ") + std::string(why);
  return decision;
}

}  // namespace windtunnel
