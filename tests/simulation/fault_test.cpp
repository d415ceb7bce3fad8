// Pauses, crashes and fatal faults: when they come, whom they take, what is written down.
#include "tests/simulation/harness.hpp"

#include <set>

namespace windtunnel::testing {
namespace {

std::string faulty(const std::string& faults, const std::string& more = {}) {
  return "horizon: 60s\nmodels: {m: {latency: {per_item: 1s}, max_deliveries: 100, faults: " + faults + more +
         "}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

// --- crashes -------------------------------------------------------------------------------------------------------

TEST(Crash, EndsTheProcessAndItsQueryBeginsAnewWhenTheSupervisorHasItBack) {
  const Ran ran = run(faulty("{crash: {up: 10s, down: 2s, clock: always}}"), "timestamp,size\n8,5\n");
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{10, 22, 34, 46, 58}));
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 12 + 5);
  const KillRecord& kill = ran.kills[0];
  EXPECT_EQ(kill.cause, KillCause::crash);
  EXPECT_EQ(kill.mechanism, KillMechanism::process_exit);
  EXPECT_EQ(kill.exit_code, 139);
  EXPECT_EQ(kill.culprit_model, 0U);
  EXPECT_EQ(kill.culprit_replica, 0U);
  EXPECT_EQ(kill.blast_radius, 0U);
  EXPECT_EQ(kill.queries_lost, 1U);
  EXPECT_EQ(ran.only().kills.by_cause.at("crash"), 5U);
  EXPECT_EQ(ran.only().kills.oom, 0U);
  EXPECT_DOUBLE_EQ(ran.only().redelivery_s, 12 - 8);
  EXPECT_DOUBLE_EQ(ran.only().lost_work_s, 2);
}

TEST(Crash, IsRestartedByTheKubeletsBackOffAndAColdStartWhereNothingElseIsSaid) {
  const Ran ran = run(faulty("{crash: {up: 3s, clock: always, exit_code: 1}}", ", cold_start: {load: 1s}"),
                      "timestamp,size\n59,0.5\n");
  // Ready at 0; dead at 3, loaded at 4, dead at 7, held until 17, loaded at 18, dead at 21, held until 41, ...
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{3, 7, 21, 45}));
  EXPECT_EQ(ran.kills[0].exit_code, 1);
}

TEST(Crash, ComesNearerOnlyWhileServingIfItsClockSaysSo) {
  const Ran ran = run(faulty("{crash: {up: 3s, down: 1s}}"), "timestamp,size\n0,2\n10,2\n30,1.5\n40,1.5\n50,1\n");
  // Served 2 s, and 1 s of the second query; then 2 s of its next try and 1 s of the third query, and so on.
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{11, 31, 41.5}));
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 12 + 2);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 32 + 1.5);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 41.5);  // a completion comes before a fault of the same instant
  EXPECT_DOUBLE_EQ(ran.ended_s(4), 51);
}

TEST(Crash, GivesUpAQueryThatHadItsDeliveries) {
  std::string yaml = faulty("{crash: {up: 1s, down: 0s}}");
  yaml.replace(yaml.find("100"), 3, "3");
  const Ran ran = run(yaml, "timestamp,size\n5,2\n");
  EXPECT_EQ(ran.kill_times_s(), (std::vector<double>{6, 7, 8}));
  EXPECT_EQ(ran.only().queries.failed, 1U);
}

// --- pauses --------------------------------------------------------------------------------------------------------

TEST(Pause, HoldsTheWorkAndGoesOnWhereItStopped) {
  const Ran ran = run(faulty("{pause: {up: 5s, down: 3s}}"), "timestamp,size\n3,4\n14,1\n");
  // Paused 5-8, 13-16, 21-24, ...: two seconds before and two after; nothing is begun meanwhile.
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 17);
  EXPECT_TRUE(ran.kills.empty());
  EXPECT_EQ(ran.only().pauses, 7U);
  EXPECT_DOUBLE_EQ(ran.only().paused_s, 7 * 3);
  EXPECT_EQ(ran.only().queries.redelivered, 0U);
}

