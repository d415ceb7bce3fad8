// Policies made of policies.
#include <gtest/gtest.h>

#include "policies/composition/parts.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::Given;
using testing_support::policy_params;
using testing_support::seen;
using testing_support::with_backlog;

ParamSet::Value parts_of(std::vector<std::pair<std::string_view, Given>> list) {
  auto parts = std::make_shared<PolicyParts>();
  for (const auto& [name, given] : list)
    parts->parts.push_back({&testing_support::policy_entry(name), policy_params(name, given)});
  return std::shared_ptr<const MadeBlock>(std::move(parts));
}

ParamSet::Value depth(double target) {
  return parts_of({{"queue_depth", {{"target_per_replica", target}, {"tolerance", 0.0}}}});
}

std::unique_ptr<ScalingPolicy> wrapped(std::string_view name, Given given) {
  given.emplace_back("of", depth(1));
  return testing_support::policy(name, given);
}

Observation at(double now_s, int current, double wanted) {
  Observation o = with_backlog(seen(current, current), wanted, 0);
  o.now_s = now_s;
  return o;
}

TEST(Extremes, TakeTheLargestAndTheSmallestWish) {
  const auto two = parts_of({{"queue_depth", {{"target_per_replica", 10.0}}}, {"fixed", {{"replicas", 3.0}}}});
  const auto most = testing_support::policy("max", {{"policies", two}});
  const auto least = testing_support::policy("min", {{"policies", two}});
  const Observation busy = with_backlog(seen(3, 3), 75, 0);
  EXPECT_EQ(most->decide(busy).desired_replicas, 8);
  EXPECT_EQ(most->decide(busy).reason, "queue_depth: above target");
  EXPECT_EQ(most->decide(busy).inputs, "queue_depth=8 fixed=3");
  EXPECT_EQ(least->decide(busy).desired_replicas, 3);
  EXPECT_EQ(most->decide(with_backlog(seen(3, 3), 5, 0)).desired_replicas, 3);
}

TEST(Extremes, AskForWhatAllPartsNeed) {
  const auto both = parts_of({{"gpu_utilization", {}}, {"backlog_time", {}}});
  const auto needs = testing_support::policy("max", {{"policies", both}})->needs();
  EXPECT_TRUE(needs.gpu && needs.processing_time);
}

TEST(Parts, OfTwoWindowsDoNotStandTogether) {
  PolicyParts parts;
  for (const double window : {60.0, 120.0})
    parts.parts.push_back(
        {&testing_support::policy_entry("backlog_time"), policy_params("backlog_time", {{"window", window}})});
  EXPECT_NE(parts_conflict(parts).find("same window"), std::string::npos);
  parts.parts.pop_back();
  EXPECT_EQ(parts_conflict(parts), "");
}

TEST(Hysteresis, HoldsWhatIsNotFarEnough) {
  const auto policy = wrapped("hysteresis", {{"up", 0.2}, {"down", 0.5}, {"down_after", 0.0}});
  EXPECT_EQ(policy->decide(at(10, 10, 12)).desired_replicas, 10);
  EXPECT_EQ(policy->decide(at(20, 10, 13)).desired_replicas, 13);
  EXPECT_EQ(policy->decide(at(30, 10, 5)).desired_replicas, 10);
  EXPECT_EQ(policy->decide(at(40, 10, 4)).desired_replicas, 4);
  EXPECT_EQ(policy->decide(at(50, 10, 12)).limits, "within up");
  EXPECT_EQ(policy->decide(at(60, 10, 12)).proposed, 12);
}

TEST(Hysteresis, RisesToTheLowestAndFallsToTheHighestWishOfItsWindows) {
  const auto policy = wrapped("hysteresis", {{"up", 0.0}, {"down", 0.0}, {"up_after", 30.0}, {"down_after", 30.0}});
  EXPECT_EQ(policy->decide(at(0, 10, 20)).desired_replicas, 10) << "a start is held";
  EXPECT_EQ(policy->decide(at(10, 10, 15)).desired_replicas, 10);
  EXPECT_EQ(policy->decide(at(20, 10, 18)).desired_replicas, 10);
  EXPECT_EQ(policy->decide(at(35, 10, 16)).desired_replicas, 15);
  EXPECT_EQ(policy->decide(at(45, 15, 3)).desired_replicas, 15);
  EXPECT_EQ(policy->decide(at(55, 15, 6)).desired_replicas, 15);
  EXPECT_EQ(policy->decide(at(66, 15, 2)).desired_replicas, 6);
}

TEST(RateLimit, LetsSoManyThroughInASlidingPeriod) {
  const auto policy = wrapped("rate_limit", {{"up", 3.0}, {"up_period", 60.0}, {"down", 1.0}, {"down_period", 30.0}});
  EXPECT_EQ(policy->decide(at(0, 1, 50)).desired_replicas, 4);
  EXPECT_EQ(policy->decide(at(15, 4, 50)).desired_replicas, 4);
  EXPECT_EQ(policy->decide(at(59, 4, 50)).desired_replicas, 4);
  EXPECT_EQ(policy->decide(at(60, 4, 50)).desired_replicas, 7);
  EXPECT_EQ(policy->decide(at(61, 7, 1)).desired_replicas, 6);
  EXPECT_EQ(policy->decide(at(80, 6, 1)).desired_replicas, 6);
  EXPECT_EQ(policy->decide(at(91, 6, 1)).limits, "down within down_period");
}

TEST(WarmPool, KeepsSpareReplicasBeyondThoseWithWork) {
  const auto policy = wrapped("warm_pool", {{"spare", 2.0}});
  Observation o = with_backlog(seen(5, 5), 0, 8);
  o.concurrency = 2;
  EXPECT_EQ(policy->decide(o).desired_replicas, 8) << "the inner wish is more";
  o = with_backlog(seen(5, 5), 0, 3);
  o.concurrency = 2;
  EXPECT_EQ(policy->decide(o).desired_replicas, 4) << "two with work, two spare";
  EXPECT_EQ(wrapped("warm_pool", {{"spare", 0.0}, {"spare_share", 0.5}})
                ->decide(with_backlog(seen(1, 1), 0, 0))
                .desired_replicas,
            0);
}

}  // namespace
}  // namespace windtunnel
