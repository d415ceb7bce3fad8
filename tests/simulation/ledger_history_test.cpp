// How a ledger came to what it was at a kill: its last changes, oldest first, ending with the refusal.
#include "sim/simulation/ledger_history.hpp"

#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Kills with the ledger and its history of each.
struct KillWatcher : RunObserver {
  std::vector<KillRecord> kills;
  std::vector<std::vector<DeviceHolding>> holdings;
  std::vector<std::vector<LedgerChange>> histories;

  [[nodiscard]] bool wants_holdings() const override { return true; }
  void on_kill(const KillRecord& kill) override { kills.push_back(kill); }
  void on_holdings(const std::vector<DeviceHolding>& all) override { holdings.push_back(all); }
  void on_history(const std::vector<LedgerChange>& all) override { histories.push_back(all); }
};

KillWatcher watched(const std::string& yaml, std::string_view trace) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + yaml, folder, trace);
  KillWatcher watcher;
  auto result = simulate(scenario, {.seed = 1, .observer = &watcher});
  if (!result) throw std::invalid_argument(result.problems().front().text());
  return watcher;
}

// "5 m-0 work +1024 = 15024, 15524": at s, whose, what, MiB; a refusal with "?" in place of its sign.
std::vector<std::string> texts_of(const std::vector<LedgerChange>& history) {
  static constexpr std::array kParts = {"context", "weights", "variant", "work",
                                        "pool",    "process", "loading", "serving"};
  std::vector<std::string> out;
  for (const LedgerChange& one : history) {
    const std::int64_t mib = one.change.value / kMiB;
    out.push_back(std::to_string(std::lround(to_seconds(one.at))) + " " + static_cast<char>('a' + one.model) + "-" +
                  std::to_string(one.replica) + " " + kParts.at(static_cast<std::size_t>(one.part)) + " " +
                  (one.refused ? "?"
                   : mib < 0   ? ""
                               : "+") +
                  std::to_string(mib) + " = " + std::to_string(one.own_used.value / kMiB) + ", " +
                  std::to_string(one.total_used.value / kMiB));
  }
  return out;
}

using Lines = std::vector<std::string>;

// Two models on one T4 of 15109 MiB, 500 of them the driver's.
std::string pair_on_a_card(const std::string& of_a, const std::string& of_b, const std::string& sharing) {
  return "horizon: 200s\nmodels:\n  a: {latency: {per_item: 1s}, " + of_a + "}\n  b: {latency: {per_item: 1s}, " +
         of_b +
         "}\nworkload: [{trace: {file: trace.csv, rebase: false, map: {a: a, b: b}}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {" +
         sharing + "}}}}\n";
}

TEST(LedgerHistory, TellsHowTheCardFilledUpToTheRefusal) {
  const std::string memory =
      "cold_start: {load: 1s}, max_deliveries: 1, memory: {context: 500MiB, weights: 4000MiB, "
      "per_item: 1000MiB, overhead: 1}";
  const KillWatcher seen = watched(pair_on_a_card(memory, memory, "mode: time_slicing, replicas: 2"),
                                   "timestamp,model,size\n5,a,2\n10,b,1\n20,a,3\n40,b,3\n");
  ASSERT_EQ(seen.kills.size(), 1U);
  EXPECT_EQ(texts_of(seen.histories[0]), (Lines{
                                             "0 a-0 context +500 = 500, 1000",
                                             "0 a-0 weights +4000 = 4500, 5000",
                                             "0 b-0 context +500 = 500, 5500",
                                             "0 b-0 weights +4000 = 4500, 9500",
                                             "5 a-0 work +2000 = 6500, 11500",
                                             "10 b-0 work +1000 = 5500, 12500",
                                             "20 a-0 work +1000 = 7500, 13500",
                                             "40 b-0 work ?2000 = 5500, 13500",  // gives its cache back first
                                             "40 b-0 work -1000 = 4500, 12500",
                                             "40 b-0 work ?3000 = 4500, 12500",
                                         }));
  EXPECT_EQ(seen.kills[0].asked.value, 3000 * kMiB);
}

TEST(LedgerHistory, OfAWedgedReplicaIsThatOfTheRefusal) {
  const std::string memory =
      "cold_start: {load: 1s}, max_deliveries: 1, on_vram_oom: wedge, memory: {context: 0, "
      "weights: 6000MiB, per_item: 1000MiB, overhead: 1, allocator: plain}";
  const KillWatcher seen = watched(pair_on_a_card(memory, memory, "mode: time_slicing, replicas: 2"),
                                   "timestamp,model,size\n5,a,3\n30,b,1\n40,b,1\n");
  ASSERT_EQ(seen.kills.size(), 1U);
  EXPECT_EQ(seen.kills[0].ledger_at, SimTime{std::chrono::seconds(5)});
  EXPECT_GT(seen.kills[0].at, SimTime{std::chrono::seconds(41)});
  EXPECT_EQ(texts_of(seen.histories[0]), (Lines{"0 a-0 weights +6000 = 6000, 6500", "0 b-0 weights +6000 = 6000, 12500",
                                                "5 a-0 work ?3000 = 6000, 12500"}));
}

