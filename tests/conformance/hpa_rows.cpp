#include "tests/conformance/hpa_rows.hpp"

namespace windtunnel::conformance {
namespace {

PodPhase read_phase(const Fields& pod) {
  const auto phase = pod.text("phase", "Running");
  if (phase == "Pending") return PodPhase::pending;
  if (phase == "Running") return PodPhase::running;
  if (phase == "Succeeded") return PodPhase::succeeded;
  if (phase == "Failed") return PodPhase::failed;
  throw MalformedRow(pod.path() + ".phase is \"" + phase + "\"");
}

HpaPod read_pod(const Fields& row) {
  HpaPod pod;
  pod.phase = read_phase(row);
  pod.deleting = row.boolean("deleting", false);
  if (row.has("ready_transition_age_s")) {
    pod.ready = row.boolean("ready");
    pod.ready_changed = kRowNow - row.seconds("ready_transition_age_s");
  }
  if (row.has("start_age_s")) pod.started = kRowNow - row.seconds("start_age_s");
  if (row.has("usage")) {
    pod.sample = HpaSample{.milli = row.integer("usage"),
                           .at = kRowNow - row.seconds("metric_age_s", Duration::zero()),
                           .window = row.seconds("metric_window_s", std::chrono::seconds(60))};
  }
  pod.request_milli = row.optional_integer("request");
  return pod;
}

HpaSelect read_select(const Fields& rules) {
  const auto select = rules.text("selectPolicy");
  if (select == "Max") return HpaSelect::max;
  if (select == "Min") return HpaSelect::min;
  if (select == "Disabled") return HpaSelect::disabled;
  throw MalformedRow(rules.path() + ".selectPolicy is \"" + select + "\"");
}

HpaRatePolicy read_rate_policy(const Fields& policy) {
  const auto type = policy.text("type");
  if (type != "Pods" && type != "Percent") throw MalformedRow(policy.path() + ".type is \"" + type + "\"");
  return {.type = type == "Pods" ? HpaPolicyType::pods : HpaPolicyType::percent,
          .value = policy.count("value"),
          .period = policy.seconds("periodSeconds")};
}

}  // namespace

HpaTolerance read_tolerance(const Fields& row) {
  const HpaFlags flags;
  return {.down = row.number("tolerance_down", flags.tolerance), .up = row.number("tolerance_up", flags.tolerance)};
}

HpaFlags read_start_up_flags(const Fields& row) {
  HpaFlags flags;
  flags.cpu_initialization_period = row.seconds("cpu_initialization_s", flags.cpu_initialization_period);
  flags.initial_readiness_delay = row.seconds("readiness_delay_s", flags.initial_readiness_delay);
  return flags;
}

std::vector<HpaPod> read_pods(const Fields& row) {
  std::vector<HpaPod> pods;
  for (const auto& pod : row.objects("pods")) pods.push_back(read_pod(pod));
  return pods;
}

HpaRulesGiven read_rules(const Fields& rules) {
  HpaRulesGiven out;
  if (rules.has("stabilizationWindowSeconds")) out.window = rules.seconds("stabilizationWindowSeconds");
  if (rules.has("selectPolicy")) out.select = read_select(rules);
  if (rules.has("tolerance")) out.tolerance = rules.number("tolerance");
  if (rules.has("policies")) {
    out.policies.emplace();
    for (const auto& policy : rules.objects("policies")) out.policies->push_back(read_rate_policy(policy));
  }
  return out;
}

HpaBehavior read_behavior(const Fields& behavior) {
  const auto direction = [&](const char* name) {
    return behavior.has(name) ? read_rules(behavior.object(name)) : HpaRulesGiven{};
  };
  return fill_behavior(direction("scaleUp"), direction("scaleDown"));
}

}  // namespace windtunnel::conformance
