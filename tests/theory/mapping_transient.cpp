// Runs that begin anew from a stated start: many of them, put together.
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "sim/simulation/simulation.hpp"
#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

/// Times are multiples of this in all cases: what is sampled is sampled then.
constexpr std::int64_t kGridNs = 1'000'000;  // 1 ms

std::int64_t on_grid(double seconds) {
  const auto grid = std::llround(seconds * 1e9 / static_cast<double>(kGridNs));
  if (seconds < 0 || std::abs(static_cast<double>(grid) * 1e-3 - seconds) > 1e-12 * (1 + seconds))
    throw NotUnderstood("a time that is no multiple of 1 ms");
  return grid;
}
double grid_s(std::int64_t grid) {
  return static_cast<double>(grid) * 1e-3;
}

/// Present and queued at the instants asked for.
class InstantSampler final : public RunObserver {
 public:
  explicit InstantSampler(const std::vector<double>& times) : times_(times) {}
  struct Seen {
    double queued = 0, backlog = 0;
  };
  [[nodiscard]] bool wants_samples() const override { return true; }
  void on_sample(double at_s, const std::vector<double>& values) override {
    if (seen_.size() < times_.size() && std::abs(at_s - times_[seen_.size()]) < 1e-6)
      seen_.push_back({values.at(0), values.at(2)});
  }
  [[nodiscard]] std::vector<Seen> seen() const { return seen_; }

 private:
  const std::vector<double>& times_;
  std::vector<Seen> seen_;
};

/// Sums over runs.
struct Moments {
  double n = 0, sum = 0, squares = 0;
  void add(double x) { n += 1, sum += x, squares += x * x; }
  [[nodiscard]] double mean() const { return sum / n; }
  [[nodiscard]] double variance() const { return (squares - sum * sum / n) / (n - 1); }
};

std::string key_at(const std::string& of, const std::string& stat, double t_s) {
  return of + " " + stat + "@" + decimal(t_s);
}

void count_instants(const std::vector<double>& times, const std::vector<std::vector<InstantSampler::Seen>>& runs,
                    TheoryRun& out) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    Moments queued, backlog, empty;
    for (const auto& run : runs) {
      queued.add(run[i].queued);
      backlog.add(run[i].backlog);
      empty.add(run[i].backlog == 0 ? 1 : 0);
    }
    out.counted[key_at("queued", "mean", times[i])] = queued.mean();
    out.counted[key_at("backlog", "mean", times[i])] = backlog.mean();
    out.counted[key_at("backlog", "variance", times[i])] = backlog.variance();
    out.counted[key_at("empty", "fraction", times[i])] = empty.mean();
  }
}

/// Those that waited, over all that arrived within the horizon: the same weather until everyone was served.
Result<double> waited_in_the_end(const Scenario& scenario, std::uint64_t seed) {
  Scenario longer = scenario;
  longer.to_empty = true;
  auto run = simulate(longer, {.seed = seed});
  if (!run) return run.problems();
  return static_cast<double>(run->models.at(0).waited);
}

struct RunPlan {
  std::vector<double> times;
  bool waits = false;  // arrivals_that_wait is asked for
};

Result<TheoryRun> run_many(const Scenario& scenario, std::uint64_t seed, int runs, const RunPlan& plan) {
  TheoryRun out;
  std::vector<std::vector<InstantSampler::Seen>> instants;
  std::map<std::string, Moments> sums;
  for (int i = 0; i < runs; ++i) {
    const std::uint64_t own = RngStreams(seed).keyed("run", static_cast<std::uint64_t>(i), 0)();
    InstantSampler sampler(plan.times);
    auto run = simulate(scenario, {.seed = own, .observer = &sampler});
    if (!run) return run.problems();
    const ModelResult& model = run->models.at(0);
    auto seen = sampler.seen();
    if (seen.size() + 1 == plan.times.size())  // the last instant is the run's end
      seen.push_back({static_cast<double>(model.queries.queued),
                      static_cast<double>(model.queries.queued + model.queries.in_flight)});
    if (seen.size() != plan.times.size()) return Error{"theory", "an instant was not sampled", ""};
    instants.push_back(std::move(seen));
    sums["backlog"].add(model.backlog.mean);
    sums["queued"].add(model.queued.mean);
    sums["busy"].add(model.busy_replicas.mean);
    sums["billed"].add(model.replica_seconds / run->measured_s);
    sums["arrivals"].add(static_cast<double>(model.queries.arrived));
    if (!plan.waits) continue;
    const auto waited = waited_in_the_end(scenario, own);
    if (!waited) return waited.problems();
    sums["arrivals_that_wait"].add(*waited);
  }
  count_instants(plan.times, instants, out);
  for (const auto& [name, moments] : sums) out.counted["mean " + name] = moments.mean();
  return out;
}

