#include "sim/validation/run_memory.hpp"

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel {

bool runs_out_of_memory(const GpuType& gpu, double weights, double per_item, double items) {
  const auto scenario = parse_scenario(
      fmt::format(
          "schema: 1\nhorizon: 10s\nmodels: {{m: {{latency: {{fixed: 1s}}, on_vram_oom: fail_query, memory: "
          "{{weights: {:.0f}B, per_item: {:.0f}B}}}}}}\nworkload: [{{model: m, size: {{law: deterministic, mean: "
          "{}}}, queries: 1, arrivals: {{process: deterministic, rate: 1/s}}}}]\ncluster: {{node_pools: {{card: "
          "{{gpu: {}, price: 0/h, nodes: 1}}}}}}\n",
          weights, per_item, items, gpu.name),
      "validation", ".");
  if (!scenario) return true;  // not even the weights fit
  const auto result = simulate(*scenario, {});
  SIM_CHECK(result.has_value(), result.problems().front().text());
  return result->models.front().oom_events > 0;
}

}  // namespace windtunnel
