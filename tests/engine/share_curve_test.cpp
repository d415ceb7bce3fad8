// The table of an equal share and what lies beyond it.
#include "sim/engine/share_curve.hpp"

#include <gtest/gtest.h>

namespace windtunnel {
namespace share_curve_test {

TEST(ShareCurve, IsPlainProcessorSharingByDefault) {
  const ShareCurve curve;
  for (const std::uint32_t k : {1U, 2U, 64U, 65U, 66U, 1000U}) EXPECT_EQ(curve.slowdown(k), k);
}

TEST(ShareCurve, GoesOnBeyondItsTableWithoutAStep) {
  const auto slowdown = [](std::uint32_t k) { return k < 2 ? 1.0 : k / 0.9; };
  const ShareCurve curve(slowdown);
  for (std::uint32_t k = 1; k < 200; ++k) ASSERT_EQ(curve.slowdown(k), slowdown(k)) << k;
}

}  // namespace share_curve_test
}  // namespace windtunnel
