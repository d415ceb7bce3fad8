// From a family and its structured parameters to a scenario of this engine, and from measures to what a run records.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "tests/theory/oracle.hpp"

namespace windtunnel::theory {

/// A run, and what was counted beside its result where a system does so.
struct TheoryRun : RunResult {
  std::map<std::string, double> counted = {};
};

struct System;
using Recorder = std::function<double(const TheoryRun&)>;

/// The system a case describes, as far as recording needs to know it.
struct System {
  std::string models = {};  // YAML of the blocks models, pipelines, workload, cluster and scaling
  int servers = 1;
  int stations = 1;      // more than one: a pipeline
  double speed = 1;      // seconds of work a second when alone; work is divided by it in the scenario
  bool rejects = false;  // there is a capacity
  // Where a system needs more than its scenario (a process of the tests' own, counts of its own); else empty.
  std::function<Result<TheoryRun>(const Scenario&, std::uint64_t seed)> run = {};
  // Kinds that begin anew: so many runs of `run_s` seconds each, put together. Empty for long runs.
  double run_s = 0;
  std::function<Result<TheoryRun>(const Scenario&, std::uint64_t seed, int runs)> run_many = {};
  // Where measures mean something of their own there; else the common rules hold.
  std::function<Recorder(const Measure&)> recorder = {};
  bool batches = false;  // jobs are served in batches
  int priorities = 0;    // classes of one model; 0: none
  int classes = 0;       // classes of jobs, each a model of its own; 0: no classes
  bool turns = false;    // a job is a process: what its model says of replicas is said of jobs
  bool pauses = false;   // the server stands still now and then
  bool crashes = false;  // the server dies now and then: a wait ends with the first of several starts
};

/// Maps the parameters of a steady-state case. Thresholds of job_cdf rows become exact counters.
/// @throws NotUnderstood for a family, field, kind, law or value that no rule here covers
System map_system(const OracleCase& oracle);

/// The scenario's text for a window of that length.
std::string scenario_yaml(const System& system, double warm_up_s, double measured_s);

/// The one number of a replication that `measure` asks for.
/// @throws NotUnderstood when this system or engine has no such number
Recorder make_recorder(const Measure& measure, const System& system);
/// Those of systems with classes, turns, pauses or crashes that differ; empty where the usual one holds.
Recorder special_recorder(const Measure& measure, const System& system);

/// Three or more levels of memory that replicas on one GPU move between (mapping_memory.cpp).
System map_memory_levels(const OracleCase& oracle);

/// The service laws of the reference files, as a scenario writes them: "{law: lognormal, mean: 0.1s, scv: 4}".
std::string law_yaml(const nlohmann::json& law, double speed = 1);
/// The same of a plain number: the size of a query that takes a second for each unit of it.
std::string size_law_yaml(const nlohmann::json& law);
/// Shortest plain decimal that reads back as the same number; scenario files take no exponents for granted.
std::string decimal(double value);

}  // namespace windtunnel::theory
