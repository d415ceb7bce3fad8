// Servers that stand still or die now and then: a model of one replica with faults.
#include <array>

#include <fmt/format.h>

#include "tests/theory/mapping_pieces.hpp"

namespace windtunnel::theory {
namespace {

// Every try but the last is cut short. A query of these cases is never given up for it.
constexpr int kManyDeliveries = 60000;

/// `failures` as the model's faults: work that resumes is a pause, work that restarts a crash.
std::string faults_yaml(Fields failures, System& out) {
  const auto up = law_yaml(failures.at("up")), down = law_yaml(failures.at("down"));
  const auto clock = failures.text("clock"), effect = failures.text("effect");
  failures.finish();
  if (clock != "always" && clock != "while_serving") throw NotUnderstood("a clock that runs " + clock);
  out.pauses = effect == "resume_job";
  out.crashes = effect == "restart_job";
  if (!out.pauses && !out.crashes) throw NotUnderstood("failures with effect " + effect);
  return fmt::format("{{{}: {{up: {}, down: {}, clock: {}}}}}", out.pauses ? "pause" : "crash", up, down, clock);
}

System map_unreliable_server(const OracleCase& oracle) {
  Fields fields(oracle.parameters, "parameters");
  System out;
  const auto arrivals = arrivals_yaml(fields.object("arrivals"));
  const auto service = law_yaml(fields.at("service"));
  // On several servers the work of one that died could go on at another, and the file does not say whether it may.
  if (fields.integer("servers") != 1) throw NotUnderstood("failures of several servers");
  if (!fields.at("capacity").is_null()) throw NotUnderstood("failures and a capacity");
  if (fields.text("discipline") != "fcfs") throw NotUnderstood("failures under another discipline than fcfs");
  const auto faults = faults_yaml(fields.object("failures"), out);
  auto initial = fields.object("initial");
  initial.number("jobs");
  initial.text("server");
  initial.finish();
  fields.finish();
  const auto thresholds = thresholds_yaml(oracle);
  out.models = fmt::format(
      "models:\n  station:\n    service_time: {}\n    concurrency: 1\n    dispatch: pull\n    max_deliveries: {}\n"
      "    faults: {}\n{}workload: [{{model: station, arrivals: {}}}]\n{}"
      "scaling: {{station: {{policy: fixed, replicas: 1}}}}\n",
      service, kManyDeliveries, faults, thresholds.empty() ? "" : "    " + thresholds + "\n", arrivals, pool_yaml(1));
  return out;
}

constexpr std::array kFaultFamilies{
    FamilyRule{"M/M/1 with breakdowns", map_unreliable_server},
    FamilyRule{"M/D/1, crash loses the job's progress", map_unreliable_server},
};

}  // namespace

std::span<const FamilyRule> fault_families() {
  return kFaultFamilies;
}

}  // namespace windtunnel::theory