// The clock struck again at its old mark when the pause was over, and the replica stood still for good.
TEST(Pause, ComesNearerOnlyWhileServingIfItsClockSaysSo) {
  const Ran ran = run(faulty("{pause: {up: 2s, down: 3s, clock: while_serving}}"), "timestamp,size\n0,5\n40,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 5 + 2 * 3);   // still at 2-5 and 7-10
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 40 + 2 + 3);  // a second of it, three still, the other
  EXPECT_EQ(ran.only().pauses, 3U);
  EXPECT_DOUBLE_EQ(ran.only().paused_s, 9);
}

TEST(Pause, LeavesTheCardToTheNeighbours) {
  const Ran ran =
      run("horizon: 60s\nmodels:\n  a: {latency: {per_item: 1s}, faults: {pause: {up: 2s, down: 10s}}}\n"
          "  b: {latency: {per_item: 1s}}\n"
          "workload: [{queries: 2, trace: {file: trace.csv, rebase: false, map: {a: a, b: b}}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: time_slicing, replicas: 2, switch_cost: 0s, "
          "efficiency: 1}}}}\n",
          "timestamp,model,size\n0,a,2\n0,b,4\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 2 + 3);   // half the card for 2 s, then all of it
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 12 + 1);  // its second half, alone
}

TEST(Pause, WaitsForTheGpuPartOfWorkThatIsOnTheHost) {
  std::string yaml = faulty("{pause: {up: 5s, down: 3s}}");
  yaml.replace(yaml.find("per_item: 1s"), 12, "per_item: 1s, gpu_active: 0.5");
  const Ran ran = run(yaml, "timestamp,size\n4,4\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 8 + 2);  // host part over at 6, GPU part from 8 on
}

TEST(Pause, LetsADrainingReplicaFinishAndGo) {
  const Ran ran = run(
      "run: to_empty\nhorizon: 120s\nmodels: {m: {latency: {per_item: 1s}, faults: {pause: {up: 25s, down: 30s}}}}\n"
      "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n"
      "scaling: {m: {policy: queue_depth, target_per_replica: 10, min: 1, max: 2, initial: 2, interval: 10s, "
      "scrape_interval: 0s}}\n",
      "timestamp,size\n1,40\n2,40\n");
  EXPECT_EQ(ran.only().queries.completed, 2U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 1 + 40 + 30);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 2 + 40 + 30);
}

// --- fatal faults --------------------------------------------------------------------------------------------------

std::string neighbours(const std::string& sharing, const std::string& cold_start = "{}") {
  return "horizon: 100s\nmodels:\n"
         "  culprit: {latency: {per_item: 1s}, faults: {fatal_fault: {mean_time_between: 20s}}, max_deliveries: 1000}\n"
         "  victim: {latency: {per_item: 1s}, cold_start: " +
         cold_start +
         "}\n"
         "workload: [{model: culprit, arrivals: {rate: 2/s}, size: 0.4}, {model: victim, arrivals: {rate: 1/s}, "
         "size: 0.4}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: " +
         sharing + "}}}\nscaling: {culprit: {policy: fixed, replicas: 1}, victim: {policy: fixed, replicas: 2}}\n";
}

