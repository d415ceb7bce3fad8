// Clients that give up, try again, or wait for each answer before they ask anew.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

std::string served_to(const std::string& clients, const std::string& more = "") {
  return "horizon: 200s\nmodels: {m: {latency: {per_item: 1s}" + more +
         "}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}, clients: " + clients +
         "}]\ncluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
}

const ClientCounts& counts_of(const Ran& ran) {
  return ran.result.clients.at(0).counts;
}

TEST(Clients, WhoWaitsTooLongLeavesTheQueueAtThatInstant) {
  // 0 runs to 10; 1 gives up at 6, before its turn; 2 takes that turn.
  const Ran ran = run(served_to("{timeout: 5s}"), "timestamp,size\n0,4\n0,10\n1,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 4);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 5);  // was in service from 4 on
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 6);  // still queued
  EXPECT_EQ(ran.only().queries.timed_out, 2U);
  EXPECT_EQ(ran.only().queue->abandoned, 1U);
  EXPECT_EQ(ran.only().queue->orphans, 1U);
  EXPECT_NEAR(ran.only().busy_replicas.mean, 14.0 / 200, 1e-12);  // the orphan is worked on to its end
  expect_balance(ran.only().queries, "m");
  expect_balance(*ran.result.totals, "totals");
}

TEST(Clients, CancelAllFreesTheServerAtOnce) {
  const Ran ran = run(served_to("{timeout: 5s, cancel: all}"), "timestamp,size\n0,10\n1,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 5);
  EXPECT_TRUE(std::isnan(ran.ended_s(1)) == false);
  EXPECT_NEAR(ran.only().busy_replicas.mean, 6.0 / 200, 1e-12);  // 0 to 5, and 5 to 6: the second gives up at 6
  EXPECT_EQ(ran.only().queries.timed_out, 2U);
  EXPECT_DOUBLE_EQ(ran.only().lost_work_s, 6);
}

TEST(Clients, CancelNoneLeavesTheWorkForNobody) {
  const Ran ran = run(served_to("{timeout: 5s, cancel: none}"), "timestamp,size\n0,10\n1,10\n30,1\n");
  EXPECT_EQ(ran.only().queries.timed_out, 2U);
  EXPECT_EQ(ran.only().queue->orphans, 2U);
  EXPECT_NEAR(ran.only().busy_replicas.mean, 21.0 / 200, 1e-12);
  EXPECT_EQ(ran.only().queries.completed, 1U);
  expect_balance(ran.only().queries, "m");
}

TEST(Clients, WhoGoesWithoutAWordKeepsTheirPlaceByDeadline) {
  // The deadline that ranks the work ends with the client, the work stays where it was.
  for (const int seed : {4, 19, 23, 643}) {
    const Ran ran = run("seed: " + std::to_string(seed) +
                        "\nhorizon: 3m\n"
                        "models: {m: {latency: {per_item: 600ms}, queue: {discipline: earliest_deadline}}}\n"
                        "workload: [{model: m, arrivals: {rate: 6/s}, clients: {timeout: {law: exponential, mean: 3s}, "
                        "cancel: none}}]\n"
                        "cluster: {node_pools: {p: {gpu: A10G, nodes: 3}}}\n");
    EXPECT_GT(ran.only().queries.timed_out, 100U) << seed;
    expect_balance(ran.only().queries, "m");
    expect_balance(*ran.result.totals, "totals");
  }
}

TEST(Clients, WhileQueuedStaysWithWhoIsServed) {
  const Ran ran = run(served_to("{timeout: 5s, applies: while_queued}"), "timestamp,size\n0,10\n1,10\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 6);
  EXPECT_EQ(ran.only().queries.completed, 1U);
}

TEST(Clients, ARetryIsANewAttemptOfTheSameQuery) {
  // Refused at 1 and 3 s by the full system, let in at 7: waits of 2 and 4 s.
  const Ran ran =
      run(served_to("{retry: {attempts: 3, first: 2s, factor: 2, most: 20s, jitter: none}}", ", max_in_system: 1"),
          "timestamp,size\n0,5\n1,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 8);
  EXPECT_EQ(ran.only().queries.arrived, 4U);  // a model counts attempts
  EXPECT_EQ(ran.only().queries.rejected, 2U);
  EXPECT_EQ(ran.result.totals->arrived, 2U);  // the whole counts queries
  EXPECT_EQ(ran.result.totals->completed, 2U);
  EXPECT_EQ(counts_of(ran).retries, 2U);
  EXPECT_DOUBLE_EQ(ran.only().response_time.max_s(), 7);  // from the first attempt
  expect_balance(ran.only().queries, "m");
}

TEST(Clients, TheLastAttemptDecides) {
  const Ran ran =
      run(served_to("{timeout: 3s, retry: {attempts: 2, first: 1s, jitter: none}}"), "timestamp,size\n0,50\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 7);  // 3, then again from 4 to 7, behind its own orphan
  EXPECT_EQ(ran.result.totals->timed_out, 1U);
  EXPECT_EQ(ran.only().queries.timed_out, 2U);
  EXPECT_EQ(counts_of(ran).timeouts, 2U);
  EXPECT_EQ(counts_of(ran).gave_up, 1U);
}

TEST(Clients, NoRetryBeginsAfterTheDeadline) {
  const Ran ran = run(served_to("{timeout: 3s, deadline: 3500ms, retry: {attempts: 5, first: 1s, jitter: none}}"),
                      "timestamp,size\n0,50\n");
  EXPECT_EQ(counts_of(ran).attempts, 1U);
  EXPECT_EQ(ran.result.totals->timed_out, 1U);
}

TEST(Clients, JitterIsKeyedByTheQueryAndNotByWhatElseHappens) {
  const auto text = [](const std::string& other) {
    return "horizon: 200s\nmodels: {m: {latency: {per_item: 1s}, max_in_system: 1}, n: {latency: {per_item: 1s}}}\n"
           "workload:\n  - {model: m, trace: {file: trace.csv, rebase: false}, clients: {retry: {attempts: 3}}}\n" +
           other + "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n";
  };
  const std::string trace = "timestamp,size\n0,0.1\n0.05,0.1\n";
  const Ran alone = run(text(""), trace);
  const Ran company =
      run(text("  - {model: n, queries: 1, arrivals: {process: deterministic, rate: 100/s}, clients: {retry: {}}}\n"),
          trace);
  EXPECT_DOUBLE_EQ(alone.model("m").response_time.sum_s(), company.model("m").response_time.sum_s());
  EXPECT_GT(alone.model("m").response_time.max_s(), 0.15);
}

TEST(Clients, AClosedLoopNeverHasMoreInsideThanClients) {
  const Ran ran =
      run("horizon: 1000s\nmodels: {m: {service_time: {law: exponential, mean: 1s}}}\n"
          "workload: [{model: m, clients: {count: 5, think: {law: exponential, mean: 500ms}}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n");
  EXPECT_EQ(ran.only().backlog.max, 5);
  EXPECT_GT(ran.only().queries.completed, 800U);
  expect_balance(ran.only().queries, "m");
}

TEST(Clients, AClosedLoopEndsAfterItsQueries) {
  const Ran ran =
      run("run: to_empty\nmodels: {m: {service_time: 1s}}\n"
          "workload: [{model: m, queries: 7, clients: {count: 3, think: 2s}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n");
  EXPECT_EQ(ran.only().queries.completed, 7U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 3);
}

TEST(Clients, APipelineIsTriedAgainFromItsFirstStage) {
  const Ran ran =
      run("horizon: 200s\nmodels: {a: {latency: {per_item: 1s}}, b: {latency: {per_item: 4s}}}\n"
          "pipelines: {p: {stages: [a, b]}}\n"
          "workload: [{pipeline: p, trace: {file: trace.csv, rebase: false}, "
          "clients: {timeout: 3s, retry: {attempts: 2, first: 1s, jitter: none}}}]\n"
          "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n",
          "timestamp,size\n0,1\n");
  EXPECT_EQ(ran.model("a").queries.completed, 2U);
  EXPECT_EQ(ran.model("b").queries.timed_out, 2U);
  EXPECT_EQ(ran.result.pipelines.at(0).queries.timed_out, 1U);
  EXPECT_EQ(ran.result.pipelines.at(0).queries.arrived, 1U);
  expect_balance(ran.model("b").queries, "b");
}

}  // namespace
}  // namespace windtunnel::testing
