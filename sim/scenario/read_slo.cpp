// Reads the targets of models and pipelines: `slo`, and the times of `thresholds`.
#include <algorithm>
#include <array>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {

SloSpec read_slo(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok) {
  const Block block = read_block(problems, node, path, tables::slo());
  ok = ok && block.ok;
  resolved = block.resolved;
  SloSpec out;
  static constexpr std::array<std::pair<std::string_view, double>, 5> levels = {{{"response_time_p50", 0.5},
                                                                                 {"response_time_p90", 0.9},
                                                                                 {"response_time_p95", 0.95},
                                                                                 {"response_time_p99", 0.99},
                                                                                 {"response_time_p999", 0.999}}};
  for (const auto& [name, level] : levels) {
    if (!block.values.has(name)) continue;
    if (out.response_time && block.ok) {
      problems.add(*node, path, "more than one response time target", "keep one; thresholds count exactly at others");
      ok = false;
    }
    out.response_time = block.values.duration(name);
    out.response_time_quantile = level;
  }
  if (block.values.has("backlog_time")) out.backlog_time = block.values.duration("backlog_time");
  return out;
}

std::vector<Duration> to_durations(const ParamSet& values, std::string_view name) {
  std::vector<Duration> out;
  if (values.has(name))
    for (const double seconds : values.numbers(name)) out.push_back(to_duration(seconds));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace windtunnel