TEST(FatalFault, UnderMpsTakesEveryClientAndTellsVictimsFromTheCulprit) {
  const Ran ran = run(neighbours("{mode: mps, replicas: 4, active_threads: 1}"));
  ASSERT_GT(ran.kills.size(), 6U);
  std::map<SimTime, std::vector<KillRecord>> events;
  for (const KillRecord& kill : ran.kills) events[kill.at].push_back(kill);
  for (const auto& [at, kills] : events) {
    ASSERT_EQ(kills.size(), 3U);
    EXPECT_EQ(kills[0].cause, KillCause::gpu_fault);
    EXPECT_EQ(kills[0].model, 0U);
    for (const KillRecord& kill : kills) {
      EXPECT_EQ(kill.culprit_model, 0U);
      EXPECT_EQ(kill.culprit_replica, 0U);
      EXPECT_EQ(kill.blast_radius, 2U);
      EXPECT_EQ(kill.exit_code, 1);
      if (kill.model != 0) {
        EXPECT_EQ(kill.cause, KillCause::neighbour_fault);
      }
    }
  }
  EXPECT_EQ(ran.model("victim").kills.by_cause.at("neighbour_fault"), ran.model("victim").kills.total);
  EXPECT_EQ(ran.model("victim").kills.oom, 0U);
  expect_balance(ran.model("culprit").queries, "culprit");
  expect_balance(ran.model("victim").queries, "victim");
}

TEST(FatalFault, StaysInItsProcessWhereEachHasItsOwnContext) {
  for (const char* sharing : {"{mode: time_slicing, replicas: 4}", "{mode: time_slicing, replicas: 4, form: quantum}",
                              "{mode: hard_limit, replicas: 4}"}) {
    const Ran ran = run(neighbours(sharing));
    ASSERT_GT(ran.kills.size(), 0U) << sharing;
    for (const KillRecord& kill : ran.kills) {
      EXPECT_EQ(kill.model, 0U);
      EXPECT_EQ(kill.cause, KillCause::gpu_fault);
      EXPECT_EQ(kill.blast_radius, 0U);
    }
  }
}

TEST(FatalFault, KeepsNewClientsOutUntilTheLastHasExited) {
  // Without a cold start a victim would be back at once; the server takes it after fault_exit.
  for (const double exit_s : {0.0, 5.0}) {
    const Ran ran = run(neighbours(
        "{mode: mps, replicas: 4, active_threads: 1, fault_exit: " + std::to_string(static_cast<int>(exit_s)) + "s}"));
    ASSERT_GT(ran.kills.size(), 0U);
    const double at_s = to_seconds(ran.kills[0].at);
    double first = 1e9;
    for (const auto& q : ran.queries)
      if (q.model == 1 && to_seconds(q.ended) > at_s) first = std::min(first, to_seconds(q.ended - q.service_time));
    EXPECT_GE(first, at_s + exit_s);
    EXPECT_LT(first, at_s + exit_s + 3);
  }
}

TEST(FatalFault, SparesWhoHasNoContextYet) {
  // Two loads of 30 s: whoever a fault took is without a context during the import that comes before.
  const Ran ran = run(neighbours("{mode: mps, replicas: 4, active_threads: 1}", "{import: 40s}"));
  std::map<SimTime, std::uint32_t> radius;
  for (const KillRecord& kill : ran.kills) radius[kill.at] = kill.blast_radius;
  ASSERT_GT(radius.size(), 1U);
  EXPECT_EQ(radius.begin()->second, 2U);
  const auto second = std::next(radius.begin());
  ASSERT_LT(to_seconds(second->first - radius.begin()->first), 40);
  EXPECT_EQ(second->second, 0U);
}

// --- law 3 ---------------------------------------------------------------------------------------------------------

