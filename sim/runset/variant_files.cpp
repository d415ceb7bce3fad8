#include "sim/runset/variant_files.hpp"

#include <nlohmann/json.hpp>

#include "sim/report/summary.hpp"
#include "sim/runset/replications.hpp"
#include "sim/scenario/loader.hpp"

namespace windtunnel {

Result<bool> VariantFiles::open(const Scenario& scenario, OutputFolder* folder, const std::filesystem::path& subfolder,
                                const std::optional<std::filesystem::path>& per_query, bool decides) {
  if (folder != nullptr) {
    const std::array files = {&summary_, &resolved_, &result_, &decisions_};
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i] == &decisions_ && !decides) continue;
      auto added = folder->add(subfolder / kNames[i]);
      if (!added) return added.problems();
      *files[i] = *added;
    }
    if (decides) decision_file_ = std::make_unique<DecisionFile>(decisions_->temporary(), scenario);
    result_file_ = std::make_unique<ResultFile>(result_->temporary(), scenario, replication_seed(scenario.seed, 0));
  }
  if (per_query) {
    auto opened = PendingFile::open(*per_query);
    if (!opened) return opened.problems();
    per_query_.emplace(std::move(*opened));
    per_query_file_ = std::make_unique<PerQueryFile>(per_query_->temporary(), scenario);
  }
  return true;
}

void VariantFiles::on_decision(const DecisionRecord& decision) {
  if (result_file_) result_file_->on_decision(decision);
  if (decision_file_) decision_file_->on_decision(decision);
}

void VariantFiles::on_scale_up(const ScaleUpRecord& scale_up) {
  if (result_file_) result_file_->on_scale_up(scale_up);
}

void VariantFiles::on_kill(const KillRecord& kill) {
  if (result_file_) result_file_->on_kill(kill);
}

void VariantFiles::on_holdings(const std::vector<DeviceHolding>& holdings) {
  if (result_file_) result_file_->on_holdings(holdings);
}

void VariantFiles::on_history(const std::vector<LedgerChange>& history) {
  if (result_file_) result_file_->on_history(history);
}

void VariantFiles::on_series(const std::vector<Series>& series) {
  if (result_file_) result_file_->on_series(series);
}

void VariantFiles::on_sample(double at_s, const std::vector<double>& values) {
  if (result_file_) result_file_->on_sample(at_s, values);
}

void VariantFiles::on_query(const QueryRecord& query) {
  if (per_query_file_) per_query_file_->on_query(query);
}

void VariantFiles::finish_run(const RunResult& result) {
  if (result_file_) result_file_->finish(result);
  if (decision_file_) decision_file_->finish();
  if (per_query_file_) per_query_file_->finish();
}

void VariantFiles::write(const nlohmann::ordered_json& summary, const Scenario& scenario) {
  if (summary_ != nullptr) summary_->write(json_text(summary));
  if (resolved_ != nullptr) resolved_->write(resolved_yaml(scenario));
}

void VariantFiles::commit_query_file() {
  if (per_query_) per_query_->commit();
}

}  // namespace windtunnel
