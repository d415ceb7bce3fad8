// Restart back-off, and crash loops that begin and end.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// a is there first and leaves b too little; b dies each time its weights are loaded, a second after its restart.
std::string crash_loop(const std::string& scaling_of_a) {
  return "horizon: 30m\n"
         "models:\n"
         "  a: {latency: {per_item: 1s}, memory: {context: 0, weights: 10GiB}}\n"
         "  b: {latency: {per_item: 1s}, memory: {context: 0, weights: 10GiB}, cold_start: {load: 1s}}\n"
         "workload: [{model: b, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}\n" +
         scaling_of_a;
}

TEST(Restart, IsHeldForZeroThenTenSecondsDoubledUpToFiveMinutes) {
  const Ran ran = run(crash_loop(""), "timestamp\n10\n");
  std::vector<double> waits;
  for (std::size_t i = 1; i < ran.kills.size(); ++i)
    waits.push_back(to_seconds(ran.kills[i].at - ran.kills[i - 1].at) - 1);
  ASSERT_GE(waits.size(), 8U);
  waits.resize(8);
  EXPECT_EQ(waits, (std::vector<double>{0, 10, 20, 40, 80, 160, 300, 300}));
  EXPECT_EQ(ran.model("b").restarts, ran.kills.size() - 1);  // the last is still held
  EXPECT_EQ(ran.model("b").queries.queued, 1U);
}

TEST(Restart, ACrashLoopEndsWhenItsCauseIsGone) {
  const Ran ran = run(crash_loop("scaling: {a: {policy: queue_depth, min: 0, initial: 1, max: 1, interval: 100s}}\n"),
                      "timestamp\n10\n");
  // a goes at 100 s; b's next restart comes at 74 + 80 s.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{0, 1, 12, 33, 74}));
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 154 + 1 + 1);
  EXPECT_EQ(ran.model("b").restarts, 5U);
}

}  // namespace
}  // namespace windtunnel::testing
