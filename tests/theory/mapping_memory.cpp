// GPU memory, shared or under hard limits: replicas of one model whose one endless batch each moves from level to
// level. The levels are phases of that batch, drawn by a process that only these cases need; demands, refusals, kills,
// cold starts and the ledger are the engine's.
#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "sim/core/law.hpp"
#include "sim/core/rng.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"
#include "tests/theory/memory_units.hpp"

namespace windtunnel::theory {
namespace {

struct Levels {
  std::vector<Bytes> work_memory;  // above level 0, which is the weights
  std::vector<double> mean_hold_s;
  std::vector<std::vector<double>> next;
};

// What a run counts beside its result, from the window's beginning on.
struct Counts {
  SimTime from{};
  std::uint64_t holds_ended = 0, kills = 0;
  double lives_s = 0;
  std::vector<SimTime> born = {};
  std::vector<bool> runs = {};
};

class LevelChain final : public PhaseSource {
 public:
  LevelChain(const Levels& levels, std::size_t replicas, SimTime from, std::uint64_t seed, Counts& counts)
      : levels_(levels), counts_(counts), at_level_(replicas) {
    counts_ = {.from = from, .born = std::vector<SimTime>(replicas), .runs = std::vector<bool>(replicas)};
    const RngStreams streams(seed);
    for (std::size_t r = 0; r < replicas; ++r) random_.push_back(streams.keyed("memory_levels", r, 0));
  }

  std::optional<BatchPhase> phase(std::uint32_t replica, std::uint32_t index, SimTime now) override {
    std::size_t& level = at_level_[replica];
    Rng& random = random_[replica];
    if (index == 0) {
      counts_.born[replica] = now;
      counts_.runs[replica] = true;
      level = 0;
    } else {
      if (now >= counts_.from) ++counts_.holds_ended;
      const double u = random.uniform();
      const auto& row = levels_.next[level];
      double sum = 0;
      for (level = 0; level + 1 < row.size() && u >= sum + row[level]; ++level) sum += row[level];
    }
    const double hold_s = levels_.mean_hold_s[level] * exponential_(random);
    return BatchPhase{hold_s * 1e9, {levels_.work_memory[level], levels_.work_memory[level]}};
  }

 private:
  const Levels& levels_;
  Counts& counts_;
  std::vector<std::size_t> at_level_;
  std::vector<Rng> random_;
  LawSampler exponential_{Law{.kind = LawKind::exponential, .mean = 1}};
};

class Lives final : public RunObserver {
 public:
  explicit Lives(Counts& counts) : counts_(counts) {}
  void on_kill(const KillRecord& kill) override {
    if (!counts_.runs[kill.replica]) return;  // a start that failed
    counts_.runs[kill.replica] = false;
    if (kill.at < counts_.from) return;
    ++counts_.kills;
    counts_.lives_s += to_seconds(kill.at - counts_.born[kill.replica]);
  }