TEST(LedgerHistory, OfAHostKillIsOfTheNodesMainMemory) {
  const KillWatcher seen = watched(
      "horizon: 60s\nmodels:\n  a: {latency: {per_item: 1s}, cold_start: {load: 10s}, memory: {context: 0, "
      "weights: 100MiB}, host_memory: {steady: 2GiB, loading: 5GiB, limit: 4GiB}}\n"
      "workload: [{model: a, trace: {file: trace.csv, rebase: false}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}\n"
      "scaling: {a: {policy: queue_depth, target_per_replica: 1, min: 1, max: 2}}\n",
      "timestamp,size\n1,20\n1,20\n");
  ASSERT_FALSE(seen.kills.empty());
  EXPECT_EQ(seen.kills[0].cause, KillCause::host_ram_limit);
  const Lines lines = texts_of(seen.histories[0]);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "0 a-0 serving +2048 = 2048, 2048");
  EXPECT_NE(lines[1].find("a-1 loading ?5120 = 0, 2048"), std::string::npos) << lines[1];
}

TEST(LedgerHistory, OfAnEvictionNamesWhoAsked) {
  const auto memory = [](int weights) {
    return "cold_start: {load: 50s}, max_deliveries: 1, memory: {context: 0, context_mps: 0, weights: " +
           std::to_string(weights) + "MiB, per_item: 1000MiB, overhead: 1}";
  };
  const KillWatcher seen =
      watched(pair_on_a_card(memory(8000), memory(4000), "mode: mps, replicas: 2, active_threads: 1, dmem_min: 5GiB"),
              "timestamp,model,size\n5,b,3\n");
  ASSERT_FALSE(seen.kills.empty());
  EXPECT_EQ(seen.kills[0].cause, KillCause::soft_limit_eviction);
  EXPECT_EQ(seen.kills[0].model, 0U);
  EXPECT_EQ(texts_of(seen.histories[0]).back(), "5 b-0 work ?3000 = 4000, 12500");
}

TEST(LedgerHistory, KeepsTheLast32Changes) {
  std::string trace = "timestamp,size\n";
  for (int i = 1; i <= 40; ++i) trace += std::to_string(2 * i) + ",1\n";
  trace += "100,40\n";
  const KillWatcher seen = watched(
      "horizon: 200s\nmodels:\n  a: {latency: {per_item: 1s}, max_deliveries: 1, memory: {context: 0, weights: 100MiB, "
      "per_item: 1000MiB, overhead: 1, allocator: plain}}\n"
      "workload: [{model: a, trace: {file: trace.csv, rebase: false}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n",
      trace);
  ASSERT_EQ(seen.kills.size(), 1U);
  const Lines lines = texts_of(seen.histories[0]);
  ASSERT_EQ(lines.size(), LedgerHistory::kMost);
  EXPECT_EQ(lines[0], "51 a-0 work -1000 = 100, 600");  // 100 s is the 83rd: weights, 40 batches of two, the refusal
  EXPECT_EQ(lines.back(), "100 a-0 work ?40000 = 100, 600");
}

TEST(LedgerHistory, OfARestartedReplicaShowsTheCrashLoop) {
  const std::string memory =
      "cold_start: {load: 1s}, max_deliveries: 2, memory: {context: 0, weights: 6000MiB, "
      "per_item: 1000MiB, overhead: 1}";
  const KillWatcher seen =
      watched(pair_on_a_card(memory, memory, "mode: time_slicing, replicas: 2"), "timestamp,model,size\n5,a,3\n");
  ASSERT_EQ(seen.kills.size(), 2U);
  EXPECT_EQ(texts_of(seen.histories[1]), (Lines{
                                             "0 a-0 weights +6000 = 6000, 6500",
                                             "0 b-0 weights +6000 = 6000, 12500",
                                             "5 a-0 work ?3000 = 6000, 12500",
                                             "5 a-0 process -6000 = 0, 6500",
                                             "6 a-0 weights +6000 = 6000, 12500",
                                             "6 a-0 work ?3000 = 6000, 12500",
                                         }));
}

}  // namespace
}  // namespace windtunnel::testing
