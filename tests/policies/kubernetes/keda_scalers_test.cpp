// What each trigger makes of a queue, a query or the time of day.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "policies/kubernetes/scalers/cron.hpp"
#include "policies/kubernetes/scalers/kafka.hpp"
#include "policies/kubernetes/scalers/prometheus.hpp"
#include "policies/kubernetes/scalers/pubsub.hpp"
#include "policies/kubernetes/scalers/rabbitmq.hpp"
#include "policies/kubernetes/scalers/redis.hpp"
#include "policies/kubernetes/scalers/sqs.hpp"

namespace windtunnel {
namespace {

QueueView queue_of(double ready, double in_flight, double delayed = 0) {
  QueueView queue;
  queue.ready = ready;
  queue.unacknowledged = in_flight;
  queue.delayed = delayed;
  return queue;
}

TEST(KedaTraps, Trap19AnEmptyPrometheusResultIsZeroNotAnErrorByDefault) {
  PrometheusScaler scaler{.query = "sum(up)"};
  EXPECT_FALSE(scaler.read({}, 0).failed());
  EXPECT_EQ(scaler.read({}, 0).value, 0);
  MetricAnswer nan;
  nan.series.push_back({{}, std::nan("")});
  EXPECT_EQ(scaler.read(nan, 0).value, 0);
  EXPECT_FALSE(scaler.read(nan, 0).active);
  scaler.ignore_null_values = false;
  EXPECT_TRUE(scaler.read({}, 0).failed());
  EXPECT_TRUE(scaler.read(nan, 0).failed());
}

TEST(PrometheusScaler, TakesOneSeriesOnly) {
  const PrometheusScaler scaler{.query = "up"};
  MetricAnswer two;
  two.series = {{{}, 1}, {{}, 2}};
  EXPECT_TRUE(scaler.read(two, 0).failed());
  two.series.pop_back();
  EXPECT_EQ(scaler.read(two, 0).value, 1);
  two.error = "connection refused";
  EXPECT_EQ(scaler.read(two, 0).error, "connection refused");
}

TEST(KedaTraps, Trap20SqsCountsInFlightByDefaultAndRabbitmqOverHttpTheUnacknowledged) {
  const auto queue = queue_of(7, 3, 2);
  EXPECT_EQ(SqsScaler{}.read(queue, 0).value, 10);
  EXPECT_EQ((SqsScaler{.scale_on_in_flight = false, .scale_on_delayed = true}.read(queue, 0).value), 9);
  RabbitmqScaler rabbit;
  EXPECT_EQ(rabbit.read(queue, 0).value, 7) << "AMQP: ready ones";
  rabbit.http = true;
  EXPECT_EQ(rabbit.read(queue, 0).value, 10);
  rabbit.exclude_unacknowledged = true;
  EXPECT_EQ(rabbit.read(queue, 0).value, 7);
  EXPECT_EQ(PubsubScaler{}.read(queue, 0).value, 10);
  EXPECT_EQ(RedisScaler{}.read(queue, 0).value, 7) << "a list holds nothing that was popped";
}

TEST(RabbitmqScaler, RatesWakeByMessagesTooAndAStuckQueueByItself) {
  QueueView queue = queue_of(5, 0);
  RabbitmqScaler scaler{.mode = RabbitmqMode::message_rate, .http = true};
  EXPECT_TRUE(scaler.read(queue, 4).active) << "no rate, but 5 messages";
  EXPECT_EQ(scaler.read(queue, 4).value, 0);
  scaler.mode = RabbitmqMode::deliver_get_rate;
  EXPECT_FALSE(scaler.read(queue, 0).active);
  scaler.mode = RabbitmqMode::published_to_delivered_ratio;
  EXPECT_EQ(scaler.read(queue, 2).value, 0);
  queue.published_per_s = 3;
  EXPECT_EQ(scaler.read(queue, 2).value, 2) << "nothing delivered: the activation value";
  EXPECT_TRUE(scaler.read(queue, 2).active);
  queue.delivered_per_s = 2;
  EXPECT_EQ(scaler.read(queue, 2).value, 1.5);
}

TEST(RabbitmqScaler, ExpectedConsumptionTimeIsABacklogTime) {
  EXPECT_DOUBLE_EQ(expected_queue_consumption_time(10, 3, 2, 1).value, 5.5);
  EXPECT_FALSE(expected_queue_consumption_time(0, 3, 0, 1).active);
  const auto stuck = expected_queue_consumption_time(4, 1, 0, 30);
  EXPECT_EQ(stuck.value, 30);
  EXPECT_TRUE(stuck.active);
}

TEST(PubsubScaler, ReportsSecondsInItsAgeMode) {
  QueueView queue = queue_of(1, 1);
  queue.oldest_age_s = 42;
  EXPECT_EQ((PubsubScaler{.mode = PubsubMode::oldest_unacked_message_age}.read(queue, 0).value), 42);
}

TEST(KafkaScaler, NoMoreConsumersThanPartitionsUnlessIdleOnesAreAllowed) {
  KafkaScaler scaler;
  const auto lag = [](std::int64_t total) { return KafkaLag{.total = total, .partitions = 10, .with_lag = 4}; };
  EXPECT_EQ(scaler.reported_lag(lag(109)), 109) << "10.9 counts as 10 whole consumers";
  EXPECT_EQ(scaler.reported_lag(lag(110)), 100);
  scaler.limit_to_partitions_with_lag = true;
  EXPECT_EQ(scaler.reported_lag(lag(110)), 40);
  scaler.limit_to_partitions_with_lag = false;
  scaler.allow_idle_consumers = true;
  EXPECT_EQ(scaler.reported_lag(lag(110)), 110);
}

TEST(KafkaScaler, SumsPartitionsAndFailsWithoutAny) {
  QueueView queue;
  EXPECT_TRUE(KafkaScaler{}.read(queue, 0).failed());
  queue.partition_lag = {3, 0, 4};
  EXPECT_EQ(KafkaScaler{}.read(queue, 0).value, 7);
  EXPECT_FALSE(KafkaScaler{}.read(queue, 7).active);
}

CronSchedule schedule(const char* text) {
  auto parsed = CronSchedule::parse(text);
  EXPECT_TRUE(std::holds_alternative<CronSchedule>(parsed)) << text;
  return std::get<CronSchedule>(parsed);
}

std::string problem(const char* text) {
  auto parsed = CronSchedule::parse(text);
  return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "";
}

CivilMinutes next(const char* line, const char* after) {
  return schedule(line).next_after(*parse_civil(after)).value_or(0);
}

TEST(CronSchedule, FindsTheNextMinuteStrictlyAfter) {
  EXPECT_EQ(next("0 8 * * *", "2026-01-05T07:59"), *parse_civil("2026-01-05T08:00"));
  EXPECT_EQ(next("0 8 * * *", "2026-01-05T08:00"), *parse_civil("2026-01-06T08:00"));
  EXPECT_EQ(next("*/20 9-10 * * *", "2026-01-05T09:20"), *parse_civil("2026-01-05T09:40"));
  EXPECT_EQ(next("0 6 * * 1-5", "2026-01-09T12:00"), *parse_civil("2026-01-12T06:00")) << "Friday to Monday";
  EXPECT_EQ(next("0 0 29 feb *", "2026-01-01T00:00"), *parse_civil("2028-02-29T00:00"));
  EXPECT_EQ(next("0 0 13 * FRI", "2026-01-05T00:00"), *parse_civil("2026-01-09T00:00")) << "either day will do";
  EXPECT_EQ(next("@hourly", "2026-12-31T23:10"), *parse_civil("2027-01-01T00:00"));
  EXPECT_FALSE(schedule("0 0 30 2 *").next_after(0).has_value()) << "never";
}

TEST(CronSchedule, NamesWhatIsWrong) {
  EXPECT_EQ(problem("0 8 * *"), "has 4 fields, not 5: minute, hour, day of month, month, day of week");
  EXPECT_EQ(problem("60 8 * * *"), "\"60\" is no minute (0 to 59)");
  EXPECT_EQ(problem("0 8 * * mo"), "\"mo\" is no day of week (0 to 6)");
  EXPECT_EQ(problem("0 9-8 * * *"), "\"9-8\" is no hour (0 to 23)");
  EXPECT_EQ(problem("*/0 8 * * *"), "\"*/0\" is no minute (0 to 59)");
  EXPECT_EQ(problem("-1 8 * * *"), "\"-1\" is no minute (0 to 59)");
  EXPECT_FALSE(parse_civil("2026-02-30T00:00").has_value());
  EXPECT_FALSE(parse_civil("2026-02-03 00:00").has_value());
}

TEST(CronScaler, WantsItsReplicasBetweenStartAndEndAndNothingElse) {
  const CronScaler office{.start = schedule("0 8 * * 1-5"),
                          .end = schedule("0 18 * * 1-5"),
                          .time_zero = *parse_civil("2026-01-05T00:00"),
                          .desired_replicas = 6};
  const auto at = [&](double hour) { return office.read(hour * 3600); };
  EXPECT_FALSE(at(7.99).active);
  EXPECT_TRUE(at(8).active);
  EXPECT_EQ(at(8).value, 6);
  EXPECT_TRUE(at(17.99).active);
  EXPECT_FALSE(at(18).active);
  EXPECT_EQ(at(18).value, 0);
  EXPECT_FALSE(at(5 * 24 + 10).active) << "Saturday";
}

TEST(CronScaler, SpansMidnight) {
  const CronScaler night{.start = schedule("0 22 * * *"),
                         .end = schedule("0 6 * * *"),
                         .time_zero = *parse_civil("2026-01-05T00:00"),
                         .desired_replicas = 2};
  EXPECT_TRUE(night.read(3600).active);
  EXPECT_FALSE(night.read(12 * 3600).active);
  EXPECT_TRUE(night.read(23 * 3600).active);
}

}  // namespace
}  // namespace windtunnel
