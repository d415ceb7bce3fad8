#include "policies/kubernetes/hpa_spec.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;

HpaScalingRules filled_rules(const HpaRulesGiven& given, std::optional<Duration> window,
                             std::vector<HpaRatePolicy> policies) {
  return {.window = given.window ? given.window : window,
          .select = given.select.value_or(HpaSelect::max),
          .policies = given.policies.value_or(std::move(policies)),
          .tolerance = given.tolerance};
}

}  // namespace

HpaBehavior fill_behavior(const HpaRulesGiven& up, const HpaRulesGiven& down) {
  const HpaRatePolicy four_pods{.type = HpaPolicyType::pods, .value = 4, .period = seconds(15)};
  const HpaRatePolicy double_it{.type = HpaPolicyType::percent, .value = 100, .period = seconds(15)};
  return {.up = filled_rules(up, Duration::zero(), {four_pods, double_it}),
          .down = filled_rules(down, std::nullopt, {double_it})};
}

HpaMetricSpec default_hpa_metric() {
  HpaMetricSpec cpu;
  cpu.name = "cpu";
  cpu.target_percent = 80;
  return cpu;
}

}  // namespace windtunnel