Recorder counted_recorder(const Measure& measure, double initial_jobs) {
  std::string key;
  if (measure.kind == "at_instant" && measure.t_s) key = key_at(measure.of, measure.stat, *measure.t_s);
  const bool average = measure.kind == "run_average" && (measure.of == "backlog" || measure.of == "queued" ||
                                                         measure.of == "busy" || measure.of == "billed");
  const bool count = measure.kind == "run_count" && (measure.of == "arrivals" || measure.of == "arrivals_that_wait");
  if (average || count) key = "mean " + measure.of;
  if (key.empty()) throw NotUnderstood("measure " + measure.kind + " of " + measure.of);
  // Those of time 0 are arrivals to the engine and not to the case.
  const double too_many = measure.of == "arrivals" ? initial_jobs : 0;
  return [key, too_many](const TheoryRun& run) {
    const auto it = run.counted.find(key);
    return it == run.counted.end() ? std::nan("") : it->second - too_many;
  };
}

std::vector<double> numbers(const nlohmann::json& list) {
  if (!list.is_array()) throw NotUnderstood("no list of numbers");
  std::vector<double> out;
  for (const auto& item : list) {
    if (!item.is_number()) throw NotUnderstood("no list of numbers");
    out.push_back(item.get<double>());
  }
  return out;
}

/// What is sampled, and the longest step that meets every instant.
RunPlan plan_of(const OracleCase& oracle, const std::vector<double>& times) {
  RunPlan plan{.times = times};
  for (const auto& row : oracle.quantities) plan.waits = plan.waits || row.measure.of == "arrivals_that_wait";
  return plan;
}
std::string step_yaml(const std::vector<double>& times, double horizon_s) {
  std::int64_t step = on_grid(horizon_s);
  for (const double t : times) step = std::gcd(step, on_grid(t));
  return decimal(grid_s(step)) + "s";
}

System assemble(const OracleCase& oracle, std::string models, const std::vector<double>& times, double horizon_s,
                double initial_jobs) {
  System out;
  out.models = std::move(models);
  out.run_s = horizon_s;
  const RunPlan plan = plan_of(oracle, times);
  out.run_many = [plan](const Scenario& scenario, std::uint64_t seed, int runs) {
    return run_many(scenario, seed, runs, plan);
  };
  out.recorder = [initial_jobs](const Measure& measure) { return counted_recorder(measure, initial_jobs); };
  return out;
}

System map_infinite_servers(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  auto arrivals = fields.object("arrivals");
  if (arrivals.text("kind") != "sinusoidal") throw NotUnderstood("arrivals that are not sinusoidal");
  const auto curve = fmt::format("{{process: poisson, rate: {}/s, curve: {{period: {}s, amplitude: {}, phase: {}}}}}",
                                 decimal(arrivals.number("mean_rate_per_s")), decimal(arrivals.number("period_s")),
                                 decimal(arrivals.number("amplitude")), decimal(arrivals.number("phase_rad")));
  arrivals.finish();
  const auto service = law_yaml(fields.at("service"));
  if (!fields.at("servers").is_null()) throw NotUnderstood("a number of servers");
  auto initial = fields.object("initial");
  if (initial.number("jobs") != 0) throw NotUnderstood("jobs at the start");
  initial.finish();
  const auto times = numbers(fields.at("sample_times_s"));
  const double horizon_s = fields.number("horizon_s");
  fields.finish();
  // One replica that serves any number at full speed each: phi(n) = n.
  return assemble(oracle,
                  fmt::format("models: {{station: {{service_time: {}, dispatch: pull, concurrency: {{limit: unlimited, "
                              "scaling: contention, slope: 0}}}}}}\nworkload: [{{model: station, arrivals: {}}}]\n{}"
                              "scaling: {{station: {{policy: fixed, replicas: 1, scrape_interval: {}}}}}\n",
                              service, curve, pool_yaml(1), step_yaml(times, horizon_s)),
                  times, horizon_s, 0);
}

struct Segment {
  double from_s, to_s, value;
};

