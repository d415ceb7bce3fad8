// The registry's own promises: every row is complete and makes a policy.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "policies/composition/parts.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

/// What a row cannot do without, and is not in its table as such.
testing_support::Given required(const PolicyEntry& row) {
  testing_support::Given given;
  for (const auto& param : row.params) {
    if (!param.fallback.empty() || param.optional) continue;
    if (param.type != ParamType::block) {
      given.emplace_back(param.name, param.name == "lower" ? 0.5 : 1.0);
      continue;
    }
    auto parts = std::make_shared<PolicyParts>();
    parts->parts.push_back(
        {find_entry(policy_registry(), "queue_depth"), testing_support::policy_params("queue_depth")});
    given.emplace_back(param.name, std::shared_ptr<const MadeBlock>(std::move(parts)));
  }
  if (row.name == "expression") given.emplace_back("replicas", std::string("backlog * replica / query"));
  if (row.name == "scheduled") given.emplace_back("calendar", std::string("0 0 * * * = 4"));
  return given;
}

std::unique_ptr<ScalingPolicy> make(const PolicyEntry& row) {
  const auto params = testing_support::params_of(row.params, required(row));
  EXPECT_EQ(check_policy(row.name, params), "") << row.name;
  return row.make(params);
}

TEST(PolicyRegistry, ListsThePoliciesInOrder) {
  std::vector<std::string> names;
  for (const auto& row : policy_registry()) names.emplace_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"fixed",
                                             "backlog_time",
                                             "queue_depth",
                                             "response_time",
                                             "gpu_utilization",
                                             "memory",
                                             "expression",
                                             "threshold",
                                             "scheduled",
                                             "predictive",
                                             "max",
                                             "min",
                                             "hysteresis",
                                             "rate_limit",
                                             "warm_pool",
                                             "hpa",
                                             "keda",
                                             "keda_job",
                                             "knative_kpa",
                                             "aws_target_tracking",
                                             "aws_backlog_per_instance",
                                             "aws_step_scaling"}));
}

TEST(PolicyRegistry, EveryParameterHasADocAndEveryDefaultALimitItKeepsAndASource) {
  for (const auto& row : policy_registry()) {
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_EQ(testing_support::breaches(row.params), std::vector<std::string>{}) << row.name;
  }
}

TEST(PolicyRegistry, EveryRowMakesAPolicyThatAnswersAnIdleModel) {
  for (const auto& row : policy_registry()) {
    if (row.name == "hpa" || row.name.starts_with("keda")) continue;  // their blocks have tests of their own
    const auto decision = make(row)->decide(testing_support::seen(1, 1));
    EXPECT_GE(decision.desired_replicas, 0) << row.name;
    EXPECT_FALSE(decision.reason.empty()) << row.name;
  }
}

TEST(PolicyRegistry, EveryMetricPolicyKeepsTheCountBeforeTheFirstScrape) {
  for (const auto& row : policy_registry()) {
    if (row.name == "fixed" || row.name == "hpa" || row.name.starts_with("keda")) continue;
    Observation nothing;
    nothing.current_replicas = nothing.ready_replicas = 4;
    EXPECT_EQ(make(row)->decide(nothing).desired_replicas, 4) << row.name;
  }
}

TEST(PolicyRegistry, EveryMetricPolicySharesToleranceAndScaleDownWindow) {
  const std::set<std::string_view> others = {"fixed", "threshold",  "scheduled",  "max",
                                             "min",   "hysteresis", "rate_limit", "warm_pool"};
  for (const auto& row : policy_registry()) {
    if (others.contains(row.name) || row.name == "hpa" || row.name.starts_with("keda")) continue;
    std::set<std::string_view> names;
    for (const auto& param : row.params) names.insert(param.name);
    if (row.name.starts_with("aws_") || row.name == "knative_kpa") continue;  // their controllers' own
    EXPECT_TRUE(names.contains("tolerance") && names.contains("scale_down_after")) << row.name;
  }
}

}  // namespace
}  // namespace windtunnel
