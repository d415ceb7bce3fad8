// Replicas that come and go in the long run: autoscalers that sample, and scale to zero with a keep-alive.
#include <array>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "sim/simulation/simulation.hpp"
#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

/// How long the replica was ready with so many others, by the sample that began the interval: between two samples of
/// these controllers the count does not change.
class ReadyCounter final : public RunObserver {
 public:
  ReadyCounter(SimTime from, bool ready_at_once) : from_(from), ready_at_once_(ready_at_once) {}
  void on_decision(const DecisionRecord& record) override {
    if (record.at < from_) return;
    ++samples_;
    ++ready_[ready_at_once_ ? record.desired : std::min(record.ready, record.desired)];
  }
  void put_into(TheoryRun& run) const {
    run.counted["samples"] = static_cast<double>(samples_);
    for (const auto& [count, times] : ready_) run.counted[key(count)] = static_cast<double>(times);
  }
  static std::string key(int count) { return "ready " + std::to_string(count); }

 private:
  SimTime from_;
  bool ready_at_once_;
  std::uint64_t samples_ = 0;
  std::map<int, std::uint64_t> ready_;
};

/// A law that is a constant, in seconds.
double constant(Fields law) {
  const double mean_s = law.number("mean_s");
  if (law.text("law") != "det" || law.number("scv") != 0 || mean_s < 0) throw NotUnderstood(law.path() + " varies");
  law.finish();
  return mean_s;
}

std::string rule_yaml(Fields rule) {
  const auto kind = rule.text("kind");
  std::string out;
  if (kind == "threshold") {
    out = fmt::format("policy: threshold, upper: {}, lower: {}, up_step: {}, down_step: {}",
                      decimal(rule.number("up_above_per_replica")), decimal(rule.number("down_below_per_replica")),
                      positive(rule, "step"), positive(rule, "step"));
  } else if (kind == "proportional") {
    if (rule.text("rounding") != "ceil") throw NotUnderstood("rounding other than up");
    out = fmt::format("policy: queue_depth, target_per_replica: {}, tolerance: 0",
                      decimal(rule.number("target_per_replica")));
  } else {
    throw NotUnderstood("unknown rule \"" + kind + "\"");
  }
  rule.finish();
  return out;
}

std::string signal_key(const std::string& metric, bool threshold) {
  if (metric != "queued" && metric != "queued_plus_in_service") throw NotUnderstood("metric \"" + metric + "\"");
  return fmt::format("{}: {}", threshold ? "signal" : "metric", metric == "queued" ? "queued" : "backlog");
}

std::string one_by_one(Fields& fields, const std::string& name) {
  const auto value = fields.text(name);
  if (name == "scale_down" && value != "preempt_resume" && value != "drain") throw NotUnderstood(name + " " + value);
  if (name == "scale_down_first" && value != "idle") throw NotUnderstood(name + " " + value);
  return name + ": " + value;
}

void require_states(const nlohmann::json& states, std::initializer_list<const char*> wanted) {
  if (!states.is_array() || states.size() != wanted.size()) throw NotUnderstood("states " + states.dump());
  for (const char* state : wanted)
    if (std::find(states.begin(), states.end(), state) == states.end()) throw NotUnderstood("states " + states.dump());
}

double read_billing(Fields billing) {
  require_states(billing.at("states"), {"starting", "ready"});
  if (billing.text("since") != "order" || billing.text("until") != "removal") throw NotUnderstood("billing of others");
  const double price = billing.number("price_per_replica_hour");
  billing.finish();
  return price;
}

Recorder autoscaler_recorder(const Measure& measure, double price) {
  const auto model = [](const TheoryRun& run) -> const ModelResult& { return run.models.at(0); };
  if (measure.kind == "time_average") {
    if (measure.of == "ready") return [=](const TheoryRun& run) { return model(run).ready_replicas.mean; };
    if (measure.of == "billed") return [=](const TheoryRun& run) { return model(run).replicas.mean; };
    if (measure.of == "cost_rate" && measure.per == "hour")
      return [=](const TheoryRun& run) { return model(run).replicas.mean * price; };
  }
  if (measure.kind == "event_fraction" && measure.per == "sample") {
    const auto share = [](double part, double whole) { return whole > 0 ? part / whole : std::nan(""); };
    if (measure.of == "scale_up_decision")
      return [=](const TheoryRun& run) {
        return share(static_cast<double>(model(run).scale_ups), static_cast<double>(model(run).decisions));
      };
    if (measure.of == "scale_down_decision")
      return [=](const TheoryRun& run) {
        return share(static_cast<double>(model(run).scale_downs), static_cast<double>(model(run).decisions));
      };
    if (measure.of == "ready_equals" && measure.replicas)
      return [=, key = ReadyCounter::key(*measure.replicas)](const TheoryRun& run) {
        const auto it = run.counted.find(key);
        return share(it == run.counted.end() ? 0 : it->second, run.counted.at("samples"));
      };
  }
  return make_recorder(measure, System{});
}

