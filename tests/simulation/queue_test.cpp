// What a broker does beside keeping queries in order of arrival.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

// One server; a query takes its size in seconds.
std::string one_server(const std::string& queue, const std::string& workload, const std::string& more = "") {
  return "horizon: 200s\nmodels: {m: {latency: {per_item: 1s}" + more + ", queue: " + queue + "}}\nworkload:\n" +
         workload + "cluster: {node_pools: {p: {gpu: T4, nodes: 2}}}\n";
}

const std::string kTraced = "  - {model: m, trace: {file: trace.csv, rebase: false}}\n";

std::string burst(const std::string& name, int priority, const std::string& rate, const std::string& size = "10") {
  return "  - {model: m, name: " + name + ", priority: " + std::to_string(priority) + ", queries: 1, size: " + size +
         ", arrivals: {process: deterministic, rate: " + rate + "}}\n";
}

TEST(Queue, ServesTheHigherClassFirstAndNeverInterruptsIt) {
  // low at 1 s runs to 11; low2 at 2 s and high at 4 s wait: high is next.
  const Ran ran = run(one_server("{discipline: priority}",
                                 burst("low", 2, "1/s") + burst("low2", 2, "0.5/s") + burst("high", 1, "0.25/s")));
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 11);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 21);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 31);
  ASSERT_EQ(ran.only().classes.size(), 2U);
  EXPECT_EQ(ran.only().classes[0].completed, 1U);
  EXPECT_EQ(ran.only().classes[1].completed, 2U);
}

TEST(Queue, PreemptionResumesWhereItStopped) {
  const Ran ran = run(one_server("{discipline: priority, preemption: resume}",
                                 burst("low", 2, "1/s") + burst("high", 1, "0.25/s", "3")));
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 7);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 14);  // 3 s before, 7 s after
  EXPECT_EQ(ran.only().queue->preemptions, 1U);
  EXPECT_EQ(ran.only().queries.redelivered, 0U);
  EXPECT_DOUBLE_EQ(ran.queries[0].service_time.count() * 1e-9, 10);
  EXPECT_DOUBLE_EQ(ran.queries[0].queueing_delay.count() * 1e-9, 3);
}

TEST(Queue, ServesTheEarliestDeadlineFirst) {
  const Ran ran = run(one_server("{discipline: earliest_deadline}", kTraced),
                      "timestamp,size,deadline\n0,10,99\n1,10,90\n2,10,50\n3,10,70\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 20);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 30);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 40);
}

TEST(Queue, AWorkerHoldsWhatItPrefetched) {
  // Two workers, three each at most: the first holds 0, 2, 4, so 2 waits for it though the other one is idle.
  const std::string yaml = one_server("{prefetch: 3}", kTraced) + "scaling: {m: {policy: fixed, replicas: 2}}\n";
  const Ran ran = run(yaml, "timestamp,size\n0,10\n0,1\n0,10\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 1);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 20);
  std::string without = yaml;
  without.replace(without.find("{prefetch: 3}"), 13, "{prefetch: none}");
  EXPECT_DOUBLE_EQ(run(without, "timestamp,size\n0,10\n0,1\n0,10\n").ended_s(2), 11);
}

TEST(Queue, AnUnansweredQueryIsServedTwiceAndCountsOnce) {
  // Handed out again at 5 s to the idle second worker; the first answer, at 10 s, is the query's.
  const Ran ran = run(one_server("{ack_timeout: 5s}", kTraced) + "scaling: {m: {policy: fixed, replicas: 2}}\n",
                      "timestamp,size\n0,10\n");
  const ModelResult& m = ran.only();
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 10);
  EXPECT_EQ(m.queries.completed, 1U);
  EXPECT_EQ(m.queries.redelivered, 1U);
  EXPECT_EQ(m.queue->ack_timeouts, 1U);  // the second hand-out, due at 10 s, was moot by then
  EXPECT_EQ(m.queue->duplicates, 1U);
  EXPECT_NEAR(m.in_service.mean, 20.0 / 200, 1e-12);  // 0 to 10 and 5 to 15
  expect_balance(m.queries, "m");
  expect_balance(*ran.result.totals, "totals");
}

TEST(Queue, AnAnswerInTimeIsNotHandedOutAgain) {
  const Ran ran = run(one_server("{ack_timeout: 10s}", kTraced), "timestamp,size\n0,10\n1,10\n");
  EXPECT_EQ(ran.only().queue->ack_timeouts, 0U);  // the wait before the hand-out does not count
  EXPECT_EQ(ran.only().queries.completed, 2U);
}

TEST(Queue, TooManyDeliveriesEndInDeadLetters) {
  const Ran ran = run(one_server("{ack_timeout: 3s}", kTraced, ", max_deliveries: 1"), "timestamp,size\n0,10\n50,1\n");
  const ModelResult& m = ran.only();
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 3);
  EXPECT_EQ(m.queries.failed, 1U);
  EXPECT_EQ(m.queue->dead_letters, 1U);
  EXPECT_EQ(m.queue->duplicates, 1U);  // its service went on to 10 s
  EXPECT_EQ(m.queries.completed, 1U);
  expect_balance(m.queries, "m");
}

