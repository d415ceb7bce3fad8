// Deterministic memory traces: a list of demands becomes, for each replica, the phases of one batch; outcomes and what
// the device holds are read off the ledger's own record.
#include <cmath>
#include <map>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/theory/check_case.hpp"
#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"
#include "tests/theory/memory_units.hpp"

namespace windtunnel::theory {
namespace {

// The replicas are up, holding nothing, this long before the trace begins.
constexpr Duration kStart = std::chrono::seconds(1);

enum Outcome { kIgnored = 0, kGranted = 1, kKilled = 2 };

struct MemoryEvent {
  SimTime at{};
  std::uint32_t replica = 0;
  bool restart = false;
  double demand_gib = 0;
};

struct MemoryMode {
  std::string name;
  std::vector<double> limits_gib;  // empty: none
};

struct MemoryTrace {
  double device_gib = 0;
  std::uint32_t replicas = 0;
  std::vector<MemoryEvent> events;
  std::vector<MemoryMode> modes;
};

MemoryEvent read_event(Fields fields, std::uint32_t replicas) {
  MemoryEvent out{.at = SimTime{} + kStart + to_duration(fields.number("time_s")),
                  .replica = static_cast<std::uint32_t>(fields.integer("replica"))};
  if (out.replica >= replicas) throw NotUnderstood("an event of a replica that is not there");
  const auto action = fields.text("action");
  if (action != "demand" && action != "restart") throw NotUnderstood("action \"" + action + "\"");
  out.restart = action == "restart";
  if (!out.restart) out.demand_gib = fields.number("demand_gib");
  fields.finish();
  return out;
}

MemoryMode read_mode(Fields fields, std::uint32_t replicas) {
  MemoryMode out{.name = fields.text("name"), .limits_gib = {}};
  auto grant = fields.object("grant");
  const auto& limits = grant.at("own_limit_gib");
  if (!limits.is_null()) out.limits_gib = limits.get<std::vector<double>>();
  if (!limits.is_null() && out.limits_gib.size() != replicas) throw NotUnderstood("limits of another number");
  if (!grant.boolean("device_total") || !grant.boolean("old_level_released_first"))
    throw NotUnderstood("a grant without the device's check, or beside the old amount");
  grant.skip({"not_above_old_always_granted"});  // what is held was granted: never above the limit
  grant.finish();
  fields.finish();
  return out;
}

MemoryTrace read_trace(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  MemoryTrace out;
  out.device_gib = fields.number("device_memory_gib");
  out.replicas = static_cast<std::uint32_t>(fields.integer("replicas"));
  if (out.replicas < 1 || out.replicas > 48) throw NotUnderstood("replicas = " + std::to_string(out.replicas));
  if (fields.text("refusal") != "kill_requester" || fields.text("after_kill") != "ignored_until_restart")
    throw NotUnderstood("another refusal than kill_requester, ignored_until_restart");
  auto initial = fields.object("initial");
  for (const auto& held : initial.at("in_use_gib"))
    if (held != 0) throw NotUnderstood("replicas that hold memory at the start");
  initial.finish();
  for (const auto& event : fields.at("events")) {
    out.events.push_back(read_event(Fields(event, "events[]"), out.replicas));
    if (out.events.size() < 2) continue;
    const auto& last = out.events[out.events.size() - 2];
    const auto& now = out.events.back();
    if (now.at < last.at || (now.at == last.at && now.replica < last.replica))
      throw NotUnderstood("events that are not in order of time and, at one instant, of replica");
  }
  for (const auto& mode : fields.at("modes")) out.modes.push_back(read_mode(Fields(mode, "modes[]"), out.replicas));
  fields.finish();
  return out;
}

/// The script of one replica: between two of its events its batch holds what the first one asked for. A batch that
/// begins anew although events were behind it follows a kill: it holds nothing until the next restart.
class Script final : public PhaseSource {
 public:
  Script(const std::vector<MemoryEvent>& events, std::uint32_t replica, const MemoryUnits& units,
         std::vector<int>& outcomes)
      : events_(events), replica_(replica), units_(units), outcomes_(outcomes) {}