TEST(Faults, OfOneModelDoNotMoveWithCompanyOrSharingMode) {
  const auto times = [](const std::string& company, const std::string& sharing) {
    const Ran ran =
        run("horizon: 500s\nmodels:\n"
            "  m: {latency: {per_item: 1s}, faults: {crash: {up: {law: exponential, mean: 30s}, down: 1s, clock: "
            "always}}}\n"
            "  other: {latency: {per_item: 1s}, faults: {crash: {up: {law: exponential, mean: 20s}, down: 1s}}}\n"
            "workload: [{model: m, arrivals: {rate: 1/s}, size: 0.1}, {model: other, arrivals: {rate: " +
            company + "}, size: 0.1}]\ncluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: " + sharing +
            "}}}\nscaling: {m: {policy: fixed, replicas: 1}, other: {policy: fixed, replicas: 1}}\n");
    std::vector<SimTime> out;
    for (const KillRecord& kill : ran.kills)
      if (kill.model == 0) out.push_back(kill.at);
    return out;
  };
  const auto first = times("1/s", "{mode: time_slicing, replicas: 2}");
  EXPECT_GT(first.size(), 5U);
  EXPECT_EQ(times("5/s", "{mode: time_slicing, replicas: 2}"), first);
  EXPECT_EQ(times("5/s", "{mode: time_slicing, replicas: 2, form: quantum}"), first);
  EXPECT_EQ(times("1/s", "{mode: mps, replicas: 2}"), first);
}

// --- everything at once --------------------------------------------------------------------------------------------

TEST(Faults, LoseNoQueryAndNoByteWhateverHappens) {
  const std::string yaml = R"(
horizon: 1200s
models:
  a:
    latency: {per_item: 300ms, gpu_active: 0.8}
    memory: {context: 300MiB, weights: 1GiB, per_item: 300MiB}
    concurrency: 2
    on_vram_oom: wedge
    probe: {period: 2s, failure_threshold: 2, grace: 3s}
    cold_start: {import: 1s, load: 2s}
    faults:
      pause: {up: {law: exponential, mean: 20s}, down: {law: exponential, mean: 3s}, clock: while_serving}
      crash: {up: {law: exponential, mean: 40s}}
      fatal_fault: {mean_time_between: 60s}
  b:
    latency: {per_item: 200ms}
    memory: {context: 300MiB, weights: 1GiB, per_item: 300MiB}
    dispatch: least_outstanding
    cold_start: {import: 1s, load: 1s}
    faults:
      pause: {up: {law: exponential, mean: 30s}, down: {law: exponential, mean: 5s}}
      crash: {up: {law: exponential, mean: 50s}, down: {law: exponential, mean: 2s}, clock: always}
workload:
  - {model: a, arrivals: {rate: 4/s}, size: {law: exponential, mean: 1}}
  - {model: b, arrivals: {rate: 4/s}, size: {law: exponential, mean: 1}}
scaling:
  a: {policy: queue_depth, target_per_replica: 3, min: 1, max: 4, interval: 5s}
  b: {policy: queue_depth, target_per_replica: 3, min: 1, max: 4, interval: 5s}
cluster: {node_pools: {p: {gpu: T4, nodes: 2, sharing: )";
  for (const char* sharing : {"{mode: mps, replicas: 4, limit_memory: false}", "{mode: time_slicing, replicas: 4}",
                              "{mode: time_slicing, replicas: 4, form: quantum}", "{mode: hard_limit, replicas: 4}"}) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
      const Ran ran = run(yaml + sharing + "}}}\n", {}, seed);
      std::set<KillCause> causes;
      for (const KillRecord& kill : ran.kills) {
        causes.insert(kill.cause);
        EXPECT_LE(kill.device_used, kill.device_size);
        EXPECT_LE(kill.own_used, kill.device_used);
        EXPECT_EQ(kill.culprit_model == kNone, kill.cause == KillCause::device_full);
      }
      EXPECT_GE(causes.size(), 2U) << sharing;
      for (const ModelResult& m : ran.result.models) {
        expect_balance(m.queries, m.name);
        EXPECT_GT(m.queries.completed, 200U);
        EXPECT_GT(m.pauses, 0U);
        EXPECT_LE(m.paused_s, m.replica_seconds);
        EXPECT_LE(m.ready_replicas.max, 4);
      }
      EXPECT_LE(ran.result.cluster.gpu_utilization, 1);
    }
  }
}

}  // namespace
}  // namespace windtunnel::testing
