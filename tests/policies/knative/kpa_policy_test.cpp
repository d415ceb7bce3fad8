// policy knative_kpa: collector, tick, and the way to and from zero.
#include <gtest/gtest.h>

#include "policies/knative/kpa_policy.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

using std::chrono::seconds;
using testing_support::policy;
using testing_support::seen;
using testing_support::with_backlog;

/// Collector every second, tick every two, over a constant number of requests; the size follows at once.
struct Revision {
  std::unique_ptr<ScalingPolicy> autoscaler;
  int pods = 1;
  double now_s = 0;

  Observation look(double requests) const {
    auto out = with_backlog(seen(pods, pods), 0, requests);
    out.now_s = now_s;
    return out;
  }
  void run(double requests, int for_s) {
    for (int i = 0; i < for_s; ++i, now_s += 1) {
      if (const auto decision = autoscaler->poll(look(requests))) pods = decision->desired_replicas;
      if (static_cast<int>(now_s) % 2 == 0) pods = autoscaler->decide(look(requests)).desired_replicas;
    }
  }
};

TEST(KpaPolicy, HoldsConcurrencyAtSeventyPercentOfTheTarget) {
  Revision revision{policy("knative_kpa", {{"target", 10.0}})};
  revision.run(20, 120);
  EXPECT_EQ(revision.pods, 3) << "ceil(20 / 7)";
}

TEST(KpaPolicy, ContainerConcurrencyBoundsTheTarget) {
  Revision revision{policy("knative_kpa", {{"target", 10.0}, {"container_concurrency", 4.0}})};
  revision.run(20, 120);
  EXPECT_EQ(revision.pods, 8) << "ceil(20 / 2.8)";
}

TEST(KpaPolicy, GoesToZeroAfterAWindowOfSilenceAndTheGracePeriod) {
  Revision revision{policy("knative_kpa", {{"target", 10.0}})};
  revision.run(5, 100);
  EXPECT_EQ(revision.pods, 1);
  revision.run(0, 58);
  EXPECT_EQ(revision.pods, 1) << "the last request is still in the window";
  revision.run(0, 40);
  EXPECT_EQ(revision.pods, 0);
}

TEST(KpaPolicy, FromZeroTheFirstRequestIsDecidedOnAtOnce) {
  Revision revision{policy("knative_kpa", {{"target", 10.0}})};
  revision.run(0, 120);
  ASSERT_EQ(revision.pods, 0);
  EXPECT_FALSE(revision.autoscaler->poll(revision.look(0)).has_value());
  EXPECT_EQ(*revision.autoscaler->poll_interval(), std::chrono::milliseconds(100));
  revision.now_s += 0.1;
  const auto woken = revision.autoscaler->poll(revision.look(1));
  ASSERT_TRUE(woken.has_value());
  EXPECT_EQ(woken->desired_replicas, 1);
  EXPECT_EQ(*revision.autoscaler->poll_interval(), seconds(1));
}

TEST(ScaleToZero, KeepsTheLastPodForWindowGraceAndRetention) {
  ScaleToZero rule({.enabled = true, .stable_window = seconds(60), .grace_period = seconds(30), .pod_retention = {}});
  const auto step = [&](int at_s, bool behind = false) {
    return rule.step(0, 1, 1, behind, SimTime{seconds(at_s)}).replicas;
  };
  EXPECT_EQ(step(0), 1);
  EXPECT_EQ(step(59), 1);
  EXPECT_EQ(step(60), 1) << "marked inactive: the activator needs its time in the way";
  EXPECT_EQ(step(89), 1);
  EXPECT_EQ(step(90), 0);
  ScaleToZero behind({.enabled = true, .stable_window = seconds(60), .grace_period = seconds(30), .pod_retention = {}});
  EXPECT_EQ(behind.step(0, 1, 1, true, SimTime{}).replicas, 1);
  EXPECT_EQ(behind.step(0, 1, 1, true, SimTime{seconds(60)}).replicas, 0) << "it has been in the way all along";
  ScaleToZero never({.enabled = false, .stable_window = {}, .grace_period = {}, .pod_retention = {}});
  EXPECT_EQ(never.step(0, 5, 5, true, SimTime{seconds(900)}).replicas, 1);
}

}  // namespace
}  // namespace windtunnel
