// Law 5 at every instant: the ledgers' own record of each grant, return and refusal, on devices, slices and hosts.
#include <map>
#include <numeric>

#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace memory_test {

using MemoryLedger = EveryShippedScenario;

/// Adds up what each process holds, beside what the ledger says.
struct Bookkeeper : RunObserver {
  using Process = std::pair<std::uint32_t, ReplicaId>;  // model, ordinal
  std::map<GpuId, std::map<Process, Bytes>> held;
  std::uint64_t lines = 0, above_device = 0, above_limit = 0, negative = 0, other_sum = 0;
  std::uint64_t kills = 0, not_returned = 0;
  const Scenario& scenario;
  std::vector<Bytes> reserves;  // by GPU, or by MIG instance, where the driver keeps nothing
  std::map<NodeId, std::map<Process, Bytes>> on_host;
  std::uint64_t host_lines = 0, above_node = 0, above_container = 0, other_host_sum = 0;

  explicit Bookkeeper(const Scenario& s) : scenario(s) {
    for (const auto& pool : s.node_pools) {
      const std::size_t instances = pool.sharing.instances.size();
      reserves.insert(reserves.end(),
                      static_cast<std::size_t>(pool.max_nodes) * static_cast<std::size_t>(pool.gpus) *
                          std::max<std::size_t>(1, instances),
                      instances == 0 ? pool.gpu.driver_reserve : Bytes{});
    }
  }
  [[nodiscard]] bool wants_memory() const override { return true; }
  void on_memory(const MemoryRecord& record) override {
    ++lines;
    auto& on_gpu = held[record.gpu];
    if (!record.refused) on_gpu[{record.model, record.replica}] = record.own_used;
    negative += record.own_used.value < 0 ? 1 : 0;
    above_device += record.device_used > record.device_size ? 1 : 0;
    above_limit += record.own_limit && record.own_used > *record.own_limit ? 1 : 0;
    Bytes sum = reserves[record.gpu];
    for (const auto& [process, bytes] : on_gpu) sum += bytes;
    other_sum += sum == record.device_used ? 0 : 1;
    if (!dying || record.refused) return;
    // The record that follows a kill is that of its process's end.
    not_returned += *dying == Process{record.model, record.replica} && record.own_used.value == 0 ? 0 : 1;
    dying.reset();
  }
  void on_host_memory(const HostMemoryRecord& record) override {
    ++host_lines;
    auto& on_node = on_host[record.node];
    on_node[{record.model, record.replica}] = record.own_used;
    above_container += record.own_limit.value > 0 && record.own_used > record.own_limit ? 1 : 0;
    above_node += record.node_size.value > 0 && record.node_used > record.node_size ? 1 : 0;
    Bytes sum{};
    for (const auto& [process, bytes] : on_node) sum += bytes;
    other_host_sum += sum == record.node_used ? 0 : 1;
  }
  void on_kill(const KillRecord& kill) override {
    ++kills;
    dying = Process{kill.model, kill.replica};
  }

 private:
  std::optional<Process> dying;
};

TEST_P(MemoryLedger, IsNeverAboveDeviceOrLimitAndEveryByteHasAnOwner) {
  for (const std::uint64_t seed : kSeeds) {
    const Scenario scenario = load(GetParam());
    Bookkeeper book(scenario);
    (void)run(scenario, seed, &book);
    EXPECT_EQ(book.above_device, 0U);
    EXPECT_EQ(book.above_limit, 0U);
    EXPECT_EQ(book.negative, 0U);
    EXPECT_EQ(book.other_sum, 0U) << "of " << book.lines;
    EXPECT_EQ(book.not_returned, 0U) << "of " << book.kills;
    EXPECT_EQ(book.above_container, 0U);
    EXPECT_EQ(book.above_node, 0U);
    EXPECT_EQ(book.other_host_sum, 0U) << "of " << book.host_lines;
  }
}

WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(MemoryLedger);

// Or else the test above would say nothing.
TEST(MemoryLedgerOfTheMainJob, IsWrittenAndSeesKills) {
  for (const char* variant : {"time-slicing", "hard limits"}) {
    const Scenario scenario = load({WINDTUNNEL_SOURCE_DIR "/scenarios/room_pipeline.yaml", variant});
    std::uint64_t kills = 0;  // rare in two hours, so over several seeds
    for (const std::uint64_t seed : {1, 2, 3}) {
      Bookkeeper book(scenario);
      (void)run(scenario, seed, &book);
      EXPECT_GT(book.lines, 100U);
      EXPECT_GT(book.host_lines, 10U);
      kills += book.kills;
    }
    EXPECT_GT(kills, 0U) << variant;
  }
}

