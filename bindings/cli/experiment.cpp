#include "bindings/cli/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>

#include "bindings/cli/interrupt.hpp"
#include "bindings/cli/progress_bar.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/output_folder.hpp"
#include "sim/report/per_query_file.hpp"
#include "sim/report/result_file.hpp"
#include "sim/report/summary.hpp"
#include "sim/runset/replications.hpp"
#include "sim/runset/run_set.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel::cli {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// What one variant writes: its first replication is followed as it runs, the rest is written at the end.
class VariantFiles final : public RunObserver {
 public:
  /// Opens everything; nothing appears under its own name yet.
  Result<bool> open(const NamedScenario& variant, OutputFolder* folder, const fs::path& subfolder,
                    const std::optional<fs::path>& per_query, std::mutex& hdf5) {
    if (folder != nullptr) {
      for (auto& [name, file] : {std::pair{"summary.json", &summary_}, std::pair{"scenario.resolved.yaml", &resolved_},
                                 std::pair{"result.h5", &result_}}) {
        auto added = folder->add(subfolder / name);
        if (!added) return added.problems();
        *file = *added;
      }
      result_file_ = std::make_unique<ResultFile>(result_->temporary(), variant.scenario,
                                                  replication_seed(variant.scenario.seed, 0), hdf5);
    }
    if (per_query) {
      auto opened = PendingFile::open(*per_query);
      if (!opened) return opened.problems();
      per_query_.emplace(std::move(*opened));
      per_query_file_ = std::make_unique<PerQueryFile>(per_query_->temporary(), variant.scenario);
    }
    return true;
  }

  void on_decision(const DecisionRecord& decision) override {
    if (result_file_) result_file_->on_decision(decision);
  }
  void on_kill(const KillRecord& kill) override {
    if (result_file_) result_file_->on_kill(kill);
  }
  [[nodiscard]] bool wants_samples() const override { return result_file_ != nullptr; }
  void on_series(const std::vector<Series>& series) override {
    if (result_file_) result_file_->on_series(series);
  }
  void on_sample(double at_s, const std::vector<double>& values) override {
    if (result_file_) result_file_->on_sample(at_s, values);
  }
  [[nodiscard]] bool wants_queries() const override { return per_query_file_ != nullptr; }
  void on_query(const QueryRecord& query) override { per_query_file_->on_query(query); }

  /// The first replication has ended.
  void finish_run(const RunResult& result) {
    if (result_file_) result_file_->finish(result);
    if (per_query_file_) per_query_file_->finish();
  }
  /// Every replication has ended.
  void write(const Json& summary, const Scenario& scenario) {
    if (summary_ != nullptr) summary_->write(json_text(summary));
    if (resolved_ != nullptr) resolved_->write(resolved_yaml(scenario));
  }
  void commit_query_file() {
    if (per_query_) per_query_->commit();
  }

 private:
  PendingFile *summary_ = nullptr, *resolved_ = nullptr, *result_ = nullptr;  // the folder's
  std::optional<PendingFile> per_query_;
  std::unique_ptr<ResultFile> result_file_;
  std::unique_ptr<PerQueryFile> per_query_file_;
};

/// A folder for each variant, no two the same.
std::vector<std::string> folder_names(const std::vector<NamedScenario>& variants) {
  std::vector<std::string> out;
  for (const NamedScenario& variant : variants) {
    const std::string plain = variant.name.empty() ? "" : folder_name(variant.name);
    std::string name = plain;
    for (int i = 2; std::find(out.begin(), out.end(), name) != out.end(); ++i) name = fmt::format("{}-{}", plain, i);
    out.push_back(std::move(name));
  }
  return out;
}

/// queries.csv of the variant "MPS" is queries.MPS.csv.
std::optional<fs::path> query_file(const std::optional<fs::path>& asked, const std::string& variant_folder) {
  if (!asked || variant_folder.empty()) return asked;
  fs::path out = *asked;
  out.replace_filename(asked->stem().string() + "." + variant_folder + asked->extension().string());
  return out;
}

