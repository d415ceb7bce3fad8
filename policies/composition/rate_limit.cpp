#include "policies/composition/rate_limit.hpp"

#include <algorithm>

#include "policies/smoothing.hpp"

namespace windtunnel {

std::vector<Param> RateLimitPolicy::params() {
  const auto limit = [](std::string_view name, std::string_view doc, std::string_view fallback,
                        std::string_view source) {
    return Param{.name = name,
                 .type = ParamType::integer,
                 .doc = doc,
                 .fallback = fallback,
                 .min = 0,
                 .max = kMostReplicas,
                 .source = source,
                 .unit = "replicas"};
  };
  const auto period = [](std::string_view name, std::string_view doc, std::string_view fallback,
                         std::string_view source) {
    return Param{.name = name,
                 .type = ParamType::duration,
                 .doc = doc,
                 .fallback = fallback,
                 .min = 0,
                 .min_exclusive = true,
                 .source = source};
  };
  return {
      of_param(),
      limit("up", "added within up_period at most; 0: none at all", "4", "[S] the horizontal autoscaler's 4 in 15 s"),
      period("up_period", "sliding period of up", "15s", "[S] the same"),
      limit("down", "removed within down_period at most; 0: none at all", "1000000",
            "[S] the horizontal autoscaler's 100 % in 15 s"),
      period("down_period", "sliding period of down", "15s", "[S] the same")};
}

RateLimitPolicy::RateLimitPolicy(const ParamSet& params)
    : WrappedPolicy(params),
      up_(params.integer("up")),
      down_(params.integer("down")),
      up_period_s_(params.number("up_period")),
      down_period_s_(params.number("down_period")) {}

int RateLimitPolicy::changed_within(double now_s, double period_s, bool up) const {
  int sum = 0;
  for (const Change& change : changes_)
    if (change.at_s > now_s - period_s && (change.by > 0) == up) sum += std::abs(change.by);
  return sum;
}

ScalingDecision RateLimitPolicy::decide(const Observation& seen) {
  ScalingDecision decision = ask(seen);
  const int count = seen.current_replicas;
  const double longest_s = std::max(up_period_s_, down_period_s_);
  while (!changes_.empty() && changes_.front().at_s <= seen.now_s - longest_s) changes_.pop_front();
  const int more = std::max(0, up_ - changed_within(seen.now_s, up_period_s_, true));
  const int fewer = std::max(0, down_ - changed_within(seen.now_s, down_period_s_, false));
  const int desired = std::clamp(decision.desired_replicas, std::max(0, count - fewer), count + more);
  if (desired != count) changes_.push_back({seen.now_s, desired - count});
  const bool held_back = decision.desired_replicas > desired;
  return changed(std::move(decision), desired, held_back ? "up within up_period" : "down within down_period");
}

}  // namespace windtunnel
