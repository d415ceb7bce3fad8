#include "sim/report/metric_shape.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "sim/report/summary.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

std::vector<ThresholdCount> thresholds_of(const std::vector<Duration>& at) {
  std::vector<ThresholdCount> out;
  for (const Duration t : at) out.push_back({.at_s = to_seconds(t), .at_or_below = 0});
  return out;
}

/// One query went through: whatever has a target or thresholds was measured.
SloResult slo_of(const SloSpec& slo) {
  return {.has_target = slo.response_time.has_value(), .target_s = 1, .met = 1, .ended = 1};
}

ModelResult model_of(const ModelSpec& spec) {
  ModelResult out;
  out.name = spec.name;
  out.queries.completed = 1;
  for (Histogram* histogram : {&out.response_time, &out.queueing_delay, &out.service_time})
    histogram->record(to_duration(1));
  out.slowdown_sum = spec.thresholds.empty() && spec.queueing_thresholds.empty() ? 0 : 1;
  out.response_thresholds = thresholds_of(spec.thresholds);
  out.queueing_thresholds = thresholds_of(spec.queueing_thresholds);
  out.slo = slo_of(spec.slo);
  out.has_faults = spec.faults.any();
  out.cold_start.starts = 1;
  out.scale_up.events = 1;
  return out;
}

VerticalResult vertical_of(const VerticalSpec& spec) {
  VerticalResult out;
  const MemoryResult known{
      .seen = {1}, .limit = {1}, .target = {1}, .lower = {1}, .upper = {1}, .samples = 1, .peaks = {}};
  if (spec.host_memory) out.host = known;
  if (spec.gpu_memory) out.gpu = known;
  return out;
}

PipelineResult pipeline_of(const PipelineSpec& spec) {
  PipelineResult out;
  out.name = spec.name;
  out.queries.completed = 1;
  out.response_time.record(to_duration(1));
  out.response_thresholds = thresholds_of(spec.thresholds);
  out.slo = slo_of(spec.slo);
  return out;
}

bool collect_ending(const Json& at, const std::string& path, const std::string& tail, std::string& found) {
  if (!at.is_structured()) {
    if (path.ends_with(tail)) found = path;
    return !found.empty();
  }
  for (const std::string& name : metric_names(at)) {
    const Json& next = at.is_array() ? at[std::stoul(name)] : at[name];
    if (collect_ending(next, join_path(path, name), tail, found)) return true;
  }
  return false;
}

}  // namespace

Json summary_shape(const Scenario& scenario) {
  RunResult run;
  run.measured_s = 1;
  run.cluster.gpu_hours = 1;
  for (std::size_t i = 0; i < scenario.models.size(); ++i) {
    run.models.push_back(model_of(scenario.models[i]));
    run.models.back().scale_up.kept = i < scenario.scaling.size() && scenario.scaling[i].policy != "fixed";
  }
  for (const VerticalSpec& vertical : scenario.vertical)
    for (ModelResult& model : run.models)
      if (model.name == vertical.model) model.vertical = vertical_of(vertical);
  for (const PipelineSpec& pipeline : scenario.pipelines) run.pipelines.push_back(pipeline_of(pipeline));
  for (const WorkloadSpec& workload : scenario.workload) run.sources.emplace_back(workload.name, SourceCounts{});
  run.totals = QueryCounts{.completed = 1};
  const Json one = summarize(scenario, run);
  const std::array two = {one, one};  // merged, so that what is measured has its interval beside it
  return merge_summaries(two);
}

std::vector<std::string> metric_names(const Json& block) {
  std::vector<std::string> out;
  if (block.is_array())
    for (std::size_t i = 0; i < block.size(); ++i) out.push_back(std::to_string(i));
  else
    for (const auto& item : block.items())
      if (!item.key().ends_with("_ci95")) out.push_back(item.key());
  return out;
}

std::string metric_ending_in(const Json& shape, std::string_view tail) {
  std::string found;
  const std::string ending = fmt::format(".{}", tail);
  if (!collect_ending(shape.at("totals"), "totals", ending, found)) collect_ending(shape, "", ending, found);
  return found;
}

}  // namespace windtunnel
