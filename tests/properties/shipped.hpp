// Every shipped scenario and each of its variants, shortened, run, with all that the observer was told.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/report/summary.hpp"
#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"

namespace windtunnel::testing {

// What a run is shortened to. Under a sanitizer each event costs twenty times as much; a law holds in a short run too.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif
inline constexpr std::chrono::minutes kLongest{kSanitized ? 40 : 120};
inline constexpr int kQueries = 20000;

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A shipped file, or one variant of its `compare`.
struct Shipped {
  std::filesystem::path file;
  std::string variant;  ///< empty: the file itself
};

inline bool is_bench(const std::filesystem::path& file) {
  return file.parent_path().filename() == "bench";
}

/// Benchmarks are dense; w2 is one model that scales with an hour's curve.
inline std::chrono::minutes length_of(const std::filesystem::path& file) {
  if (!is_bench(file)) return kLongest;
  return file.stem() == "w2" ? std::chrono::minutes(120) : std::chrono::minutes(10);
}

/// The file as it is. Read once: reading takes longer than many a run.
inline const Scenario& as_shipped(const std::filesystem::path& file) {
  static std::map<std::filesystem::path, Scenario> read;
  if (const auto known = read.find(file); known != read.end()) return known->second;
  auto scenario = load_scenario(file);
  if (!scenario) throw std::invalid_argument(scenario.problems().front().text());
  return read.emplace(file, std::move(*scenario)).first->second;
}

inline Scenario read_shortened(const Shipped& shipped, const Settings& more) {
  LoadOptions options;
  const Scenario& full = as_shipped(shipped.file);
  const int streams = static_cast<int>(full.workload.size());
  for (int i = 0; i < streams && is_bench(shipped.file); ++i) {
    const std::string key = "workload." + std::to_string(i) + ".queries";
    if (full.workload[static_cast<std::size_t>(i)].queries)
      options.set.emplace_back(key, std::to_string(kQueries / streams));
  }
  const auto longest = std::max<Duration>(length_of(shipped.file), full.warm_up + std::chrono::minutes(20));
  if (full.horizon > longest)
    options.set.emplace_back("horizon", std::to_string(std::chrono::ceil<std::chrono::minutes>(longest).count()) + "m");
  options.set.insert(options.set.end(), more.begin(), more.end());
  const auto problem = [](const Problems& problems) { return std::invalid_argument(problems.front().text()); };
  if (shipped.variant.empty()) {
    auto scenario = load_scenario(shipped.file, options);
    if (!scenario) throw problem(scenario.problems());
    return *scenario;
  }
  auto variants = load_variants(shipped.file, options);
  if (!variants) throw problem(variants.problems());
  for (auto& [name, scenario] : *variants)
    if (name == shipped.variant) return scenario;
  throw std::invalid_argument("no variant " + shipped.variant);
}

/// The scenario under `more` settings. Without them it is as shipped but for its length, and read once.
inline Scenario load(const Shipped& shipped, const Settings& more = {}) {
  if (!more.empty()) return read_shortened(shipped, more);
  static std::map<std::pair<std::filesystem::path, std::string>, Scenario> read;
  const std::pair key(shipped.file, shipped.variant);
  if (const auto known = read.find(key); known != read.end()) return known->second;
  return read.emplace(key, read_shortened(shipped, more)).first->second;
}

/// All of them, in the order of their names. A file that does not load stands for itself: its tests fail and say why.
inline std::vector<Shipped> all_shipped() {
  const std::filesystem::path root = WINDTUNNEL_SOURCE_DIR "/scenarios";
  std::vector<Shipped> all;
  for (const auto& folder : {root, root / "bench"}) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      all.push_back({file, ""});
      const auto scenario = load_scenario(file);
      if (!scenario) continue;
      for (const auto& variant : scenario->compare) all.push_back({file, variant.name});
    }
  }
  return all;
}

inline std::string test_name(const Shipped& shipped) {
  std::string name = shipped.file.stem().string() + (shipped.variant.empty() ? "" : "_" + shipped.variant);
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return name;
}

inline void PrintTo(const Shipped& shipped, std::ostream* out) {
  *out << test_name(shipped);
}

/// Keeps everything, and whether time ever ran back between two calls.
struct Witness : RunObserver {
  std::vector<QueryRecord> queries;
  std::vector<KillRecord> kills;
  std::vector<DecisionRecord> decisions;
  SimTime last{};
  std::uint64_t calls = 0, steps_back = 0;

  std::vector<std::vector<DeviceHolding>> holdings;  // of each kill
  std::vector<std::vector<LedgerChange>> histories;

  [[nodiscard]] bool wants_queries() const override { return true; }
  [[nodiscard]] bool wants_samples() const override { return true; }
  [[nodiscard]] bool wants_holdings() const override { return true; }
  void on_holdings(const std::vector<DeviceHolding>& all) override { holdings.push_back(all); }
  void on_history(const std::vector<LedgerChange>& all) override { histories.push_back(all); }
  void on_query(const QueryRecord& query) override {
    note(query.ended);
    queries.push_back(query);
  }
  void on_kill(const KillRecord& kill) override {
    note(kill.at);
    kills.push_back(kill);
  }
  void on_decision(const DecisionRecord& decision) override {
    note(decision.at);
    decisions.push_back(decision);
  }
  void on_sample(double at_s, const std::vector<double>&) override { note(SimTime{to_duration(at_s)}); }

 private:
  void note(SimTime at) {
    ++calls;
    if (at < last) ++steps_back;
    last = at;
  }
};

inline RunResult run(const Scenario& scenario, std::uint64_t seed, RunObserver* observer = nullptr) {
  auto result = simulate(scenario, {.seed = seed, .observer = observer});
  if (!result) throw std::invalid_argument(result.problems().front().text());
  return std::move(*result);
}

/// The bytes of summary.json but for the wall-clock fields.
inline std::string bytes_of(const Scenario& scenario, const RunResult& result) {
  auto summary = summarize(scenario, result);
  summary.erase("engine");
  return json_text(summary);
}

class EveryShippedScenario : public ::testing::TestWithParam<Shipped> {};

inline constexpr std::uint64_t kSeeds[] = {1, 4242};

}  // namespace windtunnel::testing

/// Runs the tests of this file over every shipped scenario and variant.
#define WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(suite)                            \
  INSTANTIATE_TEST_SUITE_P(                                                      \
      Shipped, suite, ::testing::ValuesIn(::windtunnel::testing::all_shipped()), \
      [](const auto& scenario_info) { return ::windtunnel::testing::test_name(scenario_info.param); })
