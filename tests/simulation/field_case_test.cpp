// The field case of the GPU sharing reference (section 7.2): a T4 of 14.76 GiB, two services. One has about 9 GiB; the
// other, with 4.43 GiB reserved, is refused 20 MiB more and "crashes and restarts for infinity".
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// Contexts of 2022, before lazy loading. The neighbour: 850 + 2222 MiB, and 6144 at its largest query: 9 GiB. The other
// one: 4000 MiB of weights and 536 of cache are 4.43 GiB. 7 MiB are left.
constexpr std::string_view kServices = R"(
horizon: 1000s
models:
  neighbour:
    latency: {fixed: 1s}
    memory: {context: 850MiB, weights: 2222MiB, per_item: 1GiB, overhead: 1}
    on_vram_oom: fail_query
  other:
    latency: {fixed: 1s}
    memory: {context: 850MiB, weights: 4000MiB, per_item: 4MiB, overhead: 1}
    cold_start: {import: 2s, load: 3s}
    max_deliveries: 1000
workload: [{trace: {file: trace.csv, rebase: false, map: {n: neighbour, o: other}}}]
cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}
)";

TEST(FieldCase, CrashesAgainAndAgainAsLongAsTheNeighbourKeepsItsHighWaterMark) {
  const Ran ran = run(std::string(kServices), "timestamp,model,size\n10,o,134\n20,n,6\n40,o,139\n");
  // Held by the back-off for 0, 10, 20, 40, 80, 160 and 300 s, and 5 s to start.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{40, 45, 60, 85, 130, 215, 380, 685, 990}));
  for (const KillRecord& kill : ran.kills) {
    EXPECT_EQ(kill.model, 1U);
    EXPECT_EQ(kill.cause, KillCause::device_full);
    EXPECT_EQ(kill.exit_code, 1);
    EXPECT_EQ(kill.device_size.value, 15109 * kMiB);
  }
  EXPECT_EQ(ran.model("neighbour").queries.completed, 1U);  // who holds the memory notices nothing
  EXPECT_EQ(ran.model("other").queries.completed, 1U);
}

TEST(FieldCase, EndsWhenTheNeighboursHighWaterMarkAllows) {
  // At 400 s the neighbour is refused twenty items itself: it has given its cache back.
  const Ran ran = run(std::string(kServices), "timestamp,model,size\n10,o,134\n20,n,6\n40,o,139\n400,n,20\n");
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{40, 45, 60, 85, 130, 215, 380}));
  EXPECT_EQ(ran.model("neighbour").oom_events, 1U);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 686);
  EXPECT_EQ(ran.model("other").restarts, 7U);
}

TEST(FieldCase, BecomesACrashLoopOfTheColdStartWhereTheNeighbourHasGrownMeanwhile) {
  // While the other one is down the neighbour takes two GiB more: not even the weights fit again.
  const Ran ran = run(std::string(kServices), "timestamp,model,size\n10,o,134\n20,n,6\n40,o,139\n140,n,8\n");
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{40, 45, 60, 85, 130, 215, 380, 685, 990}));
  EXPECT_EQ(ran.model("other").failed_starts, 4U);
}

TEST(FieldCase, IsTheNeighboursAloneUnderLimitsThatFitTheCard) {
  std::string limited(kServices);
  limited.replace(limited.find("time_slicing"), 12, "hard_limit");
  const Ran ran = run(limited, "timestamp,model,size\n10,o,134\n20,n,6\n40,o,139\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.model("neighbour").oom_events, 1U);
  EXPECT_EQ(ran.model("other").queries.completed, 2U);
}

}  // namespace
}  // namespace windtunnel::testing
