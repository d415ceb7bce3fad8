// A scenario run as it is while somebody watches its memory, and again with the limits that follow.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/recommend/advice.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

struct TrialOptions {
  std::size_t rule = kLimitRules.size() - 1;  ///< of kLimitRules: whose limits are tried
  double margin = 0.15;
  int most_runs = 20;  ///< with limits; killed containers only show step by step what they need
};

struct Trial {
  std::vector<MemoryAdvice> advice;  ///< by model of the file, main memory first; from the last run's samples
  RunResult before, after;
  int runs = 0;    ///< with limits, until none of them killed anybody
  Scenario tried;  ///< the last run's
  std::vector<std::string> notes;
};

/// Runs it on its own seed. Problems for input that only running shows to be bad.
Result<Trial> try_limits(const Scenario& scenario, const TrialOptions& options);

}  // namespace windtunnel
