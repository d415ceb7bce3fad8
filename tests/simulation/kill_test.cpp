// What a refused allocation leads to: an OOM event, an exit, a wedged server; each with its three fields (law 6).
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// "a: 1; b: 2" as lines of the model's block.
std::string settings(std::string_view list) {
  std::string lines;
  for (std::size_t from = 0; from < list.size();) {
    const std::size_t to = std::min(list.find("; ", from), list.size());
    lines += "    " + std::string(list.substr(from, to - from)) + "\n";
    from = to + 2;
  }
  return lines;
}

// A T4 has 15109 MiB, of which the driver keeps 500: beside 14000 MiB of weights 609 MiB are left. An item takes 1 GiB
// and a second. Loading takes a second.
std::string tight(const std::string& more, const std::string& latency = "{per_item: 1s}") {
  return "horizon: 200s\n"
         "models:\n"
         "  m:\n"
         "    latency: " +
         latency +
         "\n"
         "    memory: {context: 0, weights: 14000MiB, per_item: 1GiB, overhead: 1}\n"
         "    cold_start: {load: 1s}\n" +
         settings(more) +
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

TEST(FailQuery, IsAnOomEventThatTheServerSurvives) {
  const Ran ran = run(tight("on_vram_oom: fail_query"), "timestamp,size\n5,1\n6,0.5\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.only().kills.total, 0U);
  EXPECT_EQ(ran.only().oom_events, 1U);
  EXPECT_EQ(ran.only().restarts, 0U);
  EXPECT_EQ(ran.only().queries.failed, 1U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 5);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 6.5);
}

TEST(Exit, EndsTheProcessWithCodeOneAndSaysWhatTheLedgerHeld) {
  const Ran ran = run(tight("max_deliveries: 1"), "timestamp,size\n5,1\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  const KillRecord& kill = ran.kills[0];
  EXPECT_EQ(kill.at, SimTime{std::chrono::seconds(5)});
  EXPECT_EQ(kill.cause, KillCause::device_full);
  EXPECT_EQ(kill.mechanism, KillMechanism::process_exit);
  EXPECT_EQ(kill.exit_code, 1);
  EXPECT_EQ(kill.asked.value, kGiB);
  EXPECT_EQ(kill.own_used.value, 14000 * kMiB);
  EXPECT_EQ(kill.device_used.value, 14500 * kMiB);
  EXPECT_EQ(kill.device_size.value, 15109 * kMiB);
  EXPECT_EQ(kill.queries_lost, 1U);
  EXPECT_EQ(kill.sharers, 1U);
  EXPECT_EQ(ran.only().kills.oom, 1U);
  EXPECT_EQ(ran.only().kills.exit_137, 0U);
  EXPECT_EQ(ran.only().kills.by_cause.at("device_full"), 1U);
  EXPECT_EQ(ran.only().kills.by_exit_code.at("1"), 1U);
}

TEST(Exit, RedeliversUntilTheQueryHadItsDeliveriesThenFailsIt) {
  const Ran ran = run(tight("max_deliveries: 3"), "timestamp,size\n5,1\n");
  // Restarted at once, then after 10 s; loading takes a second each time.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{5, 6, 17}));
  EXPECT_EQ(ran.only().queries.redelivered, 2U);
  EXPECT_EQ(ran.only().queries.failed, 1U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 17);
  EXPECT_EQ(ran.only().restarts, 3U);
  expect_balance(ran.only().queries, "m");
}

TEST(Exit, FailsItsQueriesAtOnceWhereTheyAreNotRedelivered) {
  const Ran ran = run(tight("on_kill: fail"), "timestamp,size\n5,1\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{5});
  EXPECT_EQ(ran.only().queries.failed, 1U);
  EXPECT_EQ(ran.only().queries.redelivered, 0U);
}

// Deliveries were counted in eight bits: a query that may have more than 255 was never given up.
TEST(Exit, CountsMoreDeliveriesThanAByteHolds) {
  std::string yaml = tight("max_deliveries: 300");
  yaml.replace(yaml.find("200s"), 4, "3d");
  const Ran ran = run(yaml, "timestamp,size\n5,1\n");
  EXPECT_EQ(ran.kills.size(), 300U);
  EXPECT_EQ(ran.only().queries.redelivered, 299U);
  EXPECT_EQ(ran.only().queries.failed, 1U);
}

TEST(Wedge, IsKilledByItsProbeAfterTheGracePeriodAndOnlyThenGivesItsQueriesBack) {
  const Ran ran =
      run(tight("on_vram_oom: wedge; probe: {period: 10s, failure_threshold: 3, grace: 30s}; max_deliveries: 2"),
          "timestamp,size\n5,1\n6,0.5\n");
  // Wedged at 5: three probes of 10 s and 30 s of grace. Restarted at once, loaded at 66, wedged again.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{65, 126}));
  for (const KillRecord& kill : ran.kills) {
    EXPECT_EQ(kill.cause, KillCause::device_full);
    EXPECT_EQ(kill.mechanism, KillMechanism::sigkill);
    EXPECT_EQ(kill.exit_code, 137);
    EXPECT_EQ(kill.asked.value, kGiB);
  }
  EXPECT_EQ(ran.only().kills.exit_137, 2U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 126);
  // The other query waited all the time; the second restart came 10 s after the second kill.
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 126 + 10 + 1 + 0.5);
}

TEST(Wedge, HoldsWhatItHadInServiceWithoutAnswering) {
  const Ran ran =
      run(tight("on_vram_oom: wedge; max_deliveries: 1; concurrency: 2"), "timestamp,size\n4,0.5\n4.25,1\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{64.25});
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 64.25);  // not at 4.5
  EXPECT_EQ(ran.only().queries.completed, 0U);
  EXPECT_EQ(ran.only().queries.failed, 2U);
}

// Work in its host phase went on to the GPU of a server that hangs, and was answered.
TEST(Wedge, HoldsWhatWasInItsHostPhaseToo) {
  const Ran ran = run(tight("on_vram_oom: wedge; max_deliveries: 1; concurrency: 2", "{per_item: 1s, gpu_active: 0.5}"),
                      "timestamp,size\n4,0.5\n4.125,1\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{64.125});
  EXPECT_EQ(ran.only().queries.completed, 0U);
  EXPECT_EQ(ran.only().queries.failed, 2U);
}

// By the time the probe ends it, the neighbour has given back what filled the device at the refusal.
TEST(Wedge, IsRecordedWithTheLedgerOfTheRefusal) {
  const Ran ran = run(R"(
horizon: 200s
models:
  a: {latency: {per_item: 1s}, memory: {context: 0, weights: 6000MiB, per_item: 5GiB, overhead: 1}, on_vram_oom: wedge, max_deliveries: 1}
  b: {latency: {per_item: 10s}, memory: {context: 0, weights: 1000MiB, per_item: 4GiB, overhead: 1, allocator: plain}}
workload: [{trace: {file: trace.csv, rebase: false, label_column: m, map: {a: a, b: b}}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}
)",
                      "timestamp,m\n4,b\n5,a\n");
  ASSERT_EQ(ran.kill_times_s(), std::vector<double>{65});
  const KillRecord& kill = ran.kills[0];
  EXPECT_EQ(kill.ledger_at, SimTime{std::chrono::seconds(5)});
  EXPECT_EQ(kill.asked.value, 5 * kGiB);
  EXPECT_EQ(kill.own_used.value, 6000 * kMiB);
  EXPECT_EQ(kill.device_used.value, (500 + 6000 + 1000 + 4096) * kMiB);
  EXPECT_GT(kill.asked + kill.device_used, kill.device_size);
  EXPECT_EQ(kill.sharers, 2U);
}

TEST(Wedge, LeavesTheDispatchersListWhenReadinessFails) {
  const Ran ran = run(R"(
horizon: 200s
models:
  m:
    latency: {per_item: 1s}
    memory: {context: 0, weights: 14000MiB, per_item: 1GiB, overhead: 1}
    on_vram_oom: wedge
    max_deliveries: 1
    dispatch: round_robin
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}
scaling: {m: {policy: fixed, replicas: 2}}
)",
                      "timestamp,size\n5,1\n6,0.5\n7,0.5\n36,0.5\n37,0.5\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 6.5);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 65.5);  // sent to the wedged one while it was still on the list
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 36.5);  // from 35 s on all go to the other
  EXPECT_DOUBLE_EQ(ran.ended_s(4), 37.5);
}

}  // namespace
}  // namespace windtunnel::testing
