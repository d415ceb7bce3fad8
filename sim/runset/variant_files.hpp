// What one variant of an experiment writes to disk.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>

#include "sim/report/decision_file.hpp"
#include "sim/report/output_folder.hpp"
#include "sim/report/per_query_file.hpp"
#include "sim/report/result_file.hpp"

namespace windtunnel {

/// summary.json, scenario.resolved.yaml, result.h5, decisions.jsonl where a policy decides, and the file of queries:
/// the first replication is followed as it runs, the rest is written at the end. Whatever was not asked for costs
/// nothing.
class VariantFiles final : public RunObserver {
 public:
  /// The files a variant may have in its folder; the last one only where a policy decides.
  static constexpr std::array kNames = {"summary.json", "scenario.resolved.yaml", "result.h5", "decisions.jsonl"};

  /// Opens everything; nothing appears under its own name yet.
  /// @param folder  null: no folder was asked for
  /// @param decides  a policy does: there are decisions to write
  Result<bool> open(const Scenario& scenario, OutputFolder* folder, const std::filesystem::path& subfolder,
                    const std::optional<std::filesystem::path>& per_query, bool decides);
  [[nodiscard]] bool wanted() const { return result_file_ != nullptr || per_query_file_ != nullptr; }

  void on_decision(const DecisionRecord& decision) override;
  void on_scale_up(const ScaleUpRecord& scale_up) override;
  void on_kill(const KillRecord& kill) override;
  [[nodiscard]] bool wants_holdings() const override { return result_file_ != nullptr; }
  void on_holdings(const std::vector<DeviceHolding>& holdings) override;
  void on_history(const std::vector<LedgerChange>& history) override;
  [[nodiscard]] bool wants_samples() const override { return result_file_ != nullptr; }
  void on_series(const std::vector<Series>& series) override;
  void on_sample(double at_s, const std::vector<double>& values) override;
  [[nodiscard]] bool wants_queries() const override { return per_query_file_ != nullptr; }
  void on_query(const QueryRecord& query) override;

  /// The first replication has ended.
  void finish_run(const RunResult& result);
  /// Every replication has ended.
  void write(const nlohmann::ordered_json& summary, const Scenario& scenario);
  void commit_query_file();

 private:
  PendingFile *summary_ = nullptr, *resolved_ = nullptr, *result_ = nullptr, *decisions_ = nullptr;  // the folder's
  std::optional<PendingFile> per_query_;
  std::unique_ptr<ResultFile> result_file_;
  std::unique_ptr<DecisionFile> decision_file_;
  std::unique_ptr<PerQueryFile> per_query_file_;
};

}  // namespace windtunnel
