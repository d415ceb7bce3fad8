#include "policies/knative/kpa_decider.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel {
namespace {

std::int32_t saturated(double value) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (!(value < static_cast<double>(Limits::max()))) return Limits::max();
  return value <= static_cast<double>(Limits::min()) ? Limits::min() : static_cast<std::int32_t>(value);
}

// Room left when the burst that is planned for comes on top of what is there.
std::int32_t excess_burst(const KpaSpec& spec, std::int32_t ready_pods, double panic) {
  if (spec.target_burst_capacity == 0) return 0;
  if (spec.target_burst_capacity < 0) return -1;
  return saturated(std::floor(ready_pods * spec.total - spec.target_burst_capacity - panic));
}

}  // namespace

KpaDecider::KpaDecider(const KpaSpec& spec, std::int32_t ready_pods, SimTime now) : spec_(spec) {
  if (ready_pods > 1) resume_panic(now, ready_pods);
}

void KpaDecider::resume_panic(SimTime began, std::int32_t most) {
  panic_began_ = began;
  panic_most_ = most;
}

KpaDecision KpaDecider::decide(double stable, double panic, std::int32_t ready_pods, SimTime now) {
  const double ready = std::max(1, ready_pods);
  const double most = std::ceil(spec_.max_scale_up_rate * ready);
  const double least = spec_.reachable ? std::floor(ready / spec_.max_scale_down_rate) : 0;
  const double by_stable = std::ceil(stable / spec_.target), by_panic = std::ceil(panic / spec_.target);
  const auto within = [&](double wanted) {
    std::int32_t pods = saturated(std::min(std::max(wanted, least), most));
    if (spec_.activation_scale > 1 && wanted > 0) pods = std::max(pods, spec_.activation_scale);
    return pods;
  };
  const std::int32_t calm = within(by_stable), hasty = within(by_panic);

  // Unclamped, over pods that are ready: pods on their way do not count (trap 23).
  const bool over = by_panic / ready >= spec_.panic_threshold;
  if (over) {
    panic_began_ = now;  // each crossing extends it
  } else if (panic_began_ && *panic_began_ + spec_.stable_window < now) {
    panic_began_.reset();
    panic_most_ = 0;
  }

  KpaDecision out;
  out.in_panic = panic_began_.has_value();
  out.desired = calm;
  if (out.in_panic) {  // never shrinks
    const std::int32_t wanted = std::max(calm, hasty);
    panic_most_ = std::max(panic_most_, wanted);
    out.shrink_held = panic_most_ > wanted;
    out.desired = panic_most_;
  }
  if (spec_.scale_down_delay > Duration::zero() && spec_.reachable) {
    const std::int32_t held = held_by_delay(out.desired, now);
    out.shrink_held = out.shrink_held || held > out.desired;
    out.desired = held;
  }
  out.excess_burst_capacity = excess_burst(spec_, ready_pods, panic);
  return out;
}

// The largest of the last ceil(delay / 2 s) buckets of 2 s, the present one included.
std::int32_t KpaDecider::held_by_delay(std::int32_t wanted, SimTime now) {
  const std::int64_t bucket = now.time_since_epoch() / kKpaTick;
  const std::int64_t buckets = (spec_.scale_down_delay + kKpaTick - Duration{1}) / kKpaTick;
  while (!wants_.empty() && wants_.back().pods <= wanted) wants_.pop_back();
  wants_.push_back({bucket, wanted});
  while (wants_.front().bucket <= bucket - buckets) wants_.pop_front();
  return wants_.front().pods;
}

}  // namespace windtunnel