 private:
  Counts& counts_;
};

Result<TheoryRun> run_levels(const Levels& levels, std::size_t replicas, const Scenario& scenario, std::uint64_t seed) {
  Counts counts;
  Lives lives(counts);
  const auto make = [&](const ModelSpec&) {
    return std::make_unique<LevelChain>(levels, replicas, SimTime{} + scenario.warm_up, seed, counts);
  };
  auto result = simulate(scenario, {.seed = seed, .observer = &lives, .make_phases = make});
  if (!result) return result.problems();
  TheoryRun run{std::move(*result)};
  run.counted["holds_ended"] = static_cast<double>(counts.holds_ended);
  run.counted["start_to_kill_s"] = counts.lives_s / static_cast<double>(counts.kills);
  return run;
}

std::function<double(const TheoryRun&)> count_of(const std::string& what) {
  if (what == "holds_ended") return [](const TheoryRun& run) { return run.counted.at("holds_ended"); };
  if (what == "failed_starts")
    return [](const TheoryRun& run) { return static_cast<double>(run.models.at(0).failed_starts); };
  if (what == "kills")
    return [](const TheoryRun& run) {
      return static_cast<double>(run.models.at(0).kills.total - run.models.at(0).failed_starts);
    };
  throw NotUnderstood("rate of " + what);
}

Recorder levels_recorder(const Measure& measure, int replicas, const MemoryUnits& units) {
  if (!measure.jobs.empty() || measure.at_s || measure.station || measure.job_class || measure.job || measure.event)
    throw NotUnderstood("measure " + measure.kind + " with a field it does not take");
  if (measure.kind == "rate" && measure.per == "replica") {
    return [count = count_of(measure.of), replicas, unit = measure.unit_s](const TheoryRun& run) {
      return count(run) / run.measured_s / replicas * unit;
    };
  }
  if (measure.kind == "time_average" && measure.per.empty() && measure.of == "up")
    return [](const TheoryRun& run) { return run.models.at(0).ready_replicas.mean; };
  if (measure.kind == "time_average" && measure.per.empty() && measure.of == "memory_gib") {
    return [units](const TheoryRun& run) {
      return units.gib({std::llround(run.cluster.memory_used_mean_bytes)}) - units.gib(units.driver_reserve());
    };
  }
  if (measure.kind == "event_mean" && measure.per == "kill" && measure.of == "start_to_kill")
    return [](const TheoryRun& run) { return run.counted.at("start_to_kill_s"); };
  throw NotUnderstood("measure " + measure.kind + " of " + measure.of);
}

std::vector<double> numbers(const nlohmann::json& list, std::size_t count, const std::string& name) {
  if (!list.is_array() || list.size() != count) throw NotUnderstood(name + " of another length");
  return list.get<std::vector<double>>();
}

// hold, next_level_prob, and the rates, which must be their quotient.
void read_chain(Fields& fields, std::size_t count, Levels& out) {
  const auto& holds = fields.at("hold");
  const auto& next = fields.at("next_level_prob");
  const auto& rates = fields.at("transition_rate_per_s");
  if (holds.size() != count || next.size() != count || rates.size() != count)
    throw NotUnderstood("levels and holds of another number");
  for (std::size_t j = 0; j < count; ++j) {
    Fields hold(holds[j], "hold[]");
    if (hold.text("law") != "exp" || hold.number("scv") != 1) throw NotUnderstood("a hold that is not exponential");
    out.mean_hold_s.push_back(hold.number("mean_s"));
    hold.finish();
    out.next.push_back(numbers(next[j], count, "next_level_prob"));
    const double sum = std::accumulate(out.next.back().begin(), out.next.back().end(), 0.0);
    if (std::abs(sum - 1) > 1e-9) throw NotUnderstood("next_level_prob that does not sum to 1");
    const auto rate = numbers(rates[j], count, "transition_rate_per_s");
    for (std::size_t k = 0; k < count; ++k)
      if (std::abs(rate[k] * out.mean_hold_s[j] - out.next[j][k]) > 1e-9)
        throw NotUnderstood("transition rates that are not probability over hold");
  }
}

// The own limit of every replica, which must be one. not_above_old_always_granted says nothing here: what is held was
// granted, so it is never above the limit, and a demand not above it needs no grant.
std::optional<double> read_grant(Fields grant, int replicas) {
  const auto& limits = grant.at("own_limit_gib");
  if (!grant.boolean("device_total") || !grant.boolean("old_level_released_first"))
    throw NotUnderstood("a grant without the device's check, or beside the old level");
  grant.skip({"not_above_old_always_granted"});
  grant.finish();
  if (limits.is_null()) return std::nullopt;
  const auto list = numbers(limits, static_cast<std::size_t>(replicas), "own_limit_gib");
  for (const double limit : list)
    if (limit != list[0]) throw NotUnderstood("limits that differ between replicas of one model");
  return list[0];
}

std::string read_restart(Fields& fields) {
  if (fields.text("refusal") != "kill_requester") throw NotUnderstood("refusal other than kill_requester");
  auto restart = fields.object("restart");
  if (restart.text("then") != "demand_level_0" || restart.text("if_refused") != "another_restart_time")
    throw NotUnderstood("a restart to something other than level 0");
  const nlohmann::json law = {
      {"law", restart.text("law")}, {"mean_s", restart.number("mean_s")}, {"scv", restart.number("scv")}};
  restart.finish();
  return law_yaml(law);
}

}  // namespace

System map_memory_levels(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out;
  out.servers = fields.integer("replicas");
  if (out.servers < 1 || out.servers > 48) throw NotUnderstood("replicas = " + std::to_string(out.servers));
  const double device = fields.number("device_memory_gib");
  const auto gib = fields.at("levels_gib").get<std::vector<double>>();
  if (gib.empty() || gib[0] <= 0 || *std::min_element(gib.begin(), gib.end()) < gib[0])
    throw NotUnderstood("levels below level 0");
  auto levels = std::make_shared<Levels>();
  read_chain(fields, gib.size(), *levels);
  const auto limit = read_grant(fields.object("grant"), out.servers);
  const auto restart = read_restart(fields);
  auto initial = fields.object("initial");  // a long-run value does not depend on it
  initial.number("replicas_up");
  initial.finish();
  fields.finish();

  std::vector<double> amounts = gib;
  if (limit) amounts.push_back(*limit);
  const MemoryUnits units(device, amounts);
  for (const double level : gib) levels->work_memory.push_back(units.bytes(level) - units.bytes(gib[0]));
  out.models = fmt::format(
      "models:\n  server:\n    latency: {{fixed: 1s, sm_activity: {}}}\n"
      "    memory: {{context: 0, context_mps: 0, weights: {}B, allocator: plain}}\n"
      "    cold_start: {{load: {}}}\n    restart_backoff: {{first: 0s, most: 0s}}\n    max_deliveries: 60000\n"
      "workload: [{{model: server, queries: {}, arrivals: {{process: poisson, rate: 1000/s}}}}]\n"
      "cluster: {{node_pools: {{pool: {{gpu: {}, nodes: 1, price: 0/h, sharing: {{mode: mps, replicas: {}, "
      "active_threads: 1, contention: 1, {}}}}}}}}}\n"
      "scaling: {{server: {{policy: fixed, replicas: {}}}}}\n",
      decimal(1.0 / out.servers), units.bytes(gib[0]).value, restart, 20 * out.servers, MemoryUnits::gpu(), out.servers,
      limit ? fmt::format("memory_limit: {}B", units.bytes(*limit).value) : "limit_memory: false", out.servers);
  out.recorder = [replicas = out.servers, units](const Measure& m) { return levels_recorder(m, replicas, units); };
  out.run = [levels, replicas = static_cast<std::size_t>(out.servers)](const Scenario& scenario, std::uint64_t seed) {
    return run_levels(*levels, replicas, scenario, seed);
  };
  return out;
}

}  // namespace windtunnel::theory
