#include "sim/simulation/offered_load.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/core/error.hpp"
#include "sim/workload/trace_load.hpp"

namespace windtunnel {
namespace {

const LatencySpec* latency_in(const Scenario& scenario, const ModelSpec& model) {
  for (const auto& pool : scenario.node_pools) {
    if (const auto it = model.latency.find(pool.gpu.name); it != model.latency.end()) return &it->second;
    if (const auto any = model.latency.find("*"); any != model.latency.end()) return &any->second;
  }
  return nullptr;
}

double gpu_seconds_of_model(const Scenario& scenario, const std::string& target, double size) {
  const bool named = std::none_of(scenario.models.begin(), scenario.models.end(),
                                  [&](const auto& model) { return model.name == target || model.group == target; });
  const std::string name = named ? split_variant(target).model : target;
  for (const auto& model : scenario.models) {
    if (model.name != name && model.name != name + "-0") continue;  // copies are alike: the first speaks for all
    const LatencySpec* latency = latency_in(scenario, model);
    if (latency == nullptr) return 0;
    return latency->solo_s(size, 1) * latency->noise.mean * latency->gpu_active;
  }
  return 0;
}

// Whether a target of the workload has variants; of a pipeline any of its stages.
bool any_swaps(const Scenario& scenario, const WorkloadSpec& spec, const TraceSpec& trace) {
  const auto swaps = [&](const std::string& target) {
    const std::string name = split_variant(target).model;
    return std::any_of(scenario.models.begin(), scenario.models.end(), [&](const ModelSpec& model) {
      return model.variants != nullptr && (model.name == target || model.group == target || model.name == name);
    });
  };
  const auto reaches = [&](const std::string& target) {
    for (const auto& pipeline : scenario.pipelines)
      if (pipeline.name == target) return std::any_of(pipeline.stages.begin(), pipeline.stages.end(), swaps);
    return swaps(target);
  };
  if (trace.map.empty()) return reaches(spec.target);
  return std::any_of(trace.map.begin(), trace.map.end(), [&](const auto& entry) { return reaches(entry.second); });
}

}  // namespace

double gpu_seconds(const Scenario& scenario, const std::string& target, double size) {
  for (const auto& pipeline : scenario.pipelines) {
    if (pipeline.name != target) continue;
    double sum = 0;
    for (const auto& stage : pipeline.stages) sum += gpu_seconds_of_model(scenario, stage, size);
    return sum;
  }
  return gpu_seconds_of_model(scenario, target, size);
}

WorkloadSpec with_factor(const Scenario& scenario, const WorkloadSpec& spec, std::vector<std::string>& notes) {
  const auto* trace = std::get_if<TraceSpec>(&spec.source);
  if (trace == nullptr || !trace->rate_scale.offered_load) return spec;
  const Result<TraceLoad> load = trace_load(spec);
  if (!load) throw InputError(load.problems().front());
  double work_s = 0;
  for (std::size_t i = 0; i < load->queries.size(); ++i) {
    const std::string& target = trace->map.empty() ? spec.target : trace->map[i].second;
    work_s += static_cast<double>(load->queries[i]) * gpu_seconds(scenario, target, load->mean_size[i]);
  }
  double gpus = 0;
  for (const auto& pool : scenario.node_pools) {
    double card = pool.sharing.instances.empty() ? 1 : 0;
    for (const auto& instance : pool.sharing.instances) card += instance.layout == 0 ? instance.compute_share : 0;
    gpus += static_cast<double>(pool.max_nodes) * pool.gpus * card;
  }
  const double recorded = work_s / (load->span_s * gpus);
  if (!(recorded > 0) || !std::isfinite(recorded))
    throw InputError({trace->file,
                      "rate_scale: offered_load needs rows that bring work over some time; this recording brings " +
                          fmt::format("{:.6g} GPU-seconds in {:.6g} s", work_s, load->span_s),
                      "give a number instead"});
  if (any_swaps(scenario, spec, *trace))
    notes.push_back(
        fmt::format("{}: the load is of GPU work alone; the time that swapping variants takes, in which a "
                    "replica serves nobody, comes on top of it",
                    spec.name));
  WorkloadSpec scaled = spec;
  auto& scale = std::get<TraceSpec>(scaled.source).rate_scale;
  scale.factor = *scale.offered_load / recorded;
  notes.push_back(fmt::format("{}: recorded load {:.4g} of {:g} GPUs; rate_scale {:.6g} brings it to {:g}", spec.name,
                              recorded, gpus, scale.factor, *scale.offered_load));
  return scaled;
}

}  // namespace windtunnel