class Experiment {
 public:
  Experiment(const std::vector<NamedScenario>& variants, const RunCommandOptions& options)
      : variants_(variants), options_(options), files_(variants.size()) {}

  ExperimentResult run() {
    const InterruptGuard interrupt;  // before the first temporary file is there
    if (const auto opened = open(); !opened) return {refuse(opened.problems()), {}};
    const auto end = run_all(interrupt.flag());
    if (!end) return {refuse(end.problems()), {}};
    if (*end == RunSetEnd::stopped) {
      say("windtunnel: interrupted; nothing was written");
      return {kInterrupted, {}};
    }
    merge();
    write();
    return {kFine, std::move(merged_)};
  }

 private:
  Result<bool> open() {
    if (options_.folder) {
      auto folder = OutputFolder::open(*options_.folder);
      if (!folder) return folder.problems();
      folder_.emplace(std::move(*folder));
    }
    const std::vector<std::string> names = folder_names(variants_);
    for (std::size_t i = 0; i < variants_.size(); ++i) {
      const auto opened = files_[i].open(variants_[i], folder_ ? &*folder_ : nullptr, names[i],
                                         query_file(options_.per_query, names[i]), hdf5_);
      if (!opened) return opened.problems();
    }
    if (!folder_ || variants_.front().name.empty()) return true;
    auto comparison_file = folder_->add("compare.json");
    if (!comparison_file) return comparison_file.problems();
    comparison_file_ = *comparison_file;
    return true;
  }

  /// Job (variant v, replication r) stands at v * replications + r.
  Result<RunSetEnd> run_all(const std::atomic<bool>& stop) {
    const std::size_t replications = options_.replications;
    std::vector<RunJob> jobs;
    for (std::size_t v = 0; v < variants_.size(); ++v)
      for (std::size_t r = 0; r < replications; ++r)
        jobs.push_back({.scenario = &variants_[v].scenario,
                        .seed = replication_seed(variants_[v].scenario.seed, r),
                        .observer = r == 0 ? &files_[v] : nullptr});
    summaries_.resize(jobs.size());
    ProgressBar bar(!options_.quiet);
    const RunSetOptions how{.threads = options_.threads,
                            .stop = &stop,
                            .on_progress = [&bar](const RunSetProgress& progress) { bar.update(progress); }};
    return run_set(jobs, simulate, how, [&](std::size_t index, RunResult&& result) {
      const std::size_t v = index / replications;
      if (index % replications == 0) files_[v].finish_run(result);
      summaries_[index] = summarize(variants_[v].scenario, result);
    });
  }

  void merge() {
    for (std::size_t v = 0; v < variants_.size(); ++v) {
      const std::size_t replications = options_.replications;
      merged_.push_back(merge_summaries(std::span(summaries_).subspan(v * replications, replications)));
    }
  }

  void write() {
    for (std::size_t v = 0; v < variants_.size(); ++v) files_[v].write(merged_[v], variants_[v].scenario);
    if (comparison_file_ != nullptr) comparison_file_->write(json_text(comparison(variants_, merged_)));
    for (VariantFiles& files : files_) files.commit_query_file();
    if (folder_) folder_->commit();
  }

  const std::vector<NamedScenario>& variants_;
  const RunCommandOptions& options_;
  std::mutex hdf5_;
  std::optional<OutputFolder> folder_;
  PendingFile* comparison_file_ = nullptr;  // the folder's
  std::vector<VariantFiles> files_;         // after the folder and the lock, whose files they hold open
  std::vector<Json> summaries_, merged_;
};

}  // namespace

ExperimentResult run_experiment(const std::vector<NamedScenario>& variants, const RunCommandOptions& options) {
  return Experiment(variants, options).run();
}

Json comparison(const std::vector<NamedScenario>& variants, const std::vector<Json>& summaries) {
  Json list = Json::array();
  for (std::size_t v = 0; v < variants.size(); ++v)
    list.push_back({{"name", variants[v].name}, {"summary", summaries[v]}});
  return {{"variants", std::move(list)}};
}

}  // namespace windtunnel::cli
