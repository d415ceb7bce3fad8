#include "policies/composition/hysteresis.hpp"

#include <algorithm>

namespace windtunnel {

std::vector<Param> HysteresisPolicy::params() {
  const auto share = [](std::string_view name, std::string_view doc, double max) {
    return Param{.name = name,
                 .type = ParamType::number,
                 .doc = doc,
                 .fallback = "0.1",
                 .min = 0,
                 .max = max,
                 .source = "[S] the horizontal autoscaler's tolerance"};
  };
  const auto window = [](std::string_view name, std::string_view doc, std::string_view fallback,
                         std::string_view source) {
    return Param{
        .name = name, .type = ParamType::duration, .doc = doc, .fallback = fallback, .min = 0, .source = source};
  };
  return {of_param(), share("up", "share of the count a wish must be above it; 0: any", 10),
          share("down", "share of the count a wish must be below it; 0: any", 1),
          window("up_after", "the count rises to the lowest wish within it", "0s", "[S] the horizontal autoscaler's"),
          window("down_after", "the count falls to the highest wish within it", "5m",
                 "[S] the horizontal autoscaler's scale-down window")};
}

HysteresisPolicy::HysteresisPolicy(const ParamSet& params)
    : WrappedPolicy(params),
      up_(params.number("up")),
      down_(params.number("down")),
      up_after_s_(params.number("up_after")),
      down_after_s_(params.number("down_after")) {}

ScalingDecision HysteresisPolicy::decide(const Observation& seen) {
  ScalingDecision decision = ask(seen);
  const int count = seen.current_replicas;
  const double longest_s = std::max(up_after_s_, down_after_s_);
  if (recent_.empty()) recent_.push_back({seen.now_s, count});  // a start is held, too
  while (!recent_.empty() && recent_.front().at_s <= seen.now_s - longest_s) recent_.pop_front();
  recent_.push_back({seen.now_s, decision.desired_replicas});
  int lowest = decision.desired_replicas, highest = decision.desired_replicas;
  for (const Wish& wish : recent_) {
    if (wish.at_s > seen.now_s - up_after_s_) lowest = std::min(lowest, wish.desired);
    if (wish.at_s > seen.now_s - down_after_s_) highest = std::max(highest, wish.desired);
  }
  if (decision.desired_replicas > count) {
    if (decision.desired_replicas <= count * (1 + up_)) return changed(std::move(decision), count, "within up");
    return changed(std::move(decision), std::max(count, lowest), "up_after");
  }
  if (decision.desired_replicas < count) {
    if (decision.desired_replicas >= count * (1 - down_)) return changed(std::move(decision), count, "within down");
    return changed(std::move(decision), std::min(count, highest), "down_after");
  }
  return decision;
}

}  // namespace windtunnel
