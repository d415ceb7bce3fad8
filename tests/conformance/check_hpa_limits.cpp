// Rows of the windows, the rate limits and the scale events.
#include "tests/conformance/hpa_rows.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

ScaleEvents read_events(const Fields& row, const std::string& name) {
  ScaleEvents events;
  if (!row.has(name)) return events;
  for (const auto& [change, age] : row.aged(name)) {
    events.push_back({.change = change, .at = kRowNow - age, .outdated = false});
  }
  return events;
}

HpaRecords read_records(const Fields& row) {
  HpaRecords records;
  for (const auto& [value, age] : row.aged("records_value_age_s")) {
    records.push_back({.replicas = value, .at = kRowNow - age});
  }
  return records;
}

json stabilised(std::int32_t replicas, const HpaRecords& records) {
  json values = json::array(), pairs = json::array();
  for (const auto& record : records) {
    values.push_back(record.replicas);
    pairs.push_back(json::array({record.replicas, to_seconds(kRowNow - record.at)}));
  }
  return {{"replicas", replicas}, {"record_values_after", values}, {"records_after", pairs}};
}

json limited(const LimitedReplicas& limit) {
  return {{"replicas", limit.replicas}, {"reason", limit.reason}};
}

json check_legacy_rate(const Fields& row) {
  return limited(limit_legacy(row.count("current"), row.count("desired"), row.count("min"), row.count("max")));
}

json check_legacy_stabilize(const Fields& row) {
  auto records = read_records(row);
  const auto replicas = stabilise_legacy(records, row.count("proposal"), row.seconds("window_s"), kRowNow);
  return stabilised(replicas, records);
}

json check_behavior_rate(const Fields& row) {
  const HpaBehavior behavior = fill_behavior(read_rules(row.object("scale_up")), read_rules(row.object("scale_down")));
  return limited(limit_behavior(row.count("current"), row.count("desired"), row.count("min"), row.count("max"),
                                behavior, read_events(row, "scale_up_events_change_age_s"),
                                read_events(row, "scale_down_events_change_age_s"), kRowNow));
}

json check_behavior_stabilize(const Fields& row) {
  auto records = read_records(row);
  const auto replicas =
      stabilise_behavior(records, row.count("current"), row.count("proposal"), row.seconds("scale_up_window_s"),
                         row.seconds("scale_down_window_s"), kRowNow);
  return stabilised(replicas, records);
}

/// Stored as the controller does it: through a rescale of a spec whose up policies have the row's longest period.
json check_store_event(const Fields& row) {
  HpaSpec spec;
  if (row.boolean("behavior_present")) {
    const HpaRatePolicy policy{
        .type = HpaPolicyType::pods, .value = 1, .period = row.seconds("longest_policy_period_s")};
    HpaRulesGiven up;
    up.policies = std::vector{policy};
    spec.behavior = fill_behavior(up, {});
  }
  HpaMemory memory;
  memory.ups = read_events(row, "events_change_age_s");
  json out;
  if (row.has("sum_over_last_s")) {
    out["sum_before"] = changed_within(memory.ups, row.seconds("sum_over_last_s"), kRowNow);
  }
  remember_scale(spec, memory, 0, row.count("new_change"), kRowNow);
  out["changes_after"] = json::array();
  for (const auto& event : memory.ups) out["changes_after"].push_back(event.change);
  return out;
}

}  // namespace

void add_hpa_limits(Registry& registry) {
  registry["legacy_rate_and_bounds"] = check_legacy_rate;
  registry["legacy_stabilize"] = check_legacy_stabilize;
  registry["behavior_rate_and_bounds"] = check_behavior_rate;
  registry["behavior_stabilize"] = check_behavior_stabilize;
  registry["store_scale_event"] = check_store_event;
}

}  // namespace windtunnel::conformance
