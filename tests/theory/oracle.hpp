// A case of exact values, as its file gives it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace windtunnel::theory {

/// What to record for one quantity. Fields a kind does not use stay empty.
struct Measure {
  std::string kind = {};  // job_mean, job_fraction, job_cdf, visit_mean, time_average, rate, completion_time
  std::string of = {};
  std::string jobs = {};              // population, where it is not all jobs: accepted, served
  std::optional<double> at_s = {};    // job_cdf
  std::optional<int> station = {};    // 1-based
  std::optional<int> job_class = {};  // 1-based
  std::optional<int> job = {};        // completion_time
  std::optional<int> event = {};      // outcome, memory_after
  std::optional<int> replicas = {};   // event_fraction of ready_equals
  std::optional<double> t_s = {};     // at_instant
  std::string stat = {};              // at_instant: mean, variance, fraction
  std::string per = {};               // rate: replica; event_mean: kill; event_fraction: sample
  double unit_s = 1;                  // rate: per this many seconds
};

enum class ToleranceKind { relative, absolute, exact };

struct Quantity {
  std::string name = {};
  double target = 0;  // value, or for job_cdf the probability at that value
  ToleranceKind tolerance = ToleranceKind::exact;
  double delta = 0;
  Measure measure = {};
  std::string not_understood = {};  // why, when this row cannot be checked; empty otherwise
};

struct Plan {
  int replications = 0;
  double k = 0;
  double warm_up_s = 0, measured_s = 0;
  double jobs_per_replication = 0;
  int runs = 0;  // in a replication, of kinds that begin anew; else 0
};

struct OracleCase {
  std::string id = {}, family = {}, kind = {};
  nlohmann::json parameters = {};
  Plan plan = {};
  std::vector<Quantity> quantities = {};  // checkable ones only
  std::string not_understood = {};        // why, when no row of it can be checked; empty otherwise
};

/// Reads one file's JSON. Never throws for content: what is strange is noted in `not_understood`.
OracleCase read_case(const nlohmann::json& file, const std::string& file_name);

}  // namespace windtunnel::theory
