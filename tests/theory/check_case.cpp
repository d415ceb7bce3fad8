// Steady-state cases: independent replications, lengthened while only precision is missed.
#include "tests/theory/check_case.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"

namespace windtunnel::theory {
namespace {

std::string first_line(const Problems& problems) {
  return problems.empty() ? "no reason given" : problems[0].text();
}

/// Fixed for each (case, replication): the verdict is a function of the code alone.
std::uint64_t seed_of(const OracleCase& oracle, int replication) {
  return RngStreams(20260101).keyed("theory/" + oracle.id, static_cast<std::uint64_t>(replication), 0)();
}

Result<TheoryRun> run_once(const System& system, const Scenario& scenario, std::uint64_t seed, int runs) {
  if (system.run_many) return system.run_many(scenario, seed, runs);
  if (system.run) return system.run(scenario, seed);
  auto run = simulate(scenario, {.seed = seed});
  if (!run) return run.problems();
  return TheoryRun{std::move(*run)};
}

/// values[row][replication] of one plan; rows without a recorder stay empty.
std::vector<std::vector<double>> replicate(const OracleCase& oracle, const System& system, const Scenario& scenario,
                                           const std::vector<Recorder>& recorders, int threads, int runs) {
  const int replications = oracle.plan.replications;
  std::vector<std::vector<double>> values(recorders.size());
  for (std::size_t row = 0; row < recorders.size(); ++row) {
    if (recorders[row]) values[row].resize(static_cast<std::size_t>(replications));
  }
  std::atomic<int> next{0};
  std::mutex mutex;
  std::string broken;
  const auto work = [&] {
    for (int r = next++; r < replications; r = next++) {
      try {
        const auto run = run_once(system, scenario, seed_of(oracle, r), runs);
        if (!run) throw std::runtime_error(first_line(run.problems()));
        for (std::size_t row = 0; row < recorders.size(); ++row) {
          if (recorders[row]) values[row][static_cast<std::size_t>(r)] = recorders[row](*run);
        }
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        broken = error.what();
        next = replications;
      }
    }
  };
  std::vector<std::thread> pool;
  for (int i = 0; i < std::min(threads, replications); ++i) pool.emplace_back(work);
  for (auto& thread : pool) thread.join();
  if (!broken.empty()) throw std::runtime_error(broken);
  return values;
}

void judge_rows(const OracleCase& oracle, const std::vector<std::vector<double>>& values, bool last,
                std::vector<bool>& open, CaseReport& report) {
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    if (!open[i]) continue;
    auto& row = report.rows[i];
    row.seen = estimate(values[i]);
    row.z = standardised(row.seen, oracle.quantities[i]);
    const auto verdict = judge(row.seen, oracle.quantities[i], oracle.plan.k);
    open[i] = verdict == Verdict::imprecise && !last;
    row.state = verdict == Verdict::passed ? RowState::passed : RowState::failed;
    row.note = verdict == Verdict::wrong ? "off by more than k SE" : verdict == Verdict::imprecise ? "too short" : "";
  }
}

CaseReport nothing_understood(const OracleCase& oracle, const std::string& why) {
  CaseReport report;
  for (const auto& quantity : oracle.quantities) {
    report.rows.push_back({.name = quantity.name, .target = quantity.target, .note = why});
  }
  // A file without readable rows still shows up in the count.
  if (report.rows.empty() && !oracle.not_understood.empty()) report.rows.push_back({.name = "(file)", .note = why});
  return report;
}

Scenario make_scenario(const OracleCase& oracle, const System& system, double length) {
  const bool anew = system.run_s > 0;  // a run begins where the case says
  const auto text = anew ? scenario_yaml(system, 0, system.run_s)
                         : scenario_yaml(system, oracle.plan.warm_up_s, oracle.plan.measured_s * length);
  auto scenario = parse_scenario(text, oracle.id + ".yaml", ".");
  if (!scenario) throw std::runtime_error("the scenario made from it is refused: " + first_line(scenario.problems()));
  return *scenario;
}

}  // namespace

int CaseReport::count(RowState state) const {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.state == state; }));
}

CaseReport check_case(const OracleCase& oracle, const CheckOptions& options) {
  if (!oracle.not_understood.empty()) return nothing_understood(oracle, oracle.not_understood);
  if (oracle.family == "deterministic trace") return check_trace(oracle);
  if (oracle.family == "deterministic memory trace") return check_memory_trace(oracle);
  System system;
  try {
    system = map_system(oracle);
    if (oracle.plan.replications < 2 || oracle.plan.measured_s <= 0) throw NotUnderstood("a plan without a window");
    if (system.run_many && oracle.plan.runs < 2) throw NotUnderstood("a plan without runs");
  } catch (const NotUnderstood& why) {
    return nothing_understood(oracle, why.what());
  }

  CaseReport report;
  std::vector<Recorder> recorders;
  std::vector<bool> open;
  for (const auto& quantity : oracle.quantities) {
    Row row{.name = quantity.name, .target = quantity.target, .note = quantity.not_understood};
    Recorder recorder;
    try {
      if (row.note.empty()) recorder = make_recorder(quantity.measure, system);
    } catch (const NotUnderstood& why) {
      row.note = why.what();
    }
    open.push_back(static_cast<bool>(recorder));
    recorders.push_back(std::move(recorder));
    report.rows.push_back(std::move(row));
  }

  try {
    report.length = options.length;
    for (int round = 0; std::find(open.begin(), open.end(), true) != open.end(); ++round) {
      if (round > 0) report.length *= 2;
      const auto scenario = make_scenario(oracle, system, report.length);
      const int runs = static_cast<int>(oracle.plan.runs * report.length);
      const auto values = replicate(oracle, system, scenario, recorders, options.threads, runs);
      judge_rows(oracle, values, round >= options.lengthenings, open, report);
    }
  } catch (const std::exception& error) {
    for (std::size_t i = 0; i < report.rows.size(); ++i) {
      if (open[i]) report.rows[i].state = RowState::failed, report.rows[i].note = error.what();
    }
  }
  return report;
}

}  // namespace windtunnel::theory
