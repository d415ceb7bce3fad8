// A scenario in a few lines, run, with all that its observer was told.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel::testing {

/// Keeps everything; queries in order of arrival.
struct Recorder : RunObserver {
  std::vector<QueryRecord> queries;
  std::vector<KillRecord> kills;
  std::vector<DecisionRecord> decisions;
  std::vector<ScaleUpRecord> scale_ups;

  [[nodiscard]] bool wants_queries() const override { return true; }
  void on_query(const QueryRecord& query) override { queries.push_back(query); }
  void on_kill(const KillRecord& kill) override { kills.push_back(kill); }
  void on_decision(const DecisionRecord& decision) override { decisions.push_back(decision); }
  void on_scale_up(const ScaleUpRecord& scale_up) override { scale_ups.push_back(scale_up); }
};

struct Ran {
  RunResult result;
  std::vector<QueryRecord> queries;  ///< those that ended, by serial
  std::vector<KillRecord> kills;
  std::vector<DecisionRecord> decisions;
  std::vector<ScaleUpRecord> scale_ups;

  [[nodiscard]] const ModelResult& model(std::string_view name) const {
    for (const auto& m : result.models)
      if (m.name == name) return m;
    throw std::invalid_argument("no such model: " + std::string(name));
  }
  [[nodiscard]] const ModelResult& only() const { return result.models.at(0); }
  /// When the query of that serial ended, in seconds; NaN if it did not.
  [[nodiscard]] double ended_s(std::uint64_t serial) const {
    for (const auto& q : queries)
      if (q.serial == serial) return to_seconds(q.ended);
    return std::nan("");
  }
  [[nodiscard]] std::vector<double> kill_times_s() const {
    std::vector<double> times;
    for (const auto& k : kills) times.push_back(to_seconds(k.at));
    return times;
  }
};

/// A folder that goes when it goes out of scope.
class Folder {
 public:
  Folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "windtunnel-simulation-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder " + pattern);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The scenario, or a failed test that shows its problems. `trace` becomes trace.csv beside it.
inline Scenario load(const std::string& yaml, const Folder& folder, std::string_view trace = {}) {
  if (!trace.empty()) std::ofstream(folder.path() / "trace.csv") << trace;
  auto scenario = parse_scenario(yaml, "test.yaml", folder.path());
  if (scenario) return *scenario;
  std::string all;
  for (const auto& problem : scenario.problems()) all += problem.text() + "\n";
  throw std::invalid_argument(all);
}

/// Runs the scenario; "schema: 1" is put before it. Rows of the trace say when queries arrive: "timestamp,size\n0,1\n".
inline Ran run(const std::string& yaml, std::string_view trace = {}, std::uint64_t seed = 1) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + yaml, folder, trace);
  Recorder recorder;
  auto result = simulate(scenario, {.seed = seed, .observer = &recorder});
  if (!result) throw std::invalid_argument(result.problems().front().text());
  std::sort(recorder.queries.begin(), recorder.queries.end(),
            [](const auto& a, const auto& b) { return a.serial < b.serial; });
  return {std::move(*result), std::move(recorder.queries), std::move(recorder.kills), std::move(recorder.decisions),
          std::move(recorder.scale_ups)};
}

/// arrived = completed + failed + timed_out + rejected + in_flight + queued (law 1).
inline void expect_balance(const QueryCounts& q, std::string_view where) {
  EXPECT_EQ(q.arrived, q.completed + q.failed + q.timed_out + q.rejected + q.in_flight + q.queued) << where;
}

inline constexpr std::string_view kTrace = "{file: trace.csv, rebase: false}";

}  // namespace windtunnel::testing
