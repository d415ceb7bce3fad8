// Rows of one metric's proposal: Resource, Pods, Object, External.
#include "tests/conformance/hpa_rows.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// Values of pods the selector does not match; by name or in a list.
std::vector<HpaSample> read_strangers(const Fields& row) {
  std::vector<HpaSample> out;
  if (!row.has("superfluous_pod_metrics")) return out;
  const auto& given = row.at("superfluous_pod_metrics");
  if (!given.is_array() && !given.is_object()) throw MalformedRow(row.path() + ".superfluous_pod_metrics is no list");
  for (const auto& value : given) {
    out.push_back({.milli = whole_number(value, row.path() + ".superfluous_pod_metrics"), .at = kRowNow, .window = {}});
  }
  return out;
}

json results_of(const HpaProposal& proposal) {
  if (!proposal.valid()) return {{"error", true}};
  json out{{"replicas", proposal.replicas}};
  if (proposal.utilization_percent) out["utilization_percent"] = *proposal.utilization_percent;
  if (proposal.average_milli) out["average_milli"] = out["reported_average_milli"] = *proposal.average_milli;
  return out;
}

json from_pods(const Fields& row, HpaTargetKind kind) {
  HpaPodTarget target{.kind = kind, .percent = 0, .milli = 0, .cpu = row.text("resource", "") == "cpu"};
  if (kind == HpaTargetKind::utilization) {
    target.percent = row.count("target_utilization_percent");
  } else {
    target.milli = row.integer("target_milli");
  }
  return results_of(propose_from_pods(read_pods(row), read_strangers(row), target, row.count("spec_replicas"),
                                      read_tolerance(row), kRowNow, read_start_up_flags(row)));
}

json from_value(const Fields& row) {
  std::int64_t pods = row.integer("running_and_ready_pods", 0), ready = pods;
  if (row.has("pod_states")) {
    pods = static_cast<std::int64_t>(row.list("pod_states").size());
    if (!row.has("running_and_ready_pods")) {
      for (const auto& state : row.list("pod_states")) ready += state == "ready" ? 1 : 0;
    }
  }
  return results_of(propose_from_value(row.integer("usage_milli"), row.integer("target_milli"),
                                       row.count("spec_replicas"), pods, ready, read_tolerance(row)));
}

json from_average(const Fields& row) {
  return results_of(propose_from_average(row.integer("usage_milli"), row.integer("target_milli"),
                                         row.count("status_replicas"), read_tolerance(row)));
}

}  // namespace

void add_hpa_proposals(Registry& registry) {
  for (const char* kind : {"Resource/Utilization", "ContainerResource/Utilization"}) {
    registry[kind] = [](const Fields& row) { return from_pods(row, HpaTargetKind::utilization); };
  }
  for (const char* kind : {"Resource/AverageValue", "ContainerResource/AverageValue", "Pods/AverageValue"}) {
    registry[kind] = [](const Fields& row) { return from_pods(row, HpaTargetKind::average_value); };
  }
  for (const char* kind : {"Object/Value", "External/Value"}) registry[kind] = from_value;
  for (const char* kind : {"Object/AverageValue", "External/AverageValue"}) registry[kind] = from_average;
}

}  // namespace windtunnel::conformance