TEST(MemoryLedgerOfSlices, IsWrittenWhileLayoutsChange) {
  const Scenario scenario = load({WINDTUNNEL_SOURCE_DIR "/scenarios/mig_relayout.yaml", ""}, {{"horizon", "2h"}});
  Bookkeeper book(scenario);
  const RunResult result = run(scenario, 1, &book);
  EXPECT_EQ(result.cluster.relayouts, 4U);
  std::size_t slices = 0;
  for (const auto& [gpu, processes] : book.held) slices += processes.empty() ? 0 : 1;
  EXPECT_GT(slices, 14U);  // of both layouts
}

// Two models of one replica each on one card, in `mode`; the neighbour's queries have `size`.
Scenario beside(const std::string& mode, const std::string& size) {
  const std::string pool = mode == "mig" ? "gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: [1g.5gb, 1g.5gb]}"
                                         : "gpu: T4, nodes: 1, sharing: {mode: " + mode + ", replicas: 2}";
  const auto scenario = parse_scenario(
      "schema: 1\nhorizon: 6h\nrun: to_empty\n"
      "models:\n"
      "  own: {latency: {fixed: 1s, per_item: 2s}, max_deliveries: 2, cold_start: {load: 5s}, memory: {weights: 2GiB, "
      "phases: [{share_of_work: 0.8, per_item: 0.5GiB}, {share_of_work: 0.2, per_item: 1GiB}]}}\n"
      "  neighbour: {latency: {fixed: 1s, per_item: 2s}, on_vram_oom: fail_query, memory: {weights: 2GiB, per_item: "
      "1GiB, leak: {per_query: 1MiB}}}\n"
      "workload:\n"
      "  - {model: own, size: {law: gamma, mean: 2, scv: 0.5}, arrivals: {process: poisson, rate: 0.05/s}}\n"
      "  - {model: neighbour, size: " +
          size +
          ", arrivals: {process: poisson, rate: 0.05/s}}\n"
          "cluster: {node_pools: {p: {" +
          pool + "}}}\n",
      "beside.yaml", ".");
  if (!scenario) throw std::invalid_argument(scenario.problems().front().text());
  return *scenario;
}

struct OwnKills : RunObserver {
  std::vector<std::pair<std::int64_t, std::int64_t>> kills;  // asked, held
  void on_kill(const KillRecord& kill) override {
    if (kill.model == 0) kills.emplace_back(kill.asked.value, kill.own_used.value);
  }
};

std::vector<std::pair<std::int64_t, std::int64_t>> own_kills(const std::string& mode, const std::string& size,
                                                             std::uint64_t seed) {
  OwnKills seen;
  (void)run(beside(mode, size), seed, &seen);
  return seen.kills;
}

// Limits of half a card each: whatever the neighbour does, the same queries kill the same processes.
TEST(HardLimit, ANeighbourNeverChangesWhoIsKilledWhileTheLimitsFitTheCard) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto quiet = own_kills("hard_limit", "0.001", seed);
    EXPECT_GT(quiet.size(), 0U) << seed;
    EXPECT_EQ(quiet, own_kills("hard_limit", "2", seed)) << seed;
    EXPECT_EQ(quiet, own_kills("hard_limit", "{law: gamma, mean: 6, scv: 2}", seed)) << seed;
  }
}

TEST(Mig, ANeighbourNeverChangesWhoIsKilled) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto quiet = own_kills("mig", "0.001", seed);
    EXPECT_GT(quiet.size(), 0U) << seed;
    EXPECT_EQ(quiet, own_kills("mig", "2", seed)) << seed;
    EXPECT_EQ(quiet, own_kills("mig", "{law: gamma, mean: 6, scv: 2}", seed)) << seed;
  }
}

TEST(TimeSlicing, ANeighbourDoesChangeWhoIsKilled) {
  int changed = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    changed += own_kills("time_slicing", "0.001", seed) != own_kills("time_slicing", "6", seed) ? 1 : 0;
  EXPECT_GT(changed, 0);
}

}  // namespace memory_test
}  // namespace windtunnel::testing
