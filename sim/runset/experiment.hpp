// Variants and replications of a scenario as one run set, with their files: what every way in (command line, Python)
// runs.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/runset/run_set.hpp"

namespace windtunnel {

/// A scenario to run, with what the caller adds to it.
struct Variant {
  std::string name;  ///< empty where there is one only: it writes to the folder itself
  Scenario scenario;
  PolicyMaker make_policy = {};     ///< see RunOptions
  RunObserver* observer = nullptr;  ///< of the first replication; may be null, must outlive the call
};

/// Takes a run's result after its summary was taken. On that run's thread, for different runs at the same time.
using OnVariantRun = std::function<void(std::size_t variant, std::uint64_t replication, RunResult&& result)>;

using Summaries = std::vector<nlohmann::ordered_json>;

/// A file that the caller makes of the summaries; it appears together with the others.
struct ExtraFile {
  std::string option;  ///< what asked for it, for messages: "--junit"
  std::filesystem::path file;
  std::function<std::string(const Summaries&)> text;
};

struct ExperimentOptions {
  std::uint64_t replications = 1;
  RunSetOptions how;                               ///< threads, stopping, progress
  std::optional<std::filesystem::path> folder;     ///< -o
  std::optional<std::filesystem::path> per_query;  ///< a row for each query of the first replications
  OnVariantRun on_run;                             ///< may be empty
  std::vector<ExtraFile> extra_files = {};
  /// What the caller found wrong already: nothing runs then, and it is said together with what is wrong with the files.
  Problems problems = {};
};

/// Opens every output first, so that a place that cannot be written ends it before anything has run, and so does an
/// output that would replace an input or another output; then runs every (variant, replication), all variants with the
/// same seeds; then writes. Files appear together at the end or not at all: one folder for each named variant and
/// compare.json beside them.
/// @return the summary of each variant, replications merged; nullopt when it was stopped, up to the moment the files
///         appear: nothing was written then
/// @throws IoError, InternalError, and what a caller's policy throws
Result<std::optional<Summaries>> run_experiment(const std::vector<Variant>& variants, const ExperimentOptions& options);

/// {"variants": [{"name", "summary"}, ...]}: compare.json, and what `compare --format json` prints.
nlohmann::ordered_json comparison(const std::vector<Variant>& variants, const Summaries& summaries);

}  // namespace windtunnel
