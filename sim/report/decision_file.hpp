// decisions.jsonl: one JSON object a line for each evaluation of a policy.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// {"at_s", "model", "loop", "current", "ready", "inputs", "value", "proposed", "limits", "desired", "reason",
/// "conditions"}: see docs/decision_log.md. Texts are cleaned of bytes that are no UTF-8.
std::string decision_json(const DecisionRecord& decision, std::string_view model);

/// Written as the run goes on. Every call may throw IoError.
class DecisionFile final : public RunObserver {
 public:
  /// @param file  written at once and over what is there; a temporary name, see PendingFile
  DecisionFile(const std::filesystem::path& file, const Scenario& scenario);

  void on_decision(const DecisionRecord& decision) override;
  /// Writes everything out and closes the file. Nothing may follow.
  void finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string name_;
  std::vector<std::string> models_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace windtunnel
