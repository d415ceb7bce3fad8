// The registry's own promises: every row is complete and makes a policy.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

/// Policies whose parameters are nested blocks have tests of their own.
bool is_made_of_blocks(const PolicyEntry& row) {
  return std::any_of(row.params.begin(), row.params.end(),
                     [](const Param& param) { return param.type == ParamType::block; });
}

TEST(PolicyRegistry, ListsThePoliciesInOrder) {
  std::vector<std::string> names;
  for (const auto& row : policy_registry()) names.emplace_back(row.name);
  EXPECT_EQ(names, (std::vector<std::string>{"fixed", "backlog_time", "queue_depth", "response_time", "gpu_utilization",
                                             "memory", "hpa"}));
}

TEST(PolicyRegistry, EveryParameterHasADocAndEveryDefaultALimitItKeepsAndASource) {
  for (const auto& row : policy_registry()) {
    EXPECT_FALSE(row.doc.empty()) << row.name;
    EXPECT_EQ(testing_support::breaches(row.params), std::vector<std::string>{}) << row.name;
  }
}

TEST(PolicyRegistry, EveryRowMakesAPolicyThatAnswersAnIdleModel) {
  for (const auto& row : policy_registry()) {
    if (is_made_of_blocks(row)) continue;
    testing_support::Given given;
    for (const auto& param : row.params)
      if (param.fallback.empty() && !param.optional) given.emplace_back(param.name, 1.0);
    const auto decision = row.make(testing_support::params_of(row.params, given))->decide(testing_support::seen(1, 1));
    EXPECT_GE(decision.desired_replicas, 0) << row.name;
    EXPECT_FALSE(decision.reason.empty()) << row.name;
  }
}

TEST(PolicyRegistry, EveryMetricPolicyKeepsTheCountBeforeTheFirstScrape) {
  for (const auto& row : policy_registry()) {
    if (row.name == "fixed" || is_made_of_blocks(row)) continue;
    testing_support::Given given;
    for (const auto& param : row.params)
      if (param.fallback.empty() && !param.optional) given.emplace_back(param.name, 1.0);
    Observation nothing;
    nothing.current_replicas = nothing.ready_replicas = 4;
    const auto decision = row.make(testing_support::params_of(row.params, given))->decide(nothing);
    EXPECT_EQ(decision.desired_replicas, 4) << row.name;
  }
}

TEST(PolicyRegistry, EveryMetricPolicySharesToleranceAndScaleDownWindow) {
  for (const auto& row : policy_registry()) {
    if (row.name == "fixed" || is_made_of_blocks(row)) continue;
    std::set<std::string_view> names;
    for (const auto& param : row.params) names.insert(param.name);
    EXPECT_TRUE(names.contains("tolerance") && names.contains("scale_down_after")) << row.name;
  }
}

}  // namespace
}  // namespace windtunnel
