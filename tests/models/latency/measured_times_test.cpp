#include "models/latency/measured_times.hpp"

#include <gtest/gtest.h>

#include "models/latency/batch_time.hpp"

namespace windtunnel {
namespace {

// Share 1/2: 2 ms + 4 ms a batch item; share 1: 2 ms + 2 ms an item. So the time is 2 ms + 2 ms b / s.
MeasuredTimes table() {
  return MeasuredTimes({{4, 1, 10e-3}, {1, 0.5, 6e-3}, {1, 1, 4e-3}, {4, 0.5, 18e-3}});
}

TEST(MeasuredTimes, GivesBackWhatWasMeasured) {
  EXPECT_DOUBLE_EQ(table().time_s(1, 1), 4e-3);
  EXPECT_DOUBLE_EQ(table().time_s(4, 0.5), 18e-3);
  EXPECT_FALSE(table().outside(4, 0.5));
}

TEST(MeasuredTimes, AreExactBetweenForAFloorPlusWorkOverShare) {
  EXPECT_NEAR(table().time_s(2, 0.8), 2e-3 + 2e-3 * 2 / 0.8, 1e-15);
  EXPECT_NEAR(table().time_s(3, 0.5), 14e-3, 1e-15);
  EXPECT_FALSE(table().outside(2, 0.8));
}

TEST(MeasuredTimes, SayWhenTheyAreLeftAndGoOnAlongTheLastStep) {
  EXPECT_TRUE(table().outside(8, 1));
  EXPECT_NEAR(table().time_s(8, 1), 18e-3, 1e-15);
  EXPECT_TRUE(table().outside(1, 0.25));
  EXPECT_NEAR(table().time_s(1, 0.25), 12e-3, 1e-15);
  EXPECT_TRUE(table().outside(0.5, 1));
}

TEST(MeasuredTimes, ALargerBatchNeverTakesLessBeyondTheTable) {
  const MeasuredTimes falling({{1, 1, 2e-3}, {2, 1, 1e-3}});
  EXPECT_DOUBLE_EQ(falling.time_s(10, 1), 1e-3);
  EXPECT_GE(falling.time_s(0.01, 1), 1e-3);
}

TEST(MeasuredTimes, AShareBetweenNeedsTheBatchOnBothSides) {
  const MeasuredTimes ragged({{1, 0.5, 6e-3}, {1, 1, 4e-3}, {4, 1, 10e-3}});
  EXPECT_FALSE(ragged.outside(4, 1));
  EXPECT_TRUE(ragged.outside(4, 0.7));
}

TEST(BatchTime, ATablesUsefulShareComesFromItsSmallestShare) {
  const BatchTime time(table());
  EXPECT_NEAR(time.work_s(1), 3e-3, 1e-15);
  EXPECT_NEAR(time.useful_share(1), 0.75, 1e-12);
  EXPECT_NEAR(time.useful_share(1, 0.5), 0.5, 1e-12);
}

}  // namespace
}  // namespace windtunnel
