// Runs variants and replications on a thread pool, with progress and Ctrl-C, and writes their files.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bindings/cli/console.hpp"
#include "bindings/cli/run_options.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel::cli {

struct NamedScenario {
  std::string name;  ///< of the variant; empty for `run`
  Scenario scenario;
};

struct ExperimentResult {
  ExitCode code = kFine;                          ///< when not kFine it has been said why, and nothing was written
  std::vector<nlohmann::ordered_json> summaries;  ///< of each variant, replications merged
};

/// Opens every output first, so that a place that cannot be written ends it before anything has run; then runs every
/// (variant, replication), all variants with the same seeds; then writes. Files appear together at the end or not at
/// all. `run` writes to the folder itself; `compare` to one folder for each variant and compare.json beside them.
/// @throws IoError, InternalError
ExperimentResult run_experiment(const std::vector<NamedScenario>& variants, const RunCommandOptions& options);

/// What `compare --format json` prints: {"variants": [{"name", "summary"}, ...]}.
nlohmann::ordered_json comparison(const std::vector<NamedScenario>& variants,
                                  const std::vector<nlohmann::ordered_json>& summaries);

}  // namespace windtunnel::cli