System map_autoscaler(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto service = law_yaml(fields.at("service"));
  if (!fields.at("servers").is_null() || !fields.at("capacity").is_null()) throw NotUnderstood("servers of two kinds");
  if (fields.text("discipline") != "fcfs") throw NotUnderstood("another discipline than fcfs");
  auto initial = fields.object("initial");
  initial.number("jobs");
  initial.number("replicas_ready");
  initial.finish();
  auto controller = fields.object("controller");
  const double interval_s = controller.number("interval_s");
  if (controller.number("first_sample_s") != interval_s) throw NotUnderstood("a first sample off the interval");
  if (controller.text("sampling") != "instant") throw NotUnderstood("sampling over time");
  require_states(controller.at("counts_as_current"), {"ready", "starting"});
  const auto rule = rule_yaml(controller.object("rule"));
  const auto signal = signal_key(controller.text("metric"), rule.find("threshold") != std::string::npos);
  const double cold_start_s = constant(controller.object("cold_start"));
  if (cold_start_s > interval_s) throw NotUnderstood("replicas that start over several intervals");
  const int least = positive(controller, "min_replicas"), most = positive(controller, "max_replicas");
  const auto down = one_by_one(controller, "scale_down"), first = one_by_one(controller, "scale_down_first");
  controller.finish();
  const double price = read_billing(fields.object("billing"));
  fields.finish();

  System out;
  out.models = fmt::format(
      "models: {{station: {{service_time: {}, concurrency: 1, dispatch: pull, cold_start: {{load: {}s}}}}}}\n"
      "workload: [{{model: station, arrivals: {}}}]\n{}"
      "scaling: {{station: {{{}, {}, min: {}, max: {}, interval: {}s, scrape_interval: 0s, {}, {}}}}}\n",
      service, decimal(cold_start_s), arrivals, pool_yaml(most), rule, signal, least, most, decimal(interval_s), down,
      first);
  out.run = [cold_start_s](const Scenario& scenario, std::uint64_t seed) -> Result<TheoryRun> {
    ReadyCounter counter(SimTime{} + scenario.warm_up, cold_start_s == 0);
    auto run = simulate(scenario, {.seed = seed, .observer = &counter});
    if (!run) return run.problems();
    TheoryRun result{std::move(*run)};
    counter.put_into(result);
    return result;
  };
  out.recorder = [price](const Measure& measure) { return autoscaler_recorder(measure, price); };
  return out;
}

Recorder keep_alive_recorder(const Measure& measure) {
  const auto model = [](const TheoryRun& run) -> const ModelResult& { return run.models.at(0); };
  const auto starts = [=](const TheoryRun& run) { return static_cast<double>(model(run).cold_start.starts); };
  if (measure.kind == "job_fraction" && measure.of == "triggers_cold_start")
    return [=](const TheoryRun& run) { return starts(run) / static_cast<double>(model(run).queries.arrived); };
  if (measure.kind == "rate" && measure.of == "cold_starts")
    return [=, unit = measure.unit_s](const TheoryRun& run) { return starts(run) / run.measured_s * unit; };
  if (measure.kind == "time_average") {
    if (measure.of == "off") return [=](const TheoryRun& run) { return 1 - model(run).replicas.mean; };
    if (measure.of == "billed") return [=](const TheoryRun& run) { return model(run).replicas.mean; };
    if (measure.of == "starting")
      return [=](const TheoryRun& run) { return model(run).replicas.mean - model(run).ready_replicas.mean; };
  }
  return make_recorder(measure, System{});
}

System map_keep_alive(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto service = law_yaml(fields.at("service"));
  if (fields.integer("servers") != 1 || !fields.at("capacity").is_null()) throw NotUnderstood("not one server");
  if (fields.text("discipline") != "fcfs") throw NotUnderstood("another discipline than fcfs");
  auto initial = fields.object("initial");
  initial.number("jobs");
  initial.text("replica");
  initial.finish();
  const double keep_alive_s = constant(fields.object("keep_alive"));
  const auto startup = law_yaml(fields.at("startup"));
  require_states(fields.at("billed_states"), {"starting", "ready"});
  fields.finish();
  const auto thresholds = thresholds_yaml(oracle);
  System out;
  // The policy itself never asks for more than one, and to and from zero is the activator's: its interval is idle.
  out.models = fmt::format(
      "models:\n  station:\n    service_time: {}\n    concurrency: 1\n    dispatch: pull\n    cold_start: {{load: "
      "{}}}\n{}"
      "workload: [{{model: station, arrivals: {}}}]\n{}"
      "scaling: {{station: {{policy: queue_depth, target_per_replica: 1000000, min: 0, max: 1, initial: 0, "
      "interval: 1000s, scrape_interval: 0s, keep_alive: {}s}}}}\n",
      service, startup, thresholds.empty() ? "" : "    " + thresholds + "\n", arrivals, pool_yaml(1),
      decimal(keep_alive_s));
  out.recorder = keep_alive_recorder;
  return out;
}

constexpr std::array kScalingFamilies{
    FamilyRule{"M/M/c(t) with sampled autoscaler", map_autoscaler},
    FamilyRule{"M/M/1 scale-to-zero with keep-alive", map_keep_alive},
};

}  // namespace

std::span<const FamilyRule> scaling_families() {
  return kScalingFamilies;
}

}  // namespace windtunnel::theory
