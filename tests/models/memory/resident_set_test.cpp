// Which variant goes when another comes in.
#include "models/memory/resident_set.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace windtunnel {
namespace {

constexpr Bytes kOne{10};

// Holds 0, 1 and 2, brought in by batches that are over.
ResidentSet three() {
  ResidentSet set;
  for (const std::uint32_t v : {0U, 1U, 2U}) {
    set.insert(v, kOne, SimTime{});
    set.release(v);
  }
  return set;
}

std::optional<Bytes> evicted(ResidentSet& set, std::span<const std::uint32_t> spared = {}) {
  const auto gone = set.evict(spared);
  return gone ? std::optional(gone->bytes) : std::nullopt;
}

TEST(ResidentSet, SparesWhatIsNeededSoon) {
  ResidentSet set = three();
  const std::vector<std::uint32_t> soon = {0, 2};
  EXPECT_EQ(evicted(set, soon), kOne);
  EXPECT_FALSE(set.has(1));
  EXPECT_EQ(evicted(set, soon), std::nullopt);
}

TEST(ResidentSet, EvictsTheOneUsedLongestAgo) {
  ResidentSet set = three();
  ASSERT_NE(set.use(0), nullptr);
  set.release(0);
  EXPECT_EQ(evicted(set), kOne);
  EXPECT_EQ(set.use(1), nullptr);
  EXPECT_NE(set.use(0), nullptr);
  EXPECT_EQ(set.bytes(), Bytes{20});
}

TEST(ResidentSet, NeverEvictsWhatABatchNeeds) {
  ResidentSet set = three();
  for (const std::uint32_t v : {0U, 1U, 2U}) ASSERT_NE(set.use(v), nullptr);
  EXPECT_EQ(evicted(set), std::nullopt);
  set.release(1);
  EXPECT_EQ(evicted(set), kOne);
  EXPECT_EQ(set.use(1), nullptr);
}

TEST(ResidentSet, OfTwoBatchesBothMustEnd) {
  ResidentSet set;
  set.insert(0, kOne, SimTime{});
  ASSERT_NE(set.use(0), nullptr);
  set.release(0);
  EXPECT_EQ(evicted(set), std::nullopt);
  set.release(0);
  EXPECT_EQ(evicted(set), kOne);
}

TEST(ResidentSet, IsBoundedByNumberAndByBytes) {
  const ResidentSet set = three();
  EXPECT_TRUE(set.must_evict(kOne, 3, {}));
  EXPECT_FALSE(set.must_evict(kOne, 4, {}));
  EXPECT_TRUE(set.must_evict(Bytes{11}, 0, Bytes{40}));
  EXPECT_FALSE(set.must_evict(kOne, 0, Bytes{40}));
}

}  // namespace
}  // namespace windtunnel
