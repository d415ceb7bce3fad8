// What `batch`, `queue` and `clients` refuse, and how they say so.
#include <gtest/gtest.h>

#include "tests/scenario/harness.hpp"

namespace windtunnel::testing {
namespace serving_input_test {

std::string model(const std::string& keys) {
  return after("quality: {service_time: {law: exponential, mean: 1s}", "quality: {service_time: 1s, " + keys);
}

std::string traffic(const std::string& keys) {
  return after("{model: quality, arrivals: {rate: 0.1/s}}", "{model: quality, " + keys + "}");
}

void expect_in(const std::string& messages, std::string_view part) {
  EXPECT_NE(messages.find(part), std::string::npos) << messages;
}

TEST(ServingInput, RetriesWithoutLimitAreRefused) {
  for (const auto* attempts : {"unlimited", "forever", "0"})
    expect_in(
        traffic("arrivals: {rate: 0.1/s}, clients: {retry: {attempts: " + std::string(attempts) + "}}"),
        "workload.1.clients.retry.attempts: retries without limit: an overload would never end; write a number from "
        "1 to 1000");
  expect_in(traffic("arrivals: {rate: 0.1/s}, clients: {retry: {attempts: 5000}}"), "5000 is outside [1, 1000]");
}

TEST(ServingInput, AClosedLoopHasCountAndThinkAndNoOtherSource) {
  expect_in(traffic("clients: {count: 5}"), "count without think");
  expect_in(traffic("clients: {think: 1s}"), "is of a closed loop, and there is no count");
  expect_in(traffic("clients: {count: 5, think: 0s}"), "is 0: a refused client would ask again at the same instant");
  expect_in(traffic("arrivals: {rate: 1/s}, clients: {count: 5, think: 1s}"), "makes its own queries");
  EXPECT_EQ(traffic("clients: {count: 5, think: 1s}"), "");
}

TEST(ServingInput, AModelThatNobodyHasNamesTheNearest) {
  expect_in(after("{model: quality, arrivals", "{model: qualiti, arrivals"), "did you mean \"quality\"?");
}

TEST(ServingInput, ABatchThatNeverBeginsIsRefused) {
  expect_in(model("batch: {max: 2, min: 3}"), "min: 3 is above max 2: no batch would ever begin");
  expect_in(model("batch: {max: 4, min: 3, shape: same_size}"), "fewer of one size than that");
  expect_in(model("batch: {max: 4, preferred: [2, 8]}"), "8 is no whole number up to max 4");
  expect_in(model("batch: {max: unlimited, wait: 1s}"), "unlimited and a wait: no batch is ever full");
  EXPECT_EQ(model("batch: {max: unlimited}"), "");
}

TEST(ServingInput, QueuesSayWhatDoesNotGoTogether) {
  expect_in(model("queue: sqss"), "unknown broker \"sqss\"; did you mean \"sqs\"?");
  expect_in(model("queue: {preset: kafka}, dispatch: random"), "prefetch needs a queue that workers pull from");
  expect_in(model("queue: {discipline: priority}, dispatch: random"),
            "discipline needs a queue that workers pull from");
  expect_in(model("queue: {preemption: resume}"), "preemption is between classes");
  expect_in(model("queue: {discipline: priority, preemption: resume}, batch: {max: 2}"),
            "preemption is of single queries");
  expect_in(model("queue: {partitions: 3}"), "partitions say nothing without ordering");
  EXPECT_EQ(model("queue: rabbitmq"), "");
}

}  // namespace serving_input_test
}  // namespace windtunnel::testing
