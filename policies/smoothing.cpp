#include "policies/smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/core/error.hpp"

namespace windtunnel {

int whole_replicas(double wanted) {
  SIM_CHECK(!std::isnan(wanted), "a policy wanted NaN replicas");
  const double rounded_up = std::ceil(wanted * (1 - 1e-9));
  return static_cast<int>(std::clamp(rounded_up, 0.0, static_cast<double>(kMostReplicas)));
}

std::vector<Param> with_smoothing(std::vector<Param> own, std::string_view tolerance, std::string_view source) {
  own.push_back({.name = "tolerance",
                 .type = ParamType::number,
                 .doc = "relative distance from the target within which the current count is kept; 0: none",
                 .fallback = tolerance,
                 .min = 0,
                 .max = 10,
                 .source = source});
  own.push_back({.name = "scale_down_after",
                 .type = ParamType::duration,
                 .doc = "stabilization window: the count falls to the highest wanted within it",
                 .fallback = "0s",
                 .min = 0,
                 .source = "[A] none, so that the rule itself is seen; Kubernetes' own default is 300 s [S]"});
  return own;
}

Smoothing::Smoothing(const ParamSet& params)
    : tolerance_(params.number("tolerance")), scale_down_after_(params.duration("scale_down_after")) {}

ScalingDecision Smoothing::settle(const Observation& seen, const Proposal& proposal) {
  const double ratio = proposal.value / proposal.target;
  ScalingDecision decision;
  decision.value = proposal.value;
  if (tolerance_ > 0 && seen.current_replicas > 0 && 1 - tolerance_ <= ratio && ratio <= 1 + tolerance_) {
    decision.desired_replicas = seen.current_replicas;
    decision.reason = "within tolerance";
  } else {
    decision.desired_replicas = whole_replicas(proposal.wanted);
    decision.reason = ratio > 1 ? "above target" : ratio < 1 ? "below target" : "at target";
  }
  if (decision.desired_replicas < 1 && seen.backlog > 0) {
    decision.desired_replicas = 1;
    decision.reason = "one replica for the backlog";
  }
  const int held = stabilized(seen, decision.desired_replicas);
  if (held != decision.desired_replicas) {
    decision.desired_replicas = held;
    decision.reason = "held by scale_down_after";
  }
  return decision;
}

ScalingDecision Smoothing::settle_ratio(const Observation& seen, double value, double target) {
  if (std::isnan(value)) return keep(seen, "no sample");
  if (seen.ready_replicas < 1) return keep(seen, "no ready replica", value);
  return settle(seen, {.value = value, .target = target, .wanted = seen.ready_replicas * (value / target)});
}

ScalingDecision Smoothing::keep(const Observation& seen, std::string_view reason, double value) {
  const int at_least = seen.backlog > 0 ? 1 : 0;
  return {.desired_replicas = std::max(seen.current_replicas, at_least), .reason = std::string(reason), .value = value};
}

int Smoothing::stabilized(const Observation& seen, int desired) {
  if (scale_down_after_ <= Duration::zero()) return desired;
  const Duration now = to_duration(seen.now_s);
  const auto record = [&](int count) {
    while (!recent_.empty() && recent_.back().desired <= count) recent_.pop_back();
    recent_.push_back({now, count});
  };
  if (recent_.empty()) record(seen.current_replicas);
  while (!recent_.empty() && recent_.front().at <= now - scale_down_after_) recent_.pop_front();
  record(desired);
  if (desired >= seen.current_replicas) return desired;
  return std::min(seen.current_replicas, recent_.front().desired);
}

}  // namespace windtunnel
