// Inside one instance.
#include "models/sharing/mig.hpp"

#include "tests/models/sharing/harness.hpp"

namespace windtunnel {
namespace {

std::unique_ptr<SharingMode> instance(int replicas, double share, const testing_support::Given& given = {}) {
  const auto& entry = testing_support::mode_entry("mig");
  return entry.make({.mode = "mig",
                     .replicas = replicas,
                     .params = testing_support::params_of(entry.params, given),
                     .compute_share = share});
}

TEST(MigMode, OneReplicaHasItsInstanceToItself) {
  const auto mode = instance(1, 3.0 / 7);
  EXPECT_TRUE(mode->equal_shares());
  EXPECT_EQ(mode->equal_rate(1), 1.0);
  EXPECT_EQ(mode->solo_share(), 3.0 / 7);
  EXPECT_EQ(mode->default_limit({1000}, 1), std::nullopt);  // the instance is the limit
  EXPECT_FALSE(mode->small_context());
}

TEST(MigMode, SeveralShareItAsMpsDoes) {
  const auto mode = instance(3, 3.0 / 7, {{"active_threads", 0.5}});
  const auto mps = testing_support::mode("mps", 3, {{"active_threads", 0.5}});
  EXPECT_FALSE(mode->equal_shares());
  const std::vector<Sharer> busy = {{.cap = 1, .sm_activity = 1}, {.cap = 0.2, .sm_activity = 0.9}};
  EXPECT_EQ(testing_support::rates(*mode, busy), testing_support::rates(*mps, busy));
  EXPECT_EQ(mode->default_limit({3000LL << 20}, 3)->value, 1000LL << 20);
  EXPECT_EQ(mode->client_limit(), mps->client_limit());
  EXPECT_TRUE(mode->small_context());
}

TEST(MigMode, ASliceSlowsOnlyWorkThatFillsMoreOfTheCard) {
  EXPECT_DOUBLE_EQ(slice_slowdown(1, 1.0 / 7), 7);
  EXPECT_DOUBLE_EQ(slice_slowdown(0.6, 3.0 / 7), 1.4);
  EXPECT_EQ(slice_slowdown(0.4, 3.0 / 7), 1);
  EXPECT_EQ(slice_slowdown(1, 1), 1);
}

}  // namespace
}  // namespace windtunnel