  std::optional<BatchPhase> phase(std::uint32_t, std::uint32_t index, SimTime now) override {
    if (index == 0 && at_ != kBefore) {  // begun anew: the last demand was refused
      outcomes_[at_] = kKilled;
      skip_to_restart();
    } else {
      if (index > 0) at_ = coming_;
      coming_ = next_of_replica(at_ == kBefore ? 0 : at_ + 1);
      if (index > 0 && !events_[at_].restart) outcomes_[at_] = kGranted;  // unless a new batch says otherwise
    }
    const bool holds = at_ != kBefore && !events_[at_].restart && index > 0;
    const Bytes amount = holds ? units_.bytes(events_[at_].demand_gib) : Bytes{};
    const SimTime until = coming_ < events_.size() ? events_[coming_].at : now + std::chrono::hours(1);
    return BatchPhase{static_cast<double>((until - now).count()), {amount, amount}};
  }

 private:
  static constexpr std::size_t kBefore = ~std::size_t{0};

  [[nodiscard]] std::size_t next_of_replica(std::size_t from) const {
    while (from < events_.size() && events_[from].replica != replica_) ++from;
    return from;
  }
  void skip_to_restart() {
    coming_ = next_of_replica(at_ + 1);
    while (coming_ < events_.size() && !events_[coming_].restart) {
      outcomes_[coming_] = kIgnored;
      coming_ = next_of_replica(coming_ + 1);
    }
  }

