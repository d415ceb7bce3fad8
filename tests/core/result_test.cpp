// Result and Error: a value, or all the problems that stood in its way.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

Result<int> positive(int value) {
  if (value > 0) return value;
  return Error{.where = "x.yaml:3", .what = std::to_string(value) + " is not above 0", .hint = "write 1"};
}

TEST(Result, HoldsTheValueWhenThereIsOne) {
  const auto good = positive(4);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 4);
}

TEST(Result, HoldsTheProblemWhenThereIsNone) {
  const auto bad = positive(-4);
  ASSERT_FALSE(bad);
  ASSERT_EQ(bad.problems().size(), 1U);
  EXPECT_EQ(bad.problems()[0].text(), "x.yaml:3: -4 is not above 0; write 1");
}

TEST(Result, CarriesEveryProblemInOrder) {
  const Result<int> bad = Problems{{.where = "a", .what = "1", .hint = ""}, {.where = "b", .what = "2", .hint = ""}};
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.problems()[1].text(), "b: 2");
}

TEST(Result, TakesTypesThatOnlyMove) {
  Result<std::unique_ptr<int>> held = std::make_unique<int>(3);
  ASSERT_TRUE(held);
  const auto taken = std::move(*held);
  EXPECT_EQ(*taken, 3);
}

TEST(Error, LeavesOutWhatItDoesNotKnow) {
  EXPECT_EQ((Error{.where = "", .what = "empty file", .hint = ""}.text()), "empty file");
}

TEST(SimCheck, StopsWithTheMessageAndTheCondition) {
  try {
    SIM_CHECK(1 + 1 == 3, "arithmetic");
    FAIL();
  } catch (const InternalError& error) {
    EXPECT_STREQ(error.what(), "internal error: arithmetic (1 + 1 == 3)");
  }
}

}  // namespace
}  // namespace windtunnel
