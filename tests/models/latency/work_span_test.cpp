#include "models/latency/work_span.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace windtunnel {
namespace {

// ResNet-50 on an A100-80GB: a = 4.73 ms, w = 0.386 ms an item, p = 2.29 (fit to the artefact of ParvaGPU, SC 2024).
constexpr WorkSpan kResnet{.a_s = 4.73e-3, .f_s = 0, .w_s = 0.386e-3, .p = 2.29};

TEST(WorkSpan, GivesThePublishedExample) {
  EXPECT_NEAR(kResnet.time_s(1), 4.74e-3, 0.005e-3);
  EXPECT_NEAR(kResnet.time_s(1, 1.0 / 7), 5.3e-3, 0.05e-3);
  EXPECT_NEAR(kResnet.time_s(32, 1.0 / 7), 86.5e-3, 0.1e-3);
  EXPECT_NEAR(kResnet.time_s(32), 12.9e-3, 0.05e-3);
}

TEST(WorkSpan, NProcessesOnAShareTakeAsLongAsOneOnAnNthOfIt) {
  for (const double n : {2.0, 3.0, 5.0})
    EXPECT_DOUBLE_EQ(kResnet.time_s(8, 3.0 / 7, n), kResnet.time_s(8, 3.0 / 7 / n)) << n;
}

TEST(WorkSpan, WithoutWorkIsTheLinearBatchCurveOnAnyShare) {
  const WorkSpan line{.a_s = 0.49, .f_s = 1.54, .w_s = 0, .p = 3};
  for (const double share : {0.1, 0.5, 1.0}) EXPECT_DOUBLE_EQ(line.time_s(4, share), 0.49 + 4 * 1.54);
  const WorkSpan sum{.a_s = 0.49, .f_s = 0, .w_s = 1.54, .p = 1};
  EXPECT_DOUBLE_EQ(sum.time_s(4), 0.49 + 4 * 1.54);
}

TEST(WorkSpan, ALargeExponentTakesTheLargerOfSpanAndWork) {
  EXPECT_NEAR(p_norm(3, 4, 500), 4, 1e-9);
  EXPECT_DOUBLE_EQ(p_norm(3, 4, 1), 7);
  EXPECT_DOUBLE_EQ(p_norm(0, 4, 2), 4);
  EXPECT_DOUBLE_EQ(p_norm(1e200, 1e200, 2), 1e200 * std::sqrt(2));  // no overflow on the way
}

TEST(WorkSpan, UsefulShareIsWorkOverTimeAndNeverPassesTheCap) {
  EXPECT_NEAR(kResnet.useful_share(1), 0.386 / 4.74, 1e-3);
  EXPECT_LT(kResnet.useful_share(256), 1.0);
  EXPECT_GT(kResnet.useful_share(256), 0.97);
  for (const double items : {1.0, 8.0, 64.0})
    for (const double cap : {0.1, 0.4}) EXPECT_LE(kResnet.useful_share(items, cap), cap);
}

}  // namespace
}  // namespace windtunnel