  const std::vector<MemoryEvent>& events_;
  std::uint32_t replica_;
  const MemoryUnits& units_;
  std::vector<int>& outcomes_;
  std::size_t at_ = kBefore, coming_ = 0;  // events: the last one, the next one
};

/// All that the ledger said, in order.
struct Ledger final : RunObserver {
  std::vector<MemoryRecord> records;
  [[nodiscard]] bool wants_memory() const override { return true; }
  void on_memory(const MemoryRecord& record) override {
    if (record.change.value != 0) records.push_back(record);
  }
};

struct MemoryReplay {
  std::vector<int> outcomes;
  std::vector<double> in_use_gib;  // after each event
};

// Each replica is a model of its own; queries come in the replicas' order.
std::string trace_yaml(const MemoryTrace& trace, const MemoryMode& mode, const MemoryUnits& units) {
  std::string models, workload;
  for (std::uint32_t r = 0; r < trace.replicas; ++r) {
    const auto limit =
        mode.limits_gib.empty() ? "" : fmt::format(", memory_limit: {}B", units.bytes(mode.limits_gib[r]).value);
    models += fmt::format(
        "  r{}: {{latency: {{fixed: 1s, sm_activity: {}}}, memory: {{context: 0, context_mps: 0, allocator: plain}}, "
        "restart_backoff: {{first: 0s, most: 0s}}, max_deliveries: 60000{}}}\n",
        r, decimal(1.0 / trace.replicas), limit);
    workload +=
        fmt::format("{}{{model: r{}, queries: 1, arrivals: {{process: renewal, law: deterministic, rate: {}/s}}}}",
                    r > 0 ? ", " : "", r, decimal(1000.0 / (r + 1)));
  }
  return fmt::format(
      "schema: 1\nname: memory\nhorizon: {}s\nmodels:\n{}workload: [{}]\n"
      "cluster: {{node_pools: {{pool: {{gpu: {}, nodes: 1, price: 0/h, sharing: {{mode: mps, replicas: {}, "
      "active_threads: 1, contention: 1, limit_memory: {}}}}}}}}}\n",
      decimal(to_seconds(trace.events.back().at - SimTime{}) + 10), models, workload, MemoryUnits::gpu(),
      trace.replicas, mode.limits_gib.empty() ? "false" : "true");
}

// What the device holds after each event, read off the ledger's record, in which each event has left as many lines as
// it changed the ledger or was refused.
std::vector<double> in_use_after(const MemoryTrace& trace, const Ledger& ledger, const std::vector<int>& outcomes,
                                 const MemoryUnits& units) {
  std::vector<double> out;
  std::vector<double> held(trace.replicas, 0);
  auto line = ledger.records.begin();
  Bytes in_use = units.driver_reserve();
  for (std::size_t e = 0; e < trace.events.size(); ++e) {
    const auto& event = trace.events[e];
    double& mine = held[event.replica];
    const bool killed = !event.restart && outcomes[e] == kKilled;
    const bool granted = !event.restart && outcomes[e] == kGranted;
    const double after = granted ? event.demand_gib : killed || event.restart ? 0 : mine;
    for (int lines = (killed ? 1 : 0) + (after != mine ? 1 : 0); lines > 0; --lines, ++line) {
      if (line == ledger.records.end() || line->at != event.at || line->model != event.replica)
        throw std::runtime_error(fmt::format("the ledger's record says something else of event {}", e));
      in_use = line->device_used;
    }
    mine = after;
    out.push_back(units.gib(in_use - units.driver_reserve()));
  }
  return out;
}

MemoryReplay replay(const MemoryTrace& trace, const MemoryMode& mode) {
  std::vector<double> amounts = mode.limits_gib;
  for (const auto& event : trace.events) amounts.push_back(event.demand_gib);
  const MemoryUnits units(trace.device_gib, amounts);
  const auto scenario = parse_scenario(trace_yaml(trace, mode, units), "memory.yaml", ".");
  if (!scenario) throw std::runtime_error("the scenario made from it is refused: " + scenario.problems()[0].text());
  MemoryReplay out{.outcomes = std::vector<int>(trace.events.size(), kIgnored), .in_use_gib = {}};
  Ledger ledger;
  std::uint32_t models = 0;  // asked for in the order of the file
  const auto make = [&](const ModelSpec&) {
    return std::make_unique<Script>(trace.events, models++, units, out.outcomes);
  };
  const auto run = simulate(*scenario, {.seed = 1, .observer = &ledger, .make_phases = make});
  if (!run) throw std::runtime_error(run.problems()[0].text());
  out.in_use_gib = in_use_after(trace, ledger, out.outcomes, units);
  return out;
}

Row check_row(const Quantity& quantity, const MemoryTrace& trace, const std::map<std::string, MemoryReplay>& replays,
              const std::map<std::string, std::string>& broken) {
  Row row{.name = quantity.name, .target = quantity.target, .note = quantity.not_understood};
  const auto& m = quantity.measure;
  if (!row.note.empty()) return row;
  const bool known = m.kind == "outcome" || m.kind == "memory_after";
  if (!known || m.job_class || !m.event || *m.event < 0 || *m.event >= static_cast<int>(trace.events.size()) ||
      quantity.tolerance != ToleranceKind::exact) {
    row.note = "measure " + m.kind + " of " + m.of;
  } else if (const auto error = broken.find(m.of); error != broken.end()) {
    row.state = RowState::failed, row.note = error->second;
  } else if (const auto it = replays.find(m.of); it == replays.end()) {
    row.note = "no such mode";
  } else {
    const auto e = static_cast<std::size_t>(*m.event);
    row.seen.mean = m.kind == "outcome" ? it->second.outcomes[e] : it->second.in_use_gib[e];
    const bool right = judge(row.seen, quantity, 0) == Verdict::passed;
    row.state = right ? RowState::passed : RowState::failed;
    row.note = right ? "" : "something else became of it";
  }
  return row;
}

}  // namespace

CaseReport check_memory_trace(const OracleCase& oracle) {
  MemoryTrace trace;
  std::map<std::string, MemoryReplay> replays;
  std::map<std::string, std::string> broken;
  std::string why;
  try {
    if (oracle.kind != "deterministic") throw NotUnderstood("kind \"" + oracle.kind + "\"");
    trace = read_trace(oracle);
    for (const auto& mode : trace.modes) {
      try {
        replays[mode.name] = replay(trace, mode);
      } catch (const NotUnderstood&) {
        throw;
      } catch (const std::exception& error) {
        broken[mode.name] = error.what();
      }
    }
  } catch (const NotUnderstood& reason) {
    why = reason.what();
  }
  CaseReport report;
  for (const auto& quantity : oracle.quantities) {
    report.rows.push_back(why.empty() ? check_row(quantity, trace, replays, broken)
                                      : Row{.name = quantity.name, .target = quantity.target, .note = why});
  }
  return report;
}

}  // namespace windtunnel::theory
