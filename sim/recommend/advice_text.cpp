#include "sim/recommend/advice_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/duration_text.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

std::string gib(Bytes bytes) {
  return gib_text(static_cast<double>(bytes.value));
}

std::string_view kind_name(MemoryKind kind) {
  return kind == MemoryKind::gpu ? "GPU memory" : "main memory";
}

std::string heading(const MemoryAdvice& advice) {
  std::string out = fmt::format("{}, {}", advice.model, kind_name(advice.kind));
  if (advice.limit) out += fmt::format(": limit {} GiB", gib(*advice.limit));
  if (advice.ooms > 0) out += fmt::format(", {} killed for it", count_text(static_cast<double>(advice.ooms)));
  return out;
}

std::string peaks_line(const MemoryAdvice& advice) {
  return fmt::format("  {} peak{}, GiB: P50 {}, P90 {}, largest {}", advice.peaks, advice.peaks == 1 ? "" : "s",
                     gib(advice.p50), gib(advice.p90), gib(advice.largest));
}

/// A suffix to write into a manifest: MiB, rounded up.
std::string as_quantity(Bytes bytes) {
  return fmt::format("{}Mi", (bytes.value + kMiB - 1) / kMiB);
}

std::string advice_table(const std::vector<MemoryAdvice>& advice) {
  TextTable table({"rule", "limit", "risk", "unused,\nGiB", "fit a\nGPU/node"});
  for (const MemoryAdvice& one : advice) {
    table.add_heading(heading(one));
    table.add_heading(peaks_line(one));
    for (std::size_t i = 0; i < kLimitRules.size(); ++i) {
      const LimitAdvice& by = one.by_rule[i];
      table.add_row({"    " + std::string(kLimitRules[i].name), as_quantity(by.limit), share_text(by.risk),
                     gib(by.wasted), by.sharers ? std::to_string(*by.sharers) : "-"});
    }
  }
  return table.render();
}

std::string notes_text(const std::vector<std::string>& notes) {
  std::string out;
  for (const std::string& note : notes) out += wrap("Note: " + note, kTerminalWidth, 2) + '\n';
  return out;
}

struct Totals {
  double arrived = 0, completed = 0, failed = 0, kills = 0, of_memory = 0, exit_137 = 0, oom_events = 0;
};

Totals totals_of(const RunResult& run) {
  Totals out;
  for (const ModelResult& model : run.models) {
    out.kills += static_cast<double>(model.kills.total);
    out.of_memory += static_cast<double>(model.kills.oom);
    out.exit_137 += static_cast<double>(model.kills.exit_137);
    out.oom_events += static_cast<double>(model.oom_events);
  }
  if (run.totals) {
    out.arrived = static_cast<double>(run.totals->arrived);
    out.completed = static_cast<double>(run.totals->completed);
    out.failed = static_cast<double>(run.totals->failed);
  }
  return out;
}

double per_1000(const RunResult& run) {
  const double completed = totals_of(run).completed;
  return completed > 0 ? 1000 * run.cluster.cost_usd / completed : std::nan("");
}

std::string trial_table(const Trial& trial) {
  TextTable table({"the same traffic", "as it is", "with limits"});
  const auto row = [&](std::string name, auto show, auto value) {
    table.add_row({std::move(name), show(value(trial.before)), show(value(trial.after))});
  };
  row("kills of memory", count_text, [](const RunResult& run) { return totals_of(run).of_memory; });
  row("exit code 137", count_text, [](const RunResult& run) { return totals_of(run).exit_137; });
  row("OOM events, survived", count_text, [](const RunResult& run) { return totals_of(run).oom_events; });
  row("queries completed", count_text, [](const RunResult& run) { return totals_of(run).completed; });
  row("queries failed", count_text, [](const RunResult& run) { return totals_of(run).failed; });
  row("nodes, mean", value_text, [](const RunResult& run) {
    return run.measured_s > 0 ? run.cluster.node_hours * 3600 / run.measured_s : std::nan("");
  });
  row("cost, USD", money_text, [](const RunResult& run) { return run.cluster.cost_usd; });
  row("USD per 1000 completed", money_text, per_1000);
  for (std::size_t m = 0; m < trial.before.models.size(); ++m)
    row(trial.before.models[m].name + " p95, s", value_text, [m](const RunResult& run) {
      const Histogram& times = run.models[m].response_time;
      return times.count() > 0 ? times.quantile_s(0.95) : std::nan("");
    });
  return table.render();
}

