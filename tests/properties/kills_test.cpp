// Laws 5 and 6: no device above its size, and a kill has three fields that fit each other.
#include <map>
#include <numeric>

#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace kills_test {

using Kills = EveryShippedScenario;

Bytes largest_device(const Scenario& scenario) {
  Bytes largest{};
  for (const auto& pool : scenario.node_pools) largest = std::max(largest, pool.gpu.memory);
  return largest;
}

TEST_P(Kills, NoDeviceIsEverAboveItsSize) {
  for (const std::uint64_t seed : kSeeds) {
    const Scenario scenario = load(GetParam());
    Witness witness;
    const RunResult result = run(scenario, seed, &witness);
    EXPECT_LE(result.cluster.memory_used_max_bytes, static_cast<double>(largest_device(scenario).value));
    const bool cut = std::any_of(scenario.node_pools.begin(), scenario.node_pools.end(),
                                 [](const auto& pool) { return !pool.sharing.instances.empty(); });
    if (!cut) {  // else the mean is of cards, the most of one MIG instance
      EXPECT_LE(result.cluster.memory_used_mean_bytes, result.cluster.memory_used_max_bytes * (1 + 1e-12));
    }
    for (const auto& kill : witness.kills) {
      EXPECT_LE(kill.device_used, kill.device_size);
      EXPECT_LE(kill.own_used, kill.device_used);
      EXPECT_GE(kill.own_used.value, 0);
      if (kill.host_limit.value > 0) {
        EXPECT_LE(kill.host_used, kill.host_limit);
      }
    }
  }
}

TEST_P(Kills, HaveACauseAMechanismAndAnExitCodeThatFitEachOther) {
  for (const std::uint64_t seed : kSeeds) {
    Witness witness;
    (void)run(load(GetParam()), seed, &witness);
    for (const auto& kill : witness.kills) {
      EXPECT_GE(kill.exit_code, 0);
      EXPECT_LE(kill.exit_code, 255);
      EXPECT_EQ(kill.mechanism == KillMechanism::sigkill, kill.exit_code == 137);
      const bool of_memory = kill.cause == KillCause::device_full || kill.cause == KillCause::own_vram_limit ||
                             kill.cause == KillCause::host_ram_limit || kill.cause == KillCause::soft_limit_eviction;
      EXPECT_EQ(kill.asked.value > 0, of_memory);
      EXPECT_EQ(kill.reason, kill.exit_code == 0                       ? "Completed"
                             : kill.cause == KillCause::host_ram_limit ? "OOMKilled"
                                                                       : "Error");
      if (kill.cause == KillCause::device_full) {
        EXPECT_GE(kill.sharers, 1U);
      }
    }
  }
}

TEST_P(Kills, AreCountedByCauseAndByExitCode) {
  Witness witness;
  const RunResult result = run(load(GetParam(), {{"warm_up", "0s"}}), kSeeds[0], &witness);
  std::uint64_t total = 0;
  const auto add = [](std::uint64_t sum, const auto& entry) { return sum + entry.second; };
  for (const auto& m : result.models) {
    const KillCounts& kills = m.kills;
    EXPECT_EQ(kills.total, std::accumulate(kills.by_cause.begin(), kills.by_cause.end(), std::uint64_t{0}, add));
    EXPECT_EQ(kills.total,
              std::accumulate(kills.by_exit_code.begin(), kills.by_exit_code.end(), std::uint64_t{0}, add));
    EXPECT_LE(kills.oom, kills.total);
    const auto with_137 = kills.by_exit_code.find("137");
    EXPECT_EQ(kills.exit_137, with_137 == kills.by_exit_code.end() ? 0 : with_137->second);
    EXPECT_LE(m.restarts, kills.total);
    total += kills.total;
  }
  EXPECT_EQ(total, witness.kills.size());
}

// Each change begins where the one before it ended, of the whole ledger and of each replica, and the last one ends in
// what the kill says was in use.
TEST_P(Kills, CanBeAddedUpFromTheHistoryOfTheirLedger) {
  Witness witness;
  (void)run(load(GetParam()), kSeeds[0], &witness);
  ASSERT_EQ(witness.histories.size(), witness.kills.size());
  for (std::size_t i = 0; i < witness.kills.size(); ++i) {
    const KillRecord& kill = witness.kills[i];
    const bool host = kill.cause == KillCause::host_ram_limit;
    std::map<std::pair<std::uint32_t, ReplicaId>, Bytes> own;
    const LedgerChange* last = nullptr;
    for (const LedgerChange& one : witness.histories[i]) {
      const Bytes before = one.refused ? Bytes{} : one.change;
      const auto [at, fresh] = own.try_emplace({one.model, one.replica}, one.own_used - before);
      EXPECT_EQ(at->second, one.own_used - before);
      at->second = one.own_used;
      if (last != nullptr) {
        EXPECT_EQ(last->total_used, one.total_used - before);
        EXPECT_LE(last->at, one.at);
      }
      EXPECT_GE(one.own_used.value, 0);
      EXPECT_LE(one.at, kill.ledger_at);
      last = &one;
    }
    if (last == nullptr || host) continue;
    EXPECT_EQ(last->total_used, kill.device_used);
    for (const DeviceHolding& holding : witness.holdings[i])
      if (const auto known = own.find({holding.model, holding.replica}); known != own.end()) {
        EXPECT_EQ(known->second, holding.context + holding.weights + holding.reserved);
      }
  }
}

WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(Kills);

// Or else the tests above would say nothing.
TEST(KillsOfTheMainJob, AreThereUnderTimeSlicing) {
  Witness witness;  // of several seeds: kills are rare in two hours
  for (const std::uint64_t seed : {1, 2, 3})
    (void)run(load({WINDTUNNEL_SOURCE_DIR "/scenarios/room_pipeline.yaml", "time-slicing"}), seed, &witness);
  EXPECT_GT(witness.kills.size(), 0U);
}

}  // namespace kills_test
}  // namespace windtunnel::testing
