// Formulas, schedules and policies inside policies, as a scenario writes them.
#include <gtest/gtest.h>

#include "harness.hpp"
#include "sim/scenario/schema.hpp"

namespace windtunnel {
namespace policies_test {

using testing::messages;
using testing::parse;
using testing::with;

std::string with_policy(const std::string& scaling) {
  return with(testing::kSmall, "scene: {policy: backlog_time, target: 3s, max: 8}", "scene: {" + scaling + "}");
}
std::string policy_messages(const std::string& scaling) {
  return messages(with_policy(scaling));
}
void expect_policy_says(const std::string& scaling, std::string_view text) {
  testing::expect_says(policy_messages(scaling), text);
}

TEST(PolicyScenario, AFormulasProblemStandsAtItsKeyWithItsColumn) {
  EXPECT_EQ(
      policy_messages(R"(policy: expression, max: 8, value: "backlog / processing_time", target: 3s)"),
      "small.yaml:16: scaling.scene.value: column 1: the formula comes out in queries/s, target is in s; backlog / "
      "processing_time is a rate; a time is backlog * processing_time / (ready_replicas * concurrency), or backlog / "
      "throughput\n");
  expect_policy_says(R"(policy: expression, max: 8, value: "1 + backlag", target: 3 queries)",
                     "scaling.scene.value: column 5: unknown name \"backlag\"; did you mean \"backlog\"?");
  expect_policy_says(R"(policy: expression, max: 8, value: backlog, target: 3 apples)", "scaling.scene.target: ");
  expect_policy_says(R"(policy: expression, max: 8, replicas: "a.b")",
                     "scaling.scene.replicas: column 2: a field (.name) is not modelled");
}

TEST(PolicyScenario, TheExampleOfTheDesignIsRead) {
  const std::string messages = policy_messages(
      "policy: expression, max: 8, target: 3s,\n"
      "         value: \"backlog * processing_time / (ready_replicas * concurrency)\"");
  EXPECT_EQ(messages, "");
}

TEST(PolicyScenario, PoliciesAreMadeOfPolicies) {
  const std::string nested = R"(policy: rate_limit, max: 8, up: 2, of: {policy: hysteresis, down: 0.3, of:
         {policy: max, policies: [{policy: backlog_time, target: 5s}, {policy: scheduled, at: [0s, 8h], replicas: [1, 4]}]}})";
  const auto scenario = parse(with_policy(nested));
  ASSERT_TRUE(scenario) << policy_messages(nested);
  const auto again = parse(scenario->resolved);
  ASSERT_TRUE(again) << messages(scenario->resolved) << scenario->resolved;
  EXPECT_EQ(again->digest, scenario->digest);
  EXPECT_NE(scenario->resolved.find("target: 5s"), std::string::npos) << scenario->resolved;
}

TEST(PolicyScenario, WhatIsWrongInAPartStandsAtItsPlace) {
  expect_policy_says("policy: max, max: 8, policies: [{policy: backlog_time, targt: 3s}]",
                     "scaling.scene.policies[0]: unknown key \"targt\"; did you mean \"target\"?");
  expect_policy_says(
      "policy: max, max: 8, policies: [{policy: backlog_tim}]",
      "scaling.scene.policies[0].policy: unknown policy \"backlog_tim\"; did you mean \"backlog_time\"?");
  expect_policy_says("policy: max, max: 8, policies: []", "not a list of 1 to 50 policies");
  expect_policy_says("policy: max, max: 8", "policies is missing");
  expect_policy_says("policy: hysteresis, max: 8", "of is missing; write of: {policy: backlog_time, target: 3s}");
  expect_policy_says("policy: hysteresis, max: 8, of: backlog_time", "not a policy");
  expect_policy_says("policy: hysteresis, max: 8, of: {policy: backlog_time, max: 3}",
                     "scaling.scene.of.max: stands beside the outermost policy");
  expect_policy_says(R"(policy: hysteresis, max: 8, of: {policy: expression, value: "backlog / 0 second", target: 3s})",
                     "scaling.scene.of.value: column 13: unexpected \"second\"");
  expect_policy_says(
      "policy: max, max: 8, policies: [{policy: backlog_time, window: 1m}, {policy: response_time, target: "
      "1s, window: 2m}]",
      "give all of them the same window");
}

TEST(PolicyScenario, KeepAliveNeedsAMinimumOfZero) {
  expect_policy_says("policy: queue_depth, max: 8, keep_alive: 30s", "scaling.scene.keep_alive: means nothing with 1");
  expect_policy_says("policy: fixed, keep_alive: 30s", "choose a policy that decides");
  EXPECT_EQ(policy_messages("policy: queue_depth, min: 0, max: 8, keep_alive: 30s"), "");
}

TEST(PolicyScenario, ASignalIsListedWithItsUnit) {
  const auto one = list_text("signals", "processing_time");
  ASSERT_TRUE(one);
  EXPECT_NE(one->find("unit: s"), std::string::npos) << *one;
  const auto all = list_text("signals");
  ASSERT_TRUE(all);
  EXPECT_NE(all->find("queries/replica"), std::string::npos);
}

}  // namespace policies_test
}  // namespace windtunnel
