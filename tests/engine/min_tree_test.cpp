// The tree of minima against a plain search, in both of its forms.
#include "sim/engine/min_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace min_tree_test {

SimTime at(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

// Times from a small range, so that ties are common; now and then "never".
SimTime any_time(Rng& rng) {
  const std::uint32_t drawn = rng.below(24);
  return drawn == 0 ? kNever : at(drawn);
}

class MinTreeOfSize : public ::testing::TestWithParam<std::size_t> {};

TEST_P(MinTreeOfSize, KeepsTheMinimumAndItsLowestEntityOverRandomUpdatesInBothForms) {
  const std::size_t n = GetParam();
  MinTree automatic(n), scalar(n, MinTree::Form::scalar);
  EXPECT_FALSE(scalar.vectorised());
  std::vector<SimTime> plain(n, kNever);
  Rng rng(n);
  for (int step = 0; step < 4000; ++step) {
    const std::uint32_t entity = rng.below(static_cast<std::uint32_t>(n));
    plain[entity] = any_time(rng);
    automatic.update(entity, plain[entity]);
    scalar.update(entity, plain[entity]);
    const auto lowest = std::min_element(plain.begin(), plain.end());  // the first of equals
    ASSERT_EQ(automatic.min(), *lowest) << "step " << step;
    ASSERT_EQ(scalar.min(), *lowest) << "step " << step;
    if (*lowest == kNever) continue;
    ASSERT_EQ(automatic.argmin(), lowest - plain.begin()) << "step " << step;
    ASSERT_EQ(scalar.argmin(), lowest - plain.begin()) << "step " << step;
  }
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_EQ(automatic[i], plain[i]);
    ASSERT_EQ(scalar[i], plain[i]);
  }
}

TEST_P(MinTreeOfSize, GivesTiesToTheLowestEntityWhateverTheOrderOfUpdates) {
  const std::size_t n = GetParam();
  for (const auto form : {MinTree::Form::automatic, MinTree::Form::scalar}) {
    MinTree tree(n, form);
    for (std::size_t i = n; i-- > 0;) {
      tree.update(i, at(5));
      EXPECT_EQ(tree.argmin(), i);
    }
    for (std::size_t i = 0; i + 1 < n; ++i) {
      tree.update(i, kNever);
      ASSERT_EQ(tree.argmin(), i + 1);
    }
  }
}

// One block, one entity less and more than a block, a full second level and one beyond it, four full levels.
INSTANTIATE_TEST_SUITE_P(Sizes, MinTreeOfSize, ::testing::Values(1, 7, 8, 9, 64, 65, 4096),
                         [](const auto& sizes) { return std::to_string(sizes.param); });

TEST(MinTree, BeginsWithNothingPending) {
  for (const auto form : {MinTree::Form::automatic, MinTree::Form::scalar}) {
    MinTree tree(9, form);
    EXPECT_EQ(tree.min(), kNever);
    EXPECT_EQ(tree.size(), 9U);
  }
}

TEST(MinTree, OrdersTimesBeyondThirtyTwoBits) {
  for (const auto form : {MinTree::Form::automatic, MinTree::Form::scalar}) {
    MinTree tree(3, form);
    tree.update(0, at((std::int64_t{5} << 32) + 1));
    tree.update(1, at(std::int64_t{5} << 32));
    tree.update(2, at((std::int64_t{4} << 32) + 0xffffffff));
    EXPECT_EQ(tree.argmin(), 2U);
    tree.update(2, kNever);
    EXPECT_EQ(tree.argmin(), 1U);
  }
}

}  // namespace min_tree_test
}  // namespace windtunnel
