#include "sim/validation/run_processes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel {
namespace {

// Ten rounds of the slowest to come into step, forty to measure. More company than n times as slow there is not.
std::string scenario_text(std::span<const SaturatedProcess> processes, double compute_share) {
  double slowest = 0;
  for (const auto& p : processes)
    slowest = std::max(slowest, p.latency.solo_s(p.items, std::min(p.cap, compute_share)));
  const double round = slowest * static_cast<double>(processes.size());
  std::string models, workload;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const auto& p = processes[i];
    models += fmt::format("  p{}: {{latency: {{fixed: 1s}}, max_in_system: 2, mps_active_threads: {}}}\n", i, p.cap);
    workload += fmt::format(
        "- {{model: p{}, size: {{law: deterministic, mean: {}}}, arrivals: {{process: deterministic, "
        "rate: {}/s}}}}\n",
        i, p.items, 4 / p.latency.solo_s(p.items, 1));
  }
  return fmt::format(
      "schema: 1\nhorizon: {}s\nwarm_up: {}s\nmodels:\n{}workload:\n{}cluster: {{node_pools: {{card: {{gpu: H200-SXM, "
      "price: 0/h, nodes: 1, sharing: {{mode: mps, replicas: {}, active_threads: 1, limit_memory: false, contention: "
      "1, "
      "compute_share: {}}}}}}}}}\n",
      50 * round, 10 * round, models, workload, processes.size(), compute_share);
}

}  // namespace

std::vector<double> run_processes(std::span<const SaturatedProcess> processes, double compute_share) {
  auto scenario = parse_scenario(scenario_text(processes, compute_share), "validation", ".");
  SIM_CHECK(scenario.has_value(), scenario.problems().front().text());
  for (std::size_t i = 0; i < processes.size(); ++i) scenario->models[i].latency = {{"*", processes[i].latency}};
  const auto result = simulate(*scenario, {});
  SIM_CHECK(result.has_value(), result.problems().front().text());
  std::vector<double> out;
  for (const auto& model : result->models) out.push_back(model.service_time.mean_s());
  return out;
}

}  // namespace windtunnel
