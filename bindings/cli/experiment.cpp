#include "bindings/cli/experiment.hpp"

#include <optional>
#include <utility>

#include "bindings/cli/interrupt.hpp"
#include "bindings/cli/progress_bar.hpp"

namespace windtunnel::cli {

ExperimentResult run_experiment(const std::vector<Variant>& variants, const RunCommandOptions& options,
                                std::vector<ExtraFile> extra_files, Problems problems) {
  const InterruptGuard interrupt;  // before the first temporary file is there
  std::optional<ProgressBar> bar(std::in_place, !options.quiet);
  const ExperimentOptions how{.replications = options.replications,
                              .how = {.threads = options.threads,
                                      .stop = &interrupt.flag(),
                                      .on_progress = [&bar](const RunSetProgress& progress) { bar->update(progress); }},
                              .folder = options.folder,
                              .per_query = options.per_query,
                              .on_run = {},
                              .extra_files = std::move(extra_files),
                              .problems = std::move(problems)};
  auto summaries = windtunnel::run_experiment(variants, how);
  bar.reset();  // before anything is said
  if (!summaries) return {refuse(summaries.problems()), {}};
  if (!*summaries) {
    say("windtunnel: interrupted; nothing was written");
    return {kInterrupted, {}};
  }
  return {kFine, std::move(**summaries)};
}

}  // namespace windtunnel::cli
