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

TEST(ServingInput, RetriesWithoutLimitAreRefused) {
  for (const auto* attempts : {"unlimited", "forever", "0"})
    expect_says(
        traffic("arrivals: {rate: 0.1/s}, clients: {retry: {attempts: " + std::string(attempts) + "}}"),
        "workload.1.clients.retry.attempts: retries without limit: an overload would never end; write a number from "
        "1 to 1000");
  expect_says(traffic("arrivals: {rate: 0.1/s}, clients: {retry: {attempts: 5000}}"), "5000 is outside [1, 1000]");
}

TEST(ServingInput, AClosedLoopHasCountAndThinkAndNoOtherSource) {
  expect_says(traffic("clients: {count: 5}"), "count without think");
  expect_says(traffic("clients: {think: 1s}"), "is of a closed loop, and there is no count");
  expect_says(traffic("clients: {count: 5, think: 0s}"), "is 0: a refused client would ask again at the same instant");
  expect_says(traffic("arrivals: {rate: 1/s}, clients: {count: 5, think: 1s}"), "makes its own queries");
  EXPECT_EQ(traffic("clients: {count: 5, think: 1s}"), "");
}

TEST(ServingInput, AModelThatNobodyHasNamesTheNearest) {
  expect_says(after("{model: quality, arrivals", "{model: qualiti, arrivals"), "did you mean \"quality\"?");
}

TEST(ServingInput, ABatchThatNeverBeginsIsRefused) {
  expect_says(model("batch: {max: 2, min: 3}"), "min: 3 is above max 2: no batch would ever begin");
  expect_says(model("batch: {max: 4, min: 3, shape: same_size}"), "fewer of one size than that");
  expect_says(model("batch: {max: 4, preferred: [2, 8]}"), "8 is no whole number up to max 4");
  expect_says(model("batch: {max: unlimited, wait: 1s}"), "unlimited and a wait: no batch is ever full");
  EXPECT_EQ(model("batch: {max: unlimited}"), "");
}

TEST(ServingInput, QueuesSayWhatDoesNotGoTogether) {
  expect_says(model("queue: sqss"), "unknown broker \"sqss\"; did you mean \"sqs\"?");
  expect_says(model("queue: {preset: kafka}, dispatch: random"), "prefetch needs a queue that workers pull from");
  expect_says(model("queue: {discipline: priority}, dispatch: random"),
              "discipline needs a queue that workers pull from");
  expect_says(model("queue: {preemption: resume}"), "preemption is between classes");
  expect_says(model("queue: {discipline: priority, preemption: resume}, batch: {max: 2}"),
              "preemption is of single queries");
  expect_says(model("queue: {partitions: 3}"), "partitions say nothing without ordering");
  EXPECT_EQ(model("queue: rabbitmq"), "");
}

}  // namespace serving_input_test
}  // namespace windtunnel::testing
