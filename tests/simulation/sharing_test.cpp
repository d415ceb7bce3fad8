// Sharing modes seen through a run: what turns do to queries, and what no mode may do to work.
#include "tests/simulation/harness.hpp"

#include <fmt/format.h>

namespace windtunnel::testing {
namespace {

std::string card(const std::string& sharing) {
  return "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: " + sharing + "}}}\n";
}

// --- n processes that never run dry --------------------------------------------------------------------------------

Ran saturated(int n, const std::string& form) {
  std::string trace = "timestamp,size\n";
  for (int i = 0; i < 100 * n; ++i) trace += "0,1\n";
  return run(fmt::format("run: to_empty\n"
                         "models: {{m: {{latency: {{per_item: 100ms}}}}}}\n"
                         "workload: [{{model: m, queries: {}, trace: {{file: trace.csv, rebase: false}}}}]\n"
                         "{}scaling: {{m: {{policy: fixed, replicas: {}}}}}\n",
                         100 * n, card(fmt::format("{{mode: time_slicing, replicas: {}, form: {}}}", n, form)), n),
             trace);
}

double mean_service_s(const Ran& ran) {
  const Histogram& times = ran.only().service_time;
  return times.sum_s() / static_cast<double>(times.count());
}

TEST(SaturatingProcesses, TakeNTimesSoloOverTheEfficiencyInBothForms) {
  const double efficiency = 2.0 / 2.05 * 0.9;  // defaults of slice, switch and caches
  for (const int n : {2, 3, 5, 8}) {
    const double expected = n * 0.1 / efficiency;
    EXPECT_NEAR(mean_service_s(saturated(n, "fluid")) / expected, 1, 1e-6) << n;
    // 100 ms are 55.6 slices, and the last, shorter one pays a whole switch: at most one of 56 too many; and the first
    // and last batches of a run have fewer neighbours than n - 1 for a part of their time, one in a hundred at most.
    EXPECT_NEAR(mean_service_s(saturated(n, "quantum")) / expected, 1, 0.05 / 2.05 / 55 + 0.01) << n;
  }
}

TEST(SaturatingProcesses, SpendTheShareOfSwitchesThatTheSliceLeaves) {
  const Ran ran = saturated(4, "quantum");
  EXPECT_NEAR(ran.result.cluster.gpu_switching, 0.05 / 2.05, 0.001);
  EXPECT_EQ(saturated(4, "fluid").result.cluster.gpu_switching, 0);
  EXPECT_EQ(saturated(1, "quantum").result.cluster.gpu_switching, 0);  // alone
  EXPECT_NEAR(mean_service_s(saturated(1, "quantum")), 0.1, 1e-12);
}

// --- short queries beside a long one -------------------------------------------------------------------------------

Ran short_beside_long(const std::string& form, const std::string& long_rate) {
  return run(
      "horizon: 20000s\n"
      "models:\n  short: {latency: {fixed: 200us}}\n  long: {latency: {fixed: 50ms}}\n"
      "workload: [{model: short, arrivals: {rate: 2/s}}, {model: long, arrivals: {rate: " +
      long_rate + "}}]\n" + card("{mode: time_slicing, replicas: 2, form: " + form + "}"));
}

TEST(ShortQueriesBesideALongOne, KeepTheirMedianAndLoseTheirTailInTurns) {
  const auto p = [](const Ran& ran, double level) { return ran.model("short").response_time.quantile_s(level); };
  const Ran alone = short_beside_long("quantum", "0.001/s");
  const Ran turns = short_beside_long("quantum", "5/s");
  const Ran fluid = short_beside_long("fluid", "5/s");
  EXPECT_NEAR(p(alone, 0.5), 200e-6, 4e-6);
  EXPECT_NEAR(p(turns, 0.5), p(alone, 0.5), 4e-6);
  EXPECT_NEAR(p(alone, 0.99), 200e-6, 4e-6);
  // A quarter of them meets the long one and waits the rest of its slice, uniform on [0, 2 ms], and a switch: one in a
  // hundred waits longer than 1.92 ms, and needs 0.2 / 0.9 ms then.
  EXPECT_NEAR(p(turns, 0.99), 0.00192 + 0.00005 + 0.00022, 0.0001);
  EXPECT_LT(p(fluid, 0.99), 700e-6);  // what the fluid form does not see
}

TEST(Turns, StretchTheGpuPartAloneAndLeaveHostTimeOutside) {
  // 5 ms on the host for both at once, then 5 ms on the GPU in slices of 1 ms: done at 14 and 15 ms.
  const Ran ran =
      run("run: to_empty\nmodels: {m: {latency: {fixed: 10ms, gpu_active: 0.5}}}\n"
          "workload: [{model: m, queries: 2, trace: {file: trace.csv, rebase: false}}]\n" +
              card("{mode: time_slicing, replicas: 2, form: quantum, slice: 1ms, switch_cost: 0s, "
                   "efficiency: 1}") +
              "scaling: {m: {policy: fixed, replicas: 2}}\n",
          "timestamp,size\n0,1\n0,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 0.014);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 0.015);
}

TEST(Turns, MoveNothingThatIsRandomAboutAQuery) {
  const Ran fluid = short_beside_long("fluid", "5/s"), turns = short_beside_long("quantum", "5/s");
  ASSERT_GT(turns.queries.size(), 30'000U);
  for (std::size_t i = 0; i < std::min(fluid.queries.size(), turns.queries.size()); ++i) {
    if (fluid.queries[i].serial != turns.queries[i].serial) break;  // one was cut off by the horizon
    ASSERT_EQ(fluid.queries[i].arrived, turns.queries[i].arrived);
    ASSERT_EQ(fluid.queries[i].model, turns.queries[i].model);
  }
}

// --- weights -------------------------------------------------------------------------------------------------------

TEST(Weights, DivideTheCardAsTheyStandInBothForms) {
  for (const char* form : {"fluid", "quantum"}) {
    // 3 s of work at weight 3 and 2 s at weight 1: the first is done at 4 s, the other then has 1 s left.
    const Ran ran = run(std::string("run: to_empty\nmodels:\n  a: {latency: {per_item: 1s}, compute_weight: 3}\n"
                                    "  b: {latency: {per_item: 1s}}\n"
                                    "workload: [{queries: 2, trace: {file: trace.csv, rebase: false, "
                                    "map: {a: a, b: b}}}]\n") +
                            card(std::string("{mode: time_slicing, replicas: 2, slice: 1ms, switch_cost: 0s, "
                                             "efficiency: 1, form: ") +
                                 form + "}"),
                        "timestamp,model,size\n0,a,3\n0,b,2\n");
    EXPECT_NEAR(ran.ended_s(0), 4, 0.0011) << form;  // the last slice of the other need not come
    EXPECT_NEAR(ran.ended_s(1), 5, 1e-9) << form;
  }
}

// --- what no mode may do -------------------------------------------------------------------------------------------

struct ModeCase {
  const char* name;
  const char* sharing;
  bool lossless;
};

class WorkIsConserved : public ::testing::TestWithParam<ModeCase> {};

TEST_P(WorkIsConserved, NoSecondOfGpuTimeDoesMoreThanASecondOfWorkAndALosslessModeDoesExactlyThat) {
  const bool alone = std::string_view(GetParam().sharing) == "exclusive";
  const int replicas = alone ? 1 : 4;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Rng rng(seed);
    std::string trace = "timestamp,size\n";
    double at_s = 0, work_s = 0;
    for (int i = 0; i < 2000; ++i) {
      at_s += 0.02 * rng.uniform();
      const auto size = 1 + rng.below(30);
      trace += fmt::format("{:.6f},{}\n", at_s, size);
      work_s += 0.001 * size;
    }
    const Ran ran =
        run(fmt::format("run: to_empty\nmodels: {{m: {{latency: {{per_item: 1ms}}}}}}\n"
                        "workload: [{{model: m, queries: 2000, trace: {{file: trace.csv, rebase: false}}}}]\n"
                        "{}scaling: {{m: {{policy: fixed, replicas: {}}}}}\n",
                        card(GetParam().sharing), replicas),
            trace);
    ASSERT_EQ(ran.only().queries.completed, 2000U);
    const ClusterResult& cluster = ran.result.cluster;
    const double busy_s = cluster.gpu_utilization * cluster.gpu_hours * 3600;
    const double switching_s = cluster.gpu_switching * cluster.gpu_hours * 3600;
    EXPECT_GE(busy_s - switching_s, work_s - 2e-6);  // at most a nanosecond of rounding a query
    if (GetParam().lossless) {
      EXPECT_NEAR(busy_s - switching_s, work_s, 2e-6);
    }
    EXPECT_LE(cluster.gpu_utilization, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Modes, WorkIsConserved,
    ::testing::Values(
        ModeCase{"exclusive", "exclusive", true}, ModeCase{"fluid", "{mode: time_slicing, replicas: 4}", false},
        ModeCase{"fluid_lossless", "{mode: time_slicing, replicas: 4, efficiency: 1, switch_cost: 0s}", true},
        ModeCase{"quantum", "{mode: time_slicing, replicas: 4, form: quantum}", false},
        ModeCase{"quantum_lossless", "{mode: time_slicing, replicas: 4, form: quantum, efficiency: 1}", true},
        ModeCase{"mps", "{mode: mps, replicas: 4}", false},
        ModeCase{"mps_uncapped", "{mode: mps, replicas: 4, active_threads: 1, contention: 1}", true},
        ModeCase{"mps_reserved", "{mode: mps, replicas: 4, static_partition: true}", false},
        ModeCase{"hard_limit", "{mode: hard_limit, replicas: 4}", false},
        ModeCase{"hard_limit_lossless", "{mode: hard_limit, replicas: 4, overhead: 0, efficiency: 1, switch_cost: 0s}",
                 true}),
    [](const auto& tested) { return std::string(tested.param.name); });

std::string duty(const std::string& form, const std::string& over = "time_slicing") {
  return "horizon: 100s\n"
         "models: {m: {latency: {per_item: 1s}}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: hard_limit, replicas: 2, overhead: 0, "
         "compute_share: 0.25, compute_error: 0, over: " +
         over + form + "}}}}\n";
}

// A query of 20 ms, and one of 30 ms a second later.
TEST(HardLimit, ACapByWindowsLetsAShortQueryPassAndHoldsALongOne) {
  const std::string_view rows = "timestamp,size\n0,0.02\n1,0.03\n";
  const Ran fluid = run(duty(""), rows);
  EXPECT_NEAR(fluid.ended_s(0), 0.08, 1e-8);
  EXPECT_NEAR(fluid.ended_s(1), 1.12, 1e-8);
  for (const std::string over : {"time_slicing", "mps, active_threads: 1"}) {
    const Ran window = run(duty(", cap_form: window", over), rows);
    EXPECT_NEAR(window.ended_s(0), 0.02, 1e-8) << over;
    EXPECT_NEAR(window.ended_s(1), 1.105, 1e-8) << over;
  }
  EXPECT_NEAR(run(duty(", cap_form: window, cap_period: 1s"), rows).ended_s(1), 1.03, 1e-8);
}

// Over a long time both forms give the same.
TEST(HardLimit, ACapByWindowsIsTheSameShareInTheLongRun) {
  const std::string_view rows = "timestamp,size\n0,20\n";
  EXPECT_NEAR(run(duty(""), rows).ended_s(0), 80, 1e-9);
  EXPECT_NEAR(run(duty(", cap_form: window"), rows).ended_s(0), 80 - 0.075, 1e-6);
}

}  // namespace
}  // namespace windtunnel::testing
