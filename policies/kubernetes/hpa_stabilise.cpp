#include "policies/kubernetes/hpa_stabilise.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

/// Over the last slot that is strictly older than `cutoff`, else at the end.
void store_record(HpaRecords& records, std::int32_t proposal, SimTime cutoff, SimTime now) {
  const auto old = std::find_if(records.rbegin(), records.rend(), [&](const HpaRecord& r) { return r.at < cutoff; });
  if (old != records.rend()) {
    *old = {.replicas = proposal, .at = now};
  } else {
    records.push_back({.replicas = proposal, .at = now});
  }
}

}  // namespace

std::int32_t stabilise_legacy(HpaRecords& records, std::int32_t proposal, Duration window, SimTime now) {
  const SimTime cutoff = now - window;
  std::int32_t highest = proposal;
  for (const auto& record : records) {
    if (record.at >= cutoff) highest = std::max(highest, record.replicas);
  }
  store_record(records, proposal, cutoff, now);
  return highest;
}

std::int32_t stabilise_behavior(HpaRecords& records, std::int32_t current, std::int32_t proposal, Duration up_window,
                                Duration down_window, SimTime now) {
  std::int32_t up = proposal, down = proposal;
  for (const auto& record : records) {
    if (record.at > now - up_window) up = std::min(up, record.replicas);
    if (record.at > now - down_window) down = std::max(down, record.replicas);
  }
  store_record(records, proposal, now - std::max(up_window, down_window), now);
  std::int32_t out = current;
  if (out < up) out = up;
  if (out > down) out = down;
  return out;
}

}  // namespace windtunnel
