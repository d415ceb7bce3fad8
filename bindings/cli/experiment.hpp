// An experiment on the command line: progress on the terminal, Ctrl-C, messages and exit codes.
#pragma once

#include <vector>

#include "bindings/cli/console.hpp"
#include "bindings/cli/run_options.hpp"
#include "sim/runset/experiment.hpp"

namespace windtunnel::cli {

struct ExperimentResult {
  ExitCode code = kFine;  ///< when not kFine it has been said why, and nothing was written
  Summaries summaries;    ///< of each variant, replications merged
};

/// run_experiment() with what the command line was asked for. @throws IoError, InternalError
/// @param problems  found already, see ExperimentOptions
ExperimentResult run_experiment(const std::vector<Variant>& variants, const RunCommandOptions& options,
                                std::vector<ExtraFile> extra_files = {}, Problems problems = {});

}  // namespace windtunnel::cli
