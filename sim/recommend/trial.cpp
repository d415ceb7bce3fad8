#include "sim/recommend/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/sharing/sharing_mode.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel {
namespace {

constexpr Duration kScrape = std::chrono::seconds(15);  // [S] the interval Prometheus' operators ship
constexpr Bytes kTrialGpuBump{256 * kMiB};              // [A] as `vertical` has it

bool has_host_memory(const ModelSpec& model) {
  return model.host_memory.steady.value > 0 || model.host_memory.loading.value > 0;
}

bool has_gpu_memory(const ModelSpec& model) {
  const MemorySpec& memory = model.memory;
  return memory.context.value > 0 || memory.weights.value > 0 || memory.per_item.value > 0 || memory.pool;
}

/// Somebody watches every model; nobody changes anything.
Scenario watched(Scenario scenario, double margin) {
  scenario.vertical.clear();
  for (const ModelSpec& model : scenario.models) {
    RecommenderSpec host;
    host.margin = margin;
    host.interval = std::max<Duration>(scenario.horizon / 8, std::chrono::minutes(1));
    host.interval = std::min<Duration>(host.interval, std::chrono::hours(24));
    host.least = Bytes{};
    RecommenderSpec gpu = host;
    gpu.oom_bump = kTrialGpuBump;
    VerticalSpec spec;
    spec.model = model.name;
    spec.scrape_interval = kScrape;
    if (has_host_memory(model)) spec.host_memory = host;
    if (has_gpu_memory(model)) spec.gpu_memory = gpu;
    if (spec.host_memory || spec.gpu_memory) scenario.vertical.push_back(spec);
  }
  return scenario;
}

bool may_run_on(const ModelSpec& model, const NodePoolSpec& pool) {
  return model.latency.contains("*") || model.latency.contains(pool.gpu.name);
}

/// Largest device, or node, that the model may run on; none where that is not limited.
std::optional<Bytes> room_for(const Scenario& scenario, const ModelSpec& model, MemoryKind kind) {
  Bytes most{};
  for (const NodePoolSpec& pool : scenario.node_pools) {
    if (!may_run_on(model, pool)) continue;
    if (kind == MemoryKind::host) {
      if (pool.host_memory.value == 0) return std::nullopt;
      most = std::max(most, pool.host_memory);
    } else if (pool.sharing.instances.empty()) {
      most = std::max(most, pool.gpu.memory - pool.gpu.driver_reserve);
    } else {
      for (const MigInstance& instance : pool.sharing.instances) most = std::max(most, instance.memory);
    }
  }
  return most.value > 0 ? std::optional(most) : std::nullopt;
}

/// The limit the pools give where the model names none: the smallest.
std::optional<Bytes> limit_now(const Scenario& scenario, const ModelSpec& model) {
  if (model.memory_limit) return model.memory_limit;
  std::optional<Bytes> least;
  for (const NodePoolSpec& pool : scenario.node_pools) {
    if (!may_run_on(model, pool)) continue;
    const auto mode = find_entry(sharing_registry(), pool.sharing.mode)->make(pool.sharing);
    const auto limit = mode->default_limit(pool.gpu.memory - pool.gpu.driver_reserve, pool.sharing.replicas);
    if (limit) least = least ? std::min(*least, *limit) : *limit;
  }
  return least;
}

/// Samples of all copies of a model together.
struct Gathered {
  std::vector<Bytes> peaks;
  LimitsByRule limits{};
  std::uint64_t ooms = 0, samples = 0;