/// Segments in a row from 0 to the horizon.
std::vector<Segment> segments(const nlohmann::json& list, const std::string& name, double horizon_s) {
  std::vector<Segment> out;
  if (!list.is_array()) throw NotUnderstood("no segments");
  for (const auto& item : list) {
    Fields one(item, name);
    out.push_back({one.number("from_s"), one.number("to_s"), one.number(name)});
    one.finish();
    if (out.back().from_s != (out.size() > 1 ? out[out.size() - 2].to_s : 0)) throw NotUnderstood("gaps in " + name);
  }
  if (out.empty() || out.back().to_s != horizon_s) throw NotUnderstood(name + " beyond the horizon");
  return out;
}

/// A curve of levels, each held for the longest step that meets every change.
std::string levels_yaml(const std::vector<Segment>& rates, double horizon_s) {
  std::int64_t step = on_grid(horizon_s);
  double highest = 0;
  for (const auto& rate : rates) {
    step = std::gcd(step, on_grid(rate.from_s));
    highest = std::max(highest, rate.value);
  }
  std::string points;
  for (const auto& rate : rates) {
    const std::string level = decimal(rate.value / highest);
    for (std::int64_t at = on_grid(rate.from_s); at < on_grid(rate.to_s); at += step) {
      if (!points.empty()) points += ", ";
      points += level;
    }
  }
  return fmt::format("{{process: poisson, rate: {}/s, curve: {{period: {}s, points: [{}], step: true}}}}",
                     decimal(highest), decimal(horizon_s), points);
}

System map_scheduled_servers(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const double horizon_s = fields.number("horizon_s");
  const auto times = numbers(fields.at("sample_times_s"));
  auto arrivals = fields.object("arrivals");
  if (arrivals.text("kind") != "piecewise_constant") throw NotUnderstood("arrivals that are not piecewise constant");
  const auto rates = segments(arrivals.at("segments"), "rate_per_s", horizon_s);
  arrivals.finish();
  const auto service = law_yaml(fields.at("service"));
  const auto servers = segments(fields.at("capacity_schedule"), "servers", horizon_s);
  if (!fields.at("capacity").is_null()) throw NotUnderstood("a capacity");
  if (fields.text("discipline") != "fcfs") throw NotUnderstood("another discipline than fcfs");
  const auto down = fields.text("scale_down");
  if (down != "drain" && down != "preempt_resume") throw NotUnderstood("scale_down " + down);
  if (fields.text("scale_down_first") != "idle") throw NotUnderstood("not idle ones first");
  if (fields.at("billed_states") != nlohmann::json({"ready", "draining"})) throw NotUnderstood("other states billed");
  auto initial = fields.object("initial");
  const int jobs = initial.integer("jobs");
  if (jobs < 0 || jobs > servers.front().value) throw NotUnderstood("more jobs at the start than servers");
  initial.finish();
  fields.finish();

  std::string at, replicas;
  std::int64_t interval = on_grid(horizon_s);
  int most = 0, least = 1000000;
  double together = 0;
  for (const auto& level : servers) {
    at += fmt::format("{}{}s", at.empty() ? "" : ", ", decimal(level.from_s));
    replicas += fmt::format("{}{}", replicas.empty() ? "" : ", ", decimal(level.value));
    interval = std::gcd(interval, on_grid(level.from_s));
    most = std::max(most, static_cast<int>(level.value));
    least = std::min(least, static_cast<int>(level.value));
    together += level.value;
  }
  // Draining replicas keep their GPU beside the new ones.
  std::string workload = fmt::format("{{model: station, arrivals: {}}}", levels_yaml(rates, horizon_s));
  if (jobs > 0)  // there at time 0: within the first few nanoseconds
    workload += fmt::format(
        ", {{name: start, model: station, queries: {}, arrivals: {{process: deterministic, rate: "
        "1000000000/s}}}}",
        jobs);
  return assemble(
      oracle,
      fmt::format("models: {{station: {{service_time: {}, concurrency: 1, dispatch: pull}}}}\nworkload: [{}]\n{}"
                  "scaling: {{station: {{policy: scheduled, at: [{}], replicas: [{}], min: {}, max: {}, initial: {}, "
                  "interval: {}s, scrape_interval: {}, scale_down: {}, scale_down_first: idle}}}}\n",
                  service, workload, pool_yaml(static_cast<int>(together)), at, replicas, least, most,
                  decimal(servers.front().value), decimal(grid_s(interval)), step_yaml(times, horizon_s), down),
      times, horizon_s, jobs);
}

constexpr std::array kTransientFamilies{
    FamilyRule{"M(t)/G/infinity", map_infinite_servers, "transient"},
    FamilyRule{"M(t)/M/c(t)", map_scheduled_servers, "terminating"},
};

}  // namespace

std::span<const FamilyRule> transient_families() {
  return kTransientFamilies;
}

}  // namespace windtunnel::theory
