// Rows of AWS step scaling and target tracking.
#include "policies/aws/step_scaling.hpp"
#include "policies/aws/target_tracking.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

json check_percent_step(const Fields& row) {
  std::vector<ScalingStep> steps;
  for (const auto& given : row.objects("steps")) {
    ScalingStep step;
    if (given.has("lower")) step.lower = given.number("lower");
    if (given.has("upper")) step.upper = given.number("upper");
    step.adjustment = given.number("percent");
    steps.push_back(step);
  }
  const std::int32_t capacity = row.count("capacity");
  const auto* step = find_step(steps, row.number("metric") - row.number("threshold"));
  if (step == nullptr) return {{"capacity", capacity}};
  return {{"capacity", stepped_capacity(capacity, StepAdjustment::percent_change_in_capacity, *step,
                                        row.count("min_adjustment_magnitude", 0))}};
}

json check_percent_rounding(const Fields& row) {
  return {{"change", round_percent_change(row.number("raw_change"))}};
}

json check_scale_out(const Fields& row) {
  return {{"capacity", proportional_capacity(row.count("capacity"), row.number("metric"), row.number("target"))}};
}

json check_backlog_per_instance(const Fields& row) {
  const std::int32_t running = row.count("running");
  const double backlog = backlog_per_instance(row.number("visible"), running);
  const double acceptable =
      acceptable_backlog_per_instance(row.number("acceptable_latency_s"), row.number("average_processing_s"));
  return {{"backlog_per_instance", backlog},
          {"acceptable_backlog_per_instance", acceptable},
          {"scale_out_by", proportional_capacity(running, backlog, acceptable) - running}};
}

}  // namespace

void add_aws(Registry& registry) {
  registry["percent_step"] = check_percent_step;
  registry["percent_rounding"] = check_percent_rounding;
  registry["target_tracking_scale_out"] = check_scale_out;
  registry["backlog_per_instance"] = check_backlog_per_instance;
}

}  // namespace windtunnel::conformance
