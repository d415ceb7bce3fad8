// Placement by start lists, on a family made for the test and on those of the catalogue's shape.
#include "models/sharing/mig_layout.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

namespace windtunnel {
namespace {

// A100-40GB, NVIDIA MIG user guide [S].
const MigFamily& a100() {
  static const MigFamily family = {.name = "A100-40GB",
                                   .compute_slices = 7,
                                   .memory_slices = 8,
                                   .profiles = {{"1g.5gb", 1, 1, {4864 * kMiB}, 14, 1, {0, 1, 2, 3, 4, 5, 6}},
                                                {"1g.10gb", 1, 2, {9856 * kMiB}, 14, 1, {0, 2, 4, 6}},
                                                {"2g.10gb", 2, 2, {9856 * kMiB}, 28, 2, {0, 2, 4}},
                                                {"3g.20gb", 3, 4, {19968 * kMiB}, 42, 3, {0, 4}},
                                                {"4g.20gb", 4, 4, {19968 * kMiB}, 56, 4, {0}},
                                                {"7g.40gb", 7, 8, {40192 * kMiB}, 98, 7, {0}}},
                                   .source = ""};
  return family;
}

MigLayout layout(const std::vector<std::string>& names) {
  MigLayout out;
  for (const auto& name : names)
    for (const auto& profile : a100().profiles)
      if (profile.name == name) out.push_back(&profile);
  EXPECT_EQ(out.size(), names.size());
  return out;
}

std::vector<std::string> names(const MigLayout& layout) {
  std::vector<std::string> out;
  for (const auto* profile : layout) out.push_back(profile->name);
  return out;
}

TEST(Mig, TwoThreeSliceInstancesFillAnA100) {
  EXPECT_EQ(place_mig(a100(), layout({"3g.20gb", "3g.20gb"})), (std::vector<int>{0, 4}));
  EXPECT_FALSE(place_mig(a100(), layout({"3g.20gb", "3g.20gb", "1g.5gb"})));  // a compute slice is free, no start is
}

TEST(Mig, SevenOfTheSmallestFit) {
  EXPECT_EQ(place_mig(a100(), layout(std::vector<std::string>(7, "1g.5gb"))), (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(place_mig(a100(), layout(std::vector<std::string>(8, "1g.5gb"))));
}

// First fit puts 3g at 0, 2g at 4 and 1g at 6, and has no start left for the last one.
TEST(Mig, MovesTheLargeOneWhereTheSmallOnesNeedItsStart) {
  EXPECT_EQ(place_mig(a100(), layout({"3g.20gb", "2g.10gb", "1g.5gb", "1g.5gb"})), (std::vector<int>{4, 0, 2, 3}));
}

TEST(Mig, StartsStandInTheOrderOfTheLayout) {
  EXPECT_EQ(place_mig(a100(), layout({"3g.20gb", "4g.20gb"})), (std::vector<int>{4, 0}));
}

// Every layout of up to seven instances: a placement keeps the rules, and a refusal is right, by trying all starts.
bool fits_by_trying(const MigLayout& wanted, std::size_t from, unsigned taken) {
  if (from == wanted.size()) return true;
  for (const int start : wanted[from]->starts) {
    const unsigned mask = ((1U << wanted[from]->memory_slices) - 1) << start;
    if ((mask & taken) == 0 && fits_by_trying(wanted, from + 1, taken | mask)) return true;
  }
  return false;
}

void check_all(MigLayout& wanted, std::size_t next, int& placed) {
  const int compute =
      std::accumulate(wanted.begin(), wanted.end(), 0, [](int s, auto* p) { return s + p->compute_slices; });
  const auto starts = place_mig(a100(), wanted);
  ASSERT_EQ(starts.has_value(), compute <= 7 && fits_by_trying(wanted, 0, 0)) << testing::PrintToString(names(wanted));
  if (starts) {
    ++placed;
    std::map<int, int> users;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto& allowed = wanted[i]->starts;
      EXPECT_NE(std::find(allowed.begin(), allowed.end(), (*starts)[i]), allowed.end());
      for (int s = 0; s < wanted[i]->memory_slices; ++s) EXPECT_EQ(++users[(*starts)[i] + s], 1);
    }
  } else if (!wanted.empty()) {
    const MigMisfit misfit = explain_misfit(a100(), wanted);
    EXPECT_TRUE(place_mig(a100(), misfit.nearest)) << testing::PrintToString(names(wanted));
    EXPECT_FALSE(misfit.blocked.empty());
  }
  if (wanted.size() == 7) return;
  for (std::size_t p = next; p < a100().profiles.size(); ++p) {
    wanted.push_back(&a100().profiles[p]);
    check_all(wanted, p, placed);
    wanted.pop_back();
  }
}

TEST(Mig, EveryLayoutIsPlacedByTheStartListsOrRefusedRightly) {
  MigLayout wanted;
  int placed = 0;
  check_all(wanted, 0, placed);
  EXPECT_GT(placed, 50);
}

TEST(Mig, AMisfitNamesTheProfileItsStartsAndWhoIsThere) {
  const MigMisfit misfit = explain_misfit(a100(), layout({"4g.20gb", "4g.20gb"}));
  EXPECT_EQ(misfit.profile->name, "4g.20gb");
  EXPECT_EQ(misfit.blocked, "start 0 by 4g.20gb (slices 0-3)");
  EXPECT_EQ(names(misfit.nearest), (std::vector<std::string>{"4g.20gb", "3g.20gb"}));
}

TEST(Mig, TheNearestLayoutLeavesOutWhatFindsNoPlaceAtAll) {
  EXPECT_EQ(names(explain_misfit(a100(), layout({"3g.20gb", "1g.5gb", "3g.20gb"})).nearest),
            (std::vector<std::string>{"3g.20gb", "3g.20gb"}));
}

}  // namespace
}  // namespace windtunnel
