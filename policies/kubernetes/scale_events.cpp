#include "policies/kubernetes/scale_events.hpp"

#include <algorithm>

namespace windtunnel {

Duration longest_period(std::span<const HpaRatePolicy> policies) {
  Duration longest{};
  for (const auto& policy : policies) longest = std::max(longest, policy.period);
  return longest;
}

std::int64_t changed_within(const ScaleEvents& events, Duration period, SimTime now) {
  std::int64_t sum = 0;
  for (const auto& event : events) {
    if (event.at > now - period) sum += event.change;
  }
  return sum;
}

void store_scale_event(ScaleEvents& events, std::int32_t change, Duration longest, SimTime now) {
  for (auto& event : events) {
    if (event.at < now - longest) event.outdated = true;
  }
  const auto old = std::find_if(events.rbegin(), events.rend(), [](const ScaleEvent& e) { return e.outdated; });
  if (old != events.rend()) {
    *old = {.change = change, .at = now};
  } else {
    events.push_back({.change = change, .at = now});
  }
}

}  // namespace windtunnel
