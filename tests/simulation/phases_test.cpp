// Demands that rise inside a batch: the decode at its end.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// 609 MiB beside the weights. A query's item takes 4 s, of which the last quarter needs `spike`.
std::string spiky(const std::string& spike, const std::string& more = "", const std::string& latency = "per_item: 4s") {
  return "horizon: 200s\n"
         "models:\n  m:\n    latency: {" +
         latency +
         "}\n"
         "    memory: {context: 0, weights: 14000MiB, overhead: 1, phases: [{share_of_work: 0.75, per_item: 100MiB}, "
         "{share_of_work: 0.25, per_item: " +
         spike +
         "}]}\n"
         "    max_deliveries: 1\n" +
         more +
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

TEST(Phases, TakeAsLongTogetherAsTheBatchWithoutThem) {
  const Ran ran = run(spiky("600MiB"), "timestamp,size\n5,1\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 9);
  EXPECT_DOUBLE_EQ(ran.only().service_time.max_s(), 4);
}

TEST(Phases, EndTheProcessInTheMiddleOfTheBatchWhoseWorkIsThenLost) {
  const Ran ran = run(spiky("700MiB"), "timestamp,size\n5,1\n");
  ASSERT_EQ(ran.kill_times_s(), std::vector<double>{8});
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(ran.kills[0].queries_lost, 1U);
  EXPECT_DOUBLE_EQ(ran.only().lost_work_s, 3);
  EXPECT_EQ(ran.only().queries.failed, 1U);
}

TEST(Phases, FailTheQueryAloneWhereTheServerSurvivesAndTheNextOneIsServed) {
  const Ran ran = run(spiky("700MiB", "    on_vram_oom: fail_query\n"), "timestamp,size\n5,1\n6,0.5\n");
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.only().oom_events, 1U);
  EXPECT_DOUBLE_EQ(ran.only().lost_work_s, 3);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 8);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 10);  // begun when the first one failed
}

TEST(Phases, WedgeTheServerInTheMiddleOfTheBatch) {
  const Ran ran = run(spiky("700MiB", "    on_vram_oom: wedge\n"), "timestamp,size\n5,1\n");
  ASSERT_EQ(ran.kill_times_s(), std::vector<double>{68});  // three probes of 10 s and 30 s of grace later
  EXPECT_EQ(ran.kills[0].exit_code, 137);
}

TEST(Phases, DivideTheWorkOnTheGpuAndNotTheHostsPart) {
  const Ran ran = run(spiky("700MiB", "", "per_item: 4s, gpu_active: 0.5"), "timestamp,size\n5,1\n");
  EXPECT_EQ(ran.kill_times_s(), std::vector<double>{5 + 2 + 1.5});
}

// Two replicas whose spikes never coincide: 2 x (6000 + 100) leave 2409 MiB, one spike of 2000 fits.
TEST(Phases, CollideOverHighWaterMarksThoughTheirPeaksNeverCoincide) {
  const auto turns = [](const std::string& allocator) {
    return "horizon: 100s\nmodels: {m: {copies: 2, latency: {per_item: 4s}, max_deliveries: 1, memory: {context: 0, "
           "weights: 6000MiB, overhead: 1, allocator: " +
           allocator +
           ", phases: [{share_of_work: 0.5, per_item: 100MiB}, {share_of_work: 0.5, per_item: 2000MiB}]}}}\n"
           "workload: [{trace: {file: trace.csv, rebase: false, map: {a: m-0, b: m-1}}}]\n"
           "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2}}}}\n";
  };
  constexpr std::string_view kTurns = "timestamp,model,size\n1,a,1\n20,b,1\n";
  EXPECT_TRUE(run(turns("plain"), kTurns).kills.empty());
  const Ran ran = run(turns("caching"), kTurns);
  ASSERT_EQ(ran.kill_times_s(), std::vector<double>{22});
  EXPECT_EQ(ran.kills[0].model, 1U);
}

}  // namespace
}  // namespace windtunnel::testing
