// The query file of `--per-query`: one CSV row for each query that ended.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// Columns: serial (order of arrival), model (of the last stage), arrived_s, ended_s, queueing_delay_s, service_time_s,
/// response_time_s (end to end), completed (1 or 0). Seconds are exact to the nanosecond. In the order queries end, the
/// warm-up included. Every call may throw IoError.
class PerQueryFile final : public RunObserver {
 public:
  /// @param file  written at once and over what is there; a temporary name, see PendingFile
  PerQueryFile(const std::filesystem::path& file, const Scenario& scenario);

  [[nodiscard]] bool wants_queries() const override { return true; }
  void on_query(const QueryRecord& query) override;
  /// Writes everything out and closes the file. Nothing may follow.
  void finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void put(const std::string& text);

  std::string name_;
  std::vector<std::string> models_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace windtunnel
