// queue_depth: so many queries per replica.
#include <gtest/gtest.h>

#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using testing_support::policy;
using testing_support::seen;
using testing_support::with_backlog;

TEST(QueueDepth, IsCeilOfBacklogOverTarget) {
  auto rule = policy("queue_depth", {{"target_per_replica", 5.0}});
  EXPECT_EQ(rule->decide(with_backlog(seen(1, 1), 18, 3)).desired_replicas, 5);  // ceil(21 / 5)
  EXPECT_EQ(rule->decide(with_backlog(seen(1, 1), 20, 0)).desired_replicas, 4);
}

TEST(QueueDepth, LeavesOutQueriesInServiceWhenToldTo) {
  auto rule = policy("queue_depth", {{"target_per_replica", 5.0}, {"metric", std::string("queued")}});
  EXPECT_EQ(rule->decide(with_backlog(seen(1, 1), 18, 30)).desired_replicas, 4);  // ceil(18 / 5)
}

TEST(QueueDepth, OneInstancePerMessageIsATargetOfOne) {
  auto rule = policy("queue_depth", {{"target_per_replica", 1.0}});
  EXPECT_EQ(rule->decide(with_backlog(seen(1, 1), 16, 1)).desired_replicas, 17);
}

TEST(QueueDepth, KeepsTheCountWithinATenthOfTheTarget) {
  auto rule = policy("queue_depth", {{"target_per_replica", 10.0}});
  EXPECT_EQ(rule->decide(with_backlog(seen(4, 4), 44, 0)).desired_replicas, 4) << "11 each: the end of the band";
  EXPECT_EQ(rule->decide(with_backlog(seen(4, 4), 36, 0)).desired_replicas, 4) << "9 each: the other end";
  EXPECT_EQ(rule->decide(with_backlog(seen(4, 4), 45, 0)).desired_replicas, 5);
  EXPECT_EQ(rule->decide(with_backlog(seen(4, 4), 30, 0)).desired_replicas, 3);
}

TEST(QueueDepth, ReportsQueriesPerCurrentReplica) {
  EXPECT_DOUBLE_EQ(policy("queue_depth")->decide(with_backlog(seen(4, 1), 20, 0)).value, 5);
}

TEST(QueueDepth, ScalesFromZeroAndToZero) {
  auto rule = policy("queue_depth");
  EXPECT_EQ(rule->decide(with_backlog(seen(0, 0), 1, 0)).desired_replicas, 1);
  EXPECT_EQ(rule->decide(with_backlog(seen(3, 3), 0, 0)).desired_replicas, 0);
}

TEST(QueueDepth, KeepsOneReplicaWhileTheLastQueryIsInService) {
  auto rule = policy("queue_depth", {{"metric", std::string("queued")}});
  const auto decision = rule->decide(with_backlog(seen(3, 3), 0, 1));
  EXPECT_EQ(decision.desired_replicas, 1);
  EXPECT_EQ(decision.reason, "one replica for the backlog");
}

TEST(QueueDepth, KeepsTheCountWithoutASample) {
  const auto decision = policy("queue_depth")->decide(with_backlog(seen(3, 3), kNoSample, 0));
  EXPECT_EQ(decision.desired_replicas, 3);
  EXPECT_EQ(decision.reason, "no sample of the queue");
}

}  // namespace
}  // namespace windtunnel
