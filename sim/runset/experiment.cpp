#include "sim/runset/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/report/file_claims.hpp"
#include "sim/report/observer_pair.hpp"
#include "sim/report/summary.hpp"
#include "sim/runset/replications.hpp"
#include "sim/runset/variant_files.hpp"

namespace windtunnel {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kComparison = "compare.json";

/// A folder for each variant, no two the same.
std::vector<std::string> folder_names(const std::vector<Variant>& variants) {
  std::vector<std::string> out;
  for (const Variant& variant : variants) {
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

void add_traces(FileClaims& claims, const WorkloadSpec& workload) {
  if (const auto* trace = std::get_if<TraceSpec>(&workload.source)) claims.add_input("the trace", trace->file);
  for (const TransformSpec& transform : workload.transforms)
    for (const WorkloadSpec& source : transform.sources) add_traces(claims, source);
}

/// Whether a policy sets the replicas of any model.
bool decides(const Variant& variant) {
  const auto& scaling = variant.scenario.scaling;
  return variant.make_policy ||
         std::any_of(scaling.begin(), scaling.end(), [](const ScalingSpec& spec) { return spec.policy != "fixed"; });
}

void add_inputs(FileClaims& claims, const Scenario& scenario) {
  if (!scenario.file.empty()) claims.add_input("the scenario", scenario.file);
  for (const WorkloadSpec& workload : scenario.workload) add_traces(claims, workload);
}

class Experiment {
 public:
  Experiment(const std::vector<Variant>& variants, const ExperimentOptions& options)
      : variants_(variants), options_(options), names_(folder_names(variants)), files_(variants.size()) {}

  Result<std::optional<Summaries>> run() {
    if (const auto opened = open(); !opened) return opened.problems();
    const auto end = run_all();
    if (!end) return end.problems();
    if (*end == RunSetEnd::stopped) return std::optional<Summaries>();
    merge();
    if (is_stopped()) return std::optional<Summaries>();
    write();
    if (is_stopped()) return std::optional<Summaries>();
    commit();
    return std::optional(std::move(merged_));
  }

 private:
  Problems clashes() const {
    FileClaims claims;
    for (const Variant& variant : variants_) add_inputs(claims, variant.scenario);
    if (options_.folder) {
      for (const std::string& name : names_)
        for (const char* file : VariantFiles::kNames) claims.add_output("the result", *options_.folder / name / file);
      if (has_comparison()) claims.add_output("the result", *options_.folder / kComparison);
    }
    if (options_.per_query)
      for (const std::string& name : names_) claims.add_output("--per-query", *query_file(options_.per_query, name));
    for (const ExtraFile& extra : options_.extra_files) claims.add_output(extra.option, extra.file);
    return claims.problems();
  }

  Result<bool> open() {
    Problems problems = clashes();
    if (problems.empty()) problems = open_files();
    problems.insert(problems.begin(), options_.problems.begin(), options_.problems.end());
    if (!problems.empty()) return problems;
    return true;
  }

  /// The folder first: other files may lie in it.
  Problems open_files() {
    if (options_.folder) {
      auto folder = OutputFolder::open(*options_.folder);
      if (!folder) return folder.problems();
      folder_.emplace(std::move(*folder));
    }
    for (std::size_t i = 0; i < variants_.size(); ++i) {
      const auto opened = files_[i].open(variants_[i].scenario, folder_ ? &*folder_ : nullptr, names_[i],
                                         query_file(options_.per_query, names_[i]), decides(variants_[i]));
      if (!opened) return opened.problems();
    }
    if (folder_ && has_comparison()) {
      auto comparison_file = folder_->add(kComparison);
      if (!comparison_file) return comparison_file.problems();
      comparison_file_ = *comparison_file;
    }
    return open_extra_files();
  }

  Problems open_extra_files() {
    Problems problems;
    for (const ExtraFile& extra : options_.extra_files) {
      auto opened = PendingFile::open(extra.file);
      if (opened)
        extra_files_.push_back(std::move(*opened));
      else
        problems.push_back(opened.problems().front());
    }
    return problems;
  }

  [[nodiscard]] bool has_comparison() const { return !variants_.front().name.empty(); }
  [[nodiscard]] bool is_stopped() const { return options_.how.stop != nullptr && options_.how.stop->load(); }

  /// Job (variant v, replication r) stands at v * replications + r.
  Result<RunSetEnd> run_all() {
    const std::size_t replications = options_.replications;
    for (std::size_t v = 0; v < variants_.size(); ++v)
      observers_.emplace_back(files_[v].wanted() ? &files_[v] : nullptr, variants_[v].observer);
    std::vector<RunJob> jobs;
    for (std::size_t v = 0; v < variants_.size(); ++v)
      for (std::size_t r = 0; r < replications; ++r)
        jobs.push_back({.scenario = &variants_[v].scenario,
                        .seed = replication_seed(variants_[v].scenario.seed, r),
                        .observer = r == 0 ? &observers_[v] : nullptr,
                        .make_policy = variants_[v].make_policy});
    summaries_.resize(jobs.size());
    return run_set(jobs, simulate, options_.how, [&](std::size_t index, RunResult&& result) {
      const std::size_t v = index / replications;
      if (index % replications == 0) files_[v].finish_run(result);
      summaries_[index] = summarize(variants_[v].scenario, result);
      if (options_.on_run) options_.on_run(v, index % replications, std::move(result));
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
    for (std::size_t i = 0; i < extra_files_.size(); ++i) extra_files_[i].write(options_.extra_files[i].text(merged_));
  }

  void commit() {
    for (VariantFiles& files : files_) files.commit_query_file();
    for (PendingFile& file : extra_files_) file.commit();
    if (folder_) folder_->commit();
  }

  const std::vector<Variant>& variants_;
  const ExperimentOptions& options_;
  std::vector<std::string> names_;
  std::optional<OutputFolder> folder_;
  PendingFile* comparison_file_ = nullptr;  // the folder's
  // After the folder: they hold its files open, or lie in it.
  std::vector<VariantFiles> files_;
  std::vector<PendingFile> extra_files_;
  std::vector<ObserverPair> observers_;
  Summaries summaries_, merged_;
};

}  // namespace

Result<std::optional<Summaries>> run_experiment(const std::vector<Variant>& variants,
                                                const ExperimentOptions& options) {
  return Experiment(variants, options).run();
}

Json comparison(const std::vector<Variant>& variants, const Summaries& summaries) {
  Json list = Json::array();
  for (std::size_t v = 0; v < variants.size(); ++v)
    list.push_back({{"name", variants[v].name}, {"summary", summaries[v]}});
  return {{"variants", std::move(list)}};
}

}  // namespace windtunnel