/// What to write into the scenario, or a manifest.
std::string settings_text(const Trial& trial, std::size_t rule) {
  std::string out = fmt::format("To keep them ({}):\n", kLimitRules[rule].doc);
  const auto& pools = trial.tried.node_pools;
  const bool requests_count =
      std::any_of(pools.begin(), pools.end(), [](const NodePoolSpec& pool) { return pool.host_memory.value > 0; });
  for (const MemoryAdvice& one : trial.advice) {
    const std::string limit = as_quantity(one.by_rule[rule].limit);
    if (one.kind == MemoryKind::gpu) {
      out += fmt::format("  --set models.{}.memory_limit={}\n", one.model, limit);
      continue;
    }
    out += fmt::format("  --set models.{}.host_memory.limit={}\n", one.model, limit);
    if (requests_count) out += fmt::format("  --set models.{}.requests.memory={}\n", one.model, limit);
  }
  for (const NodePoolSpec& pool : pools)
    if (pool.fit_memory) out += fmt::format("  --set cluster.node_pools.{}.fit=memory\n", pool.name);
  return out;
}

Json json_of(const MemoryAdvice& one) {
  Json out = {{"model", one.model},
              {"memory", one.kind == MemoryKind::gpu ? "gpu" : "host"},
              {"limit_bytes", one.limit ? Json(one.limit->value) : Json(nullptr)},
              {"samples", one.samples},
              {"peaks", one.peaks},
              {"p50_bytes", one.p50.value},
              {"p90_bytes", one.p90.value},
              {"max_bytes", one.largest.value},
              {"ooms", one.ooms}};
  for (std::size_t i = 0; i < kLimitRules.size(); ++i) {
    const LimitAdvice& by = one.by_rule[i];
    out["rules"][std::string(kLimitRules[i].name)] = {{"limit_bytes", by.limit.value},
                                                      {"risk", by.risk},
                                                      {"unused_mean_bytes", by.wasted.value},
                                                      {"sharers", by.sharers ? Json(*by.sharers) : Json(nullptr)}};
  }
  return out;
}

Json json_of(const std::vector<MemoryAdvice>& advice) {
  Json out = Json::array();
  for (const MemoryAdvice& one : advice) out.push_back(json_of(one));
  return out;
}

Json json_of(const RunResult& run) {
  const Totals totals = totals_of(run);
  const double cost = per_1000(run);
  return {{"kills", totals.kills},
          {"oom_kills", totals.of_memory},
          {"exit_137", totals.exit_137},
          {"oom_events", totals.oom_events},
          {"completed", totals.completed},
          {"failed", totals.failed},
          {"node_hours", run.cluster.node_hours},
          {"cost_usd", run.cluster.cost_usd},
          {"cost_per_1000_completed_usd", std::isfinite(cost) ? Json(cost) : Json(nullptr)}};
}

}  // namespace

std::string advice_text(const RecordedMemory& recorded, const std::string& file) {
  std::string out = recorded.span_s > 0
                        ? fmt::format("{}: {} recorded, a peak is of one container in {}", file,
                                      duration_text(recorded.span_s), duration_text(to_seconds(recorded.interval)))
                        : fmt::format("{}: one moment, a peak is one container's figure", file);
  out = wrap(out, kTerminalWidth, 2) + "\n\n" + advice_table(recorded.advice) + '\n';
  return out + wrap("risk: share of the peaks above the limit; each kills, or fails a batch.", kTerminalWidth, 2) +
         '\n' + notes_text(recorded.notes);
}

std::string advice_text(const Trial& trial, const std::string& scenario, std::size_t rule) {
  std::string out = wrap(fmt::format("{}: memory looked at every 15 s; limits of rule {} in {} run{}", scenario,
                                     kLimitRules[rule].name, trial.runs, trial.runs == 1 ? "" : "s"),
                         kTerminalWidth, 2) +
                    "\n\n" + advice_table(trial.advice) + '\n' + trial_table(trial) + '\n';
  return out + settings_text(trial, rule) + notes_text(trial.notes);
}

Json advice_json(const RecordedMemory& recorded, const std::string& file) {
  return {{"source", file},
          {"span_s", recorded.span_s},
          {"interval_s", to_seconds(recorded.interval)},
          {"recommendations", json_of(recorded.advice)},
          {"notes", recorded.notes}};
}

Json advice_json(const Trial& trial, const std::string& scenario, std::size_t rule) {
  return {{"source", scenario},
          {"rule", kLimitRules[rule].name},
          {"runs", trial.runs},
          {"recommendations", json_of(trial.advice)},
          {"before", json_of(trial.before)},
          {"after", json_of(trial.after)},
          {"notes", trial.notes}};
}

}  // namespace windtunnel
