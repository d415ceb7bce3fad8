// Families and parameters become scenarios by rule; what no rule covers is not understood.
#include <gtest/gtest.h>

#include "sim/scenario/loader.hpp"
#include "tests/theory/check_case.hpp"
#include "tests/theory/fields.hpp"
#include "tests/theory/mapping.hpp"

namespace windtunnel::theory {
namespace {

nlohmann::json mm4() {
  return nlohmann::json::parse(R"({
    "schema": "oracle/1", "id": "x", "family": "M/M/c", "kind": "steady_state",
    "model": {"semantics": "", "parameters": {
      "arrivals": {"kind": "poisson", "rate_per_s": 12.8}, "service": {"law": "exp", "mean_s": 0.25, "scv": 1.0},
      "servers": 4, "capacity": null, "discipline": "fcfs", "initial": {"jobs": 0}}},
    "quick_plan": {"replications": 30, "k": 6, "warm_up_s": 20, "measured_s": 100, "jobs_per_replication": 1536},
    "quantities": [
      {"name": "mean_wait_s", "value": 0.18641, "unit": "s", "checkable": true,
       "tolerance": {"kind": "relative", "delta": 0.1}, "measure": {"kind": "job_mean", "of": "wait"}},
      {"name": "sojourn_p95_s", "value": 1.0, "cdf_at_value": 0.95, "unit": "s", "checkable": true,
       "tolerance": {"kind": "absolute", "delta": 0.1}, "measure": {"kind": "job_cdf", "of": "sojourn", "at_s": 1.0}},
      {"name": "a_root", "value": 0.1, "unit": "1", "checkable": false,
       "tolerance": {"kind": "relative", "delta": 0.1}, "measure": {"kind": "by_product", "of": "root"}}]})");
}

std::string yaml_of(const nlohmann::json& file) {
  return scenario_yaml(map_system(read_case(file, "x.json")), 20, 100);
}

TEST(TheoryMapping, ServersBecomeReplicasThatPullFromOneQueue) {
  const auto scenario = parse_scenario(yaml_of(mm4()), "x.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.problems()[0].text();
  EXPECT_EQ(scenario->scaling.at(0).initial, 4);
  EXPECT_EQ(scenario->models.at(0).dispatch, DispatchKind::pull);
  EXPECT_EQ(scenario->models.at(0).concurrency.limit, 1);
  EXPECT_EQ(scenario->horizon, to_duration(120));
  EXPECT_EQ(scenario->models.at(0).thresholds, std::vector<Duration>{to_duration(1)});
}

TEST(TheoryMapping, CapacityBecomesTheLargestBacklog) {
  auto file = mm4();
  file["model"]["parameters"]["capacity"] = 12;
  const auto scenario = parse_scenario(yaml_of(file), "x.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.problems()[0].text();
  EXPECT_EQ(scenario->models.at(0).max_in_system, 12);
}

TEST(TheoryMapping, AnyNameOfACaseGivesTheSameScenario) {
  auto renamed = mm4();
  renamed["id"] = "tandem-jsq-q20ms";
  EXPECT_EQ(yaml_of(mm4()), yaml_of(renamed));
}

TEST(TheoryMapping, UncheckableRowsAreNotCounted) {
  EXPECT_EQ(read_case(mm4(), "x.json").quantities.size(), 2U);
}

TEST(TheoryMapping, AnUnknownParameterIsNotUnderstood) {
  auto file = mm4();
  file["model"]["parameters"]["vacation"] = {{"law", "exp"}};
  EXPECT_THROW(map_system(read_case(file, "x.json")), NotUnderstood);
  const auto report = check_case(read_case(file, "x.json"), {});
  EXPECT_EQ(report.count(RowState::not_understood), 2);
}

TEST(TheoryMapping, AnUnknownLawKindOrDisciplineIsNotUnderstood) {
  for (const auto& [path, value] :
       std::vector<std::pair<std::string, nlohmann::json>>{{"/model/parameters/service/law", "pareto"},
                                                           {"/model/parameters/service/scv", 2.0},
                                                           {"/model/parameters/arrivals/kind", "mmpp"},
                                                           {"/model/parameters/discipline", "lifo"},
                                                           {"/model/parameters/servers", nullptr},
                                                           {"/family", "M/M/c with jockeying"},
                                                           {"/kind", "transient"}}) {
    auto file = mm4();
    file[nlohmann::json::json_pointer(path)] = value;
    EXPECT_THROW(map_system(read_case(file, "x.json")), NotUnderstood) << path;
  }
}

TEST(TheoryMapping, AnUnknownFieldOfTheFileStopsTheWholeCase) {
  auto file = mm4();
  file["scaling"] = "log";
  EXPECT_EQ(read_case(file, "x.json").not_understood, "unknown field file.scaling");
}

TEST(TheoryMapping, AnUnknownMeasureCostsOnlyItsRow) {
  auto file = mm4();
  file["quantities"][0]["measure"]["of"] = "regret";
  const auto oracle = read_case(file, "x.json");
  const auto system = map_system(oracle);
  EXPECT_THROW(make_recorder(oracle.quantities[0].measure, system), NotUnderstood);
  EXPECT_TRUE(make_recorder(oracle.quantities[1].measure, system));
}

TEST(TheoryMapping, DecimalsReadBackAsTheSameNumber) {
  for (const double value : {0.14285714285714285, 1e-7, 123456789.125, 0.0}) {
    EXPECT_EQ(std::stod(decimal(value)), value);
    EXPECT_EQ(decimal(value).find('e'), std::string::npos);
  }
}

nlohmann::json one_server(const char* family, const char* discipline) {
  auto file = mm4();
  file["family"] = family;
  file["model"]["parameters"]["servers"] = 1;
  file["model"]["parameters"]["discipline"] = discipline;
  file["quantities"].erase(0);  // the wait: a system of turns has none
  return file;
}

TEST(TheoryMapping, RoundRobinBecomesProcessesThatTakeTurnsOnOneCard) {
  auto file = one_server("M/M/1 round robin with switch cost", "round_robin");
  file["model"]["parameters"].update(
      {{"quantum_s", 0.02}, {"switch_s", 0.001}, {"switch_when", "next_slice_is_another_job"}});
  const auto scenario = parse_scenario(yaml_of(file), "x.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.problems()[0].text();
  const auto& sharing = scenario->node_pools.at(0).sharing;
  EXPECT_EQ(sharing.mode, "time_slicing");
  EXPECT_EQ(sharing.params.text("form"), "quantum");
  EXPECT_EQ(sharing.params.duration("slice"), std::chrono::milliseconds(20));
  EXPECT_EQ(sharing.params.duration("switch_cost"), std::chrono::milliseconds(1));
  EXPECT_EQ(sharing.params.number("efficiency"), 1);
  EXPECT_EQ(scenario->node_pools.at(0).max_nodes, 1);
  file["model"]["parameters"]["switch_when"] = "every_slice";
  EXPECT_THROW(map_system(read_case(file, "x.json")), NotUnderstood);
}

TEST(TheoryMapping, ASystemOfTurnsHasNoWaitToRecord) {
  const System turns{.turns = true};
  EXPECT_THROW(make_recorder({.kind = "job_mean", .of = "wait"}, turns), NotUnderstood);
  EXPECT_THROW(make_recorder({.kind = "time_average", .of = "busy"}, turns), NotUnderstood);
  EXPECT_TRUE(make_recorder({.kind = "time_average", .of = "switching"}, turns));
}

TEST(TheoryMapping, ClassesBecomeModelsWithTheirWeights) {
  auto file = one_server("discriminatory processor sharing", "weighted_processor_sharing");
  auto& parameters = file["model"]["parameters"];
  const nlohmann::json arrivals = parameters["arrivals"], service = parameters["service"];
  for (const char* gone : {"arrivals", "service", "capacity"}) parameters.erase(gone);
  for (const double weight : {1.0, 3.0})
    parameters["classes"].push_back({{"weight", weight}, {"arrivals", arrivals}, {"service", service}});
  const auto scenario = parse_scenario(yaml_of(file), "x.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.problems()[0].text();
  ASSERT_EQ(scenario->models.size(), 2U);
  EXPECT_EQ(scenario->models[1].compute_weight, 3);
  const System system{.classes = 2, .turns = true};
  EXPECT_TRUE(make_recorder({.kind = "job_mean", .of = "sojourn", .job_class = 2}, system));
  EXPECT_THROW(make_recorder({.kind = "job_mean", .of = "sojourn", .job_class = 3}, system), NotUnderstood);
  EXPECT_THROW(make_recorder({.kind = "job_mean", .of = "sojourn"}, system), NotUnderstood);
  EXPECT_THROW(make_recorder({.kind = "job_mean", .of = "sojourn", .job_class = 1}, {}), NotUnderstood);
}

TEST(TheoryMapping, FailuresBecomePausesOrCrashesByTheirEffect) {
  for (const char* effect : {"resume_job", "restart_job"}) {
    auto file = one_server("M/M/1 with breakdowns", "fcfs");
    const nlohmann::json law = {{"law", "exp"}, {"mean_s", 5.0}, {"scv", 1.0}};
    file["model"]["parameters"]["failures"] = {
        {"up", law}, {"down", law}, {"clock", "while_serving"}, {"effect", effect}};
    file["model"]["parameters"]["initial"] = {{"jobs", 0}, {"server", "up"}};
    const auto scenario = parse_scenario(yaml_of(file), "x.yaml", ".");
    ASSERT_TRUE(scenario) << scenario.problems()[0].text();
    const FaultsSpec& faults = scenario->models.at(0).faults;
    const bool resumes = std::string(effect) == "resume_job";
    EXPECT_EQ(faults.pause.has_value(), resumes);
    EXPECT_EQ(faults.crash.has_value(), !resumes);
    file["model"]["parameters"]["failures"]["effect"] = "lose_job";
    EXPECT_THROW(map_system(read_case(file, "x.json")), NotUnderstood);
  }
}

nlohmann::json memory_trace() {
  return nlohmann::json::parse(R"({
    "schema": "oracle/1", "id": "x", "family": "deterministic memory trace", "kind": "deterministic",
    "model": {"semantics": "", "parameters": {
      "device_memory_gib": 10, "replicas": 2, "refusal": "kill_requester", "after_kill": "ignored_until_restart",
      "initial": {"in_use_gib": [0, 0]},
      "modes": [{"name": "shared", "grant": {"own_limit_gib": null, "device_total": true,
        "old_level_released_first": true, "not_above_old_always_granted": true}}],
      "events": [{"time_s": 0, "replica": 0, "action": "demand", "demand_gib": 6},
                 {"time_s": 1, "replica": 1, "action": "demand", "demand_gib": 5},
                 {"time_s": 2, "replica": 1, "action": "demand", "demand_gib": 1},
                 {"time_s": 3, "replica": 1, "action": "restart"},
                 {"time_s": 3, "replica": 1, "action": "demand", "demand_gib": 4}]}},
    "quick_plan": {"replications": 1, "k": 6, "warm_up_s": 0, "measured_s": null, "jobs_per_replication": 5},
    "quantities": []})");
}

nlohmann::json memory_row(const char* kind, int event, double value) {
  nlohmann::json measure = {{"kind", kind}, {"of", "shared"}, {"event", event}};
  if (measure["kind"] == "outcome") measure["codes"] = {{"ignored", 0}, {"granted", 1}, {"killed", 2}};
  return {
      {"name", "row"}, {"value", value}, {"checkable", true}, {"tolerance", {{"kind", "exact"}}}, {"measure", measure}};
}

TEST(MemoryTrace, SaysWhatBecomesOfEachDemandAndWhatTheDeviceThenHolds) {
  auto file = memory_trace();
  const double outcomes[] = {1, 2, 0, -1, 1}, in_use[] = {6, 6, 6, 6, 10};
  for (int e = 0; e < 5; ++e) {
    if (outcomes[e] >= 0) file["quantities"].push_back(memory_row("outcome", e, outcomes[e]));
    file["quantities"].push_back(memory_row("memory_after", e, in_use[e]));
  }
  const auto report = check_case(read_case(file, "x.json"), {});
  EXPECT_EQ(report.count(RowState::passed), 9);
}

TEST(MemoryTrace, SeesAWrongFigure) {
  auto file = memory_trace();
  file["quantities"] = {memory_row("outcome", 1, 1), memory_row("memory_after", 4, 9), memory_row("outcome", 9, 1)};
  const auto report = check_case(read_case(file, "x.json"), {});
  EXPECT_EQ(report.count(RowState::failed), 2);
  EXPECT_EQ(report.count(RowState::not_understood), 1);
}

TEST(MemoryTrace, IsNotUnderstoodWhereItSaysMore) {
  auto file = memory_trace();
  // Of one element in braces g++ makes a list, clang the element.
  file["quantities"] = nlohmann::json::array({memory_row("outcome", 0, 1)});
  file["model"]["parameters"]["refusal"] = "kill_largest";
  EXPECT_EQ(check_case(read_case(file, "x.json"), {}).count(RowState::not_understood), 1);
}

// A chain of one level that is left and entered again, and of another that never fits: lives are geometric.
TEST(MemoryLevels, KillAsOftenAsTheRenewalArgumentSays) {
  auto file = nlohmann::json::parse(R"({
    "schema": "oracle/1", "id": "x", "family": "GPU memory, hard per-replica limit", "kind": "steady_state",
    "model": {"semantics": "", "parameters": {
      "replicas": 2, "device_memory_gib": 10, "levels_gib": [2, 6],
      "hold": [{"law": "exp", "mean_s": 2, "scv": 1}, {"law": "exp", "mean_s": 1, "scv": 1}],
      "next_level_prob": [[0.8, 0.2], [0.5, 0.5]], "transition_rate_per_s": [[0.4, 0.1], [0.5, 0.5]],
      "grant": {"own_limit_gib": [5, 5], "device_total": true, "old_level_released_first": true,
                "not_above_old_always_granted": false},
      "refusal": "kill_requester",
      "restart": {"law": "det", "mean_s": 10, "scv": 0, "then": "demand_level_0", "if_refused": "another_restart_time"},
      "initial": {"replicas_up": 0}}},
    "quick_plan": {"replications": 30, "k": 6, "warm_up_s": 100, "measured_s": 20000, "jobs_per_replication": 20000},
    "quantities": [
      {"name": "kills", "value": 0.05, "checkable": true, "tolerance": {"kind": "relative", "delta": 0.05},
       "measure": {"kind": "rate", "of": "kills", "per": "replica"}},
      {"name": "up", "value": 1.0, "checkable": true, "tolerance": {"kind": "relative", "delta": 0.05},
       "measure": {"kind": "time_average", "of": "up"}},
      {"name": "memory", "value": 2.0, "checkable": true, "tolerance": {"kind": "relative", "delta": 0.05},
       "measure": {"kind": "time_average", "of": "memory_gib"}},
      {"name": "life", "value": 10, "checkable": true, "tolerance": {"kind": "relative", "delta": 0.05},
       "measure": {"kind": "event_mean", "of": "start_to_kill", "per": "kill"}}]})");
  EXPECT_EQ(check_case(read_case(file, "x.json"), {}).count(RowState::passed), 4);
  file["model"]["parameters"]["grant"]["own_limit_gib"] = {5, 6};
  EXPECT_EQ(check_case(read_case(file, "x.json"), {}).count(RowState::not_understood), 4);
}

}  // namespace
}  // namespace windtunnel::theory