TEST(Queue, OneQueryOfAKeyAtATime) {
  // One key, two workers: the queries follow each other, in order. A key each: side by side.
  const std::string both = "scaling: {m: {policy: fixed, replicas: 2}}\n";
  const std::string trace = "timestamp,size\n0,10\n1,10\n2,10\n";
  const Ran one = run(one_server("{ordering: key, partitions: 1}", kTraced) + both, trace);
  EXPECT_DOUBLE_EQ(one.ended_s(1), 20);
  EXPECT_DOUBLE_EQ(one.ended_s(2), 30);
  const Ran each = run(one_server("{ordering: key}", kTraced) + both, trace);
  EXPECT_DOUBLE_EQ(each.ended_s(1), 11);
}

TEST(Queue, AFullQueueRefusesTheNewcomerOrDropsTheOldest) {
  const std::string trace = "timestamp,size\n0,10\n1,10\n2,10\n";
  const Ran refused = run(one_server("{overflow: reject}", kTraced, ", max_queue: 1"), trace);
  const Ran dropped = run(one_server("{overflow: drop_head}", kTraced, ", max_queue: 1"), trace);
  EXPECT_DOUBLE_EQ(refused.ended_s(2), 2);
  EXPECT_DOUBLE_EQ(dropped.ended_s(1), 2);
  EXPECT_DOUBLE_EQ(dropped.ended_s(2), 20);
  EXPECT_EQ(dropped.only().queries.rejected, 1U);
  EXPECT_EQ(dropped.only().queue->dropped, 1U);
  expect_balance(dropped.only().queries, "m");
}

TEST(Queue, APresetLiesUnderTheModelsOwnKeys) {
  const Folder folder;
  const auto text = [](const std::string& queue, const std::string& more) {
    return "schema: 1\nhorizon: 10s\nmodels: {m: {service_time: 1s, queue: " + queue + more +
           "}}\nworkload: [{model: m, arrivals: {process: poisson, rate: 1/s}}]\n"
           "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n";
  };
  const ModelSpec sqs = load(text("sqs", ""), folder).models.at(0);
  EXPECT_EQ(sqs.queue.ack_timeout, std::chrono::seconds(30));
  const ModelSpec own = load(text("{preset: sqs, ack_timeout: 2min}", ", max_deliveries: 7"), folder).models.at(0);
  EXPECT_EQ(own.queue.ack_timeout, std::chrono::minutes(2));
  EXPECT_EQ(own.max_deliveries, 7);
  const ModelSpec redis = load(text("redis_list", ""), folder).models.at(0);
  EXPECT_EQ(redis.on_kill, OnKill::fail);
  const Scenario kafka = load(text("kafka", ""), folder);
  EXPECT_TRUE(kafka.models.at(0).queue.ordered);
  EXPECT_EQ(load(kafka.resolved, folder).resolved, kafka.resolved);  // written out, it says the same
}

}  // namespace
}  // namespace windtunnel::testing