  void add(const MemoryResult& memory) {
    peaks.insert(peaks.end(), memory.peaks.begin(), memory.peaks.end());
    for (std::size_t i = 0; i < limits.size(); ++i) limits[i] = std::max(limits[i], memory.by_rule[i]);
    ooms += memory.ooms;
    samples += memory.samples;
  }
};

using ByGroup = std::map<std::pair<std::string, MemoryKind>, Gathered>;

ByGroup gather(const Scenario& scenario, const RunResult& run) {
  ByGroup out;
  for (std::size_t m = 0; m < run.models.size(); ++m) {
    const auto& vertical = run.models[m].vertical;
    if (!vertical) continue;
    const std::string& group = scenario.models[m].group;
    if (vertical->host && !vertical->host->peaks.empty()) out[{group, MemoryKind::host}].add(*vertical->host);
    if (vertical->gpu && !vertical->gpu->peaks.empty()) out[{group, MemoryKind::gpu}].add(*vertical->gpu);
  }
  return out;
}

/// Limits never come down from one run to the next: what killed somebody once is known to be too low.
bool raise(Bytes& limit, Bytes to, std::optional<Bytes> room) {
  if (room) to = std::min(to, *room);
  if (to <= limit) return false;
  limit = to;
  return true;
}

/// @return whether a limit changed
bool give_limits(Scenario& scenario, const ByGroup& seen, std::size_t rule,
                 std::map<std::pair<std::string, MemoryKind>, Bytes>& given) {
  bool changed = false;
  for (ModelSpec& model : scenario.models) {
    for (const MemoryKind kind : {MemoryKind::host, MemoryKind::gpu}) {
      const auto found = seen.find({model.group, kind});
      if (found == seen.end()) continue;
      Bytes& limit = given[{model.group, kind}];
      changed = raise(limit, found->second.limits[rule], room_for(scenario, model, kind)) || changed;
      if (kind == MemoryKind::host)
        model.host_memory.limit = model.requests.memory = limit;
      else
        model.memory_limit = limit;
    }
  }
  return changed;
}

/// GPUs are filled by limits where every model that may run there has one.
void fill_by_limits(Scenario& scenario) {
  for (NodePoolSpec& pool : scenario.node_pools)
    pool.fit_memory = std::all_of(scenario.models.begin(), scenario.models.end(), [&](const ModelSpec& model) {
      return model.memory_limit || !may_run_on(model, pool);
    });
}

/// Somebody went over a limit of its own.
bool limits_killed(const ByGroup& seen) {
  return std::any_of(seen.begin(), seen.end(), [](const auto& one) { return one.second.ooms > 0; });
}

}  // namespace

Result<Trial> try_limits(const Scenario& scenario, const TrialOptions& options) {
  Trial out;
  Scenario now = watched(scenario, options.margin);
  auto run = simulate(now, {.seed = scenario.seed});
  if (!run) return run.problems();
  out.before = std::move(*run);
  ByGroup seen = gather(now, out.before);
  ByGroup first = seen;
  std::map<std::pair<std::string, MemoryKind>, Bytes> given;
  out.after = out.before;
  while (out.runs < options.most_runs && give_limits(now, seen, options.rule, given)) {
    fill_by_limits(now);
    run = simulate(now, {.seed = scenario.seed});
    if (!run) return run.problems();
    ++out.runs;
    out.after = std::move(*run);
    seen = gather(now, out.after);
    if (!limits_killed(seen)) break;
  }
  for (const ModelSpec& model : scenario.models) {
    if (!out.advice.empty() && out.advice.back().model == model.group) continue;
    for (const MemoryKind kind : {MemoryKind::host, MemoryKind::gpu}) {
      const auto found = seen.find({model.group, kind});
      if (found == seen.end()) continue;
      LimitsByRule limits = found->second.limits;
      limits[options.rule] = std::max(limits[options.rule], given[{model.group, kind}]);
      MemoryAdvice advice = advise(model.group, kind, found->second.peaks, limits, room_for(scenario, model, kind));
      advice.samples = found->second.samples;
      if (const auto before = first.find({model.group, kind}); before != first.end()) advice.ooms = before->second.ooms;
      advice.limit = kind == MemoryKind::gpu             ? limit_now(scenario, model)
                     : model.host_memory.limit.value > 0 ? std::optional(model.host_memory.limit)
                                                         : std::nullopt;
      out.advice.push_back(std::move(advice));
    }
  }
  if (limits_killed(seen))
    out.notes.push_back(
        fmt::format("{} runs did not find limits without kills: a limit is as large as its GPU or node, "
                    "or percentile and margin leave some out",
                    out.runs));
  out.tried = std::move(now);
  return out;
}

}  // namespace windtunnel
