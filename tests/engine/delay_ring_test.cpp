// A constant delay as a ring: order, due times, growth while it is wrapped around.
#include "sim/engine/delay_ring.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace delay_ring_test {

constexpr Duration kDelay{500};

SimTime at(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

TEST(DelayRing, IsDueADelayAfterEntryAndNeverWhenEmpty) {
  DelayRing ring(kDelay, EventKind::query_delivered);
  EXPECT_EQ(ring.kind(), EventKind::query_delivered);
  EXPECT_EQ(ring.at(), kNever);
  ring.push(at(10), 1);
  ring.push(at(30), 2);
  EXPECT_EQ(ring.at(), at(510));
  EXPECT_EQ(ring.pop(), 1U);
  EXPECT_EQ(ring.at(), at(530));
  EXPECT_EQ(ring.pop(), 2U);
  EXPECT_EQ(ring.at(), kNever);
}

TEST(DelayRing, KeepsOrderAndTimesWhenItGrowsWhileWrappedAround) {
  DelayRing ring(kDelay, EventKind::query_delivered);
  std::int64_t now = 0;
  std::uint32_t pushed = 0, popped = 0;
  // 40 go through first, so that the ring's first item lies in its middle when the 65th present makes it grow.
  for (; pushed < 40; ++pushed) ring.push(at(now++), pushed);
  for (; popped < 40; ++popped) ASSERT_EQ(ring.pop(), popped);
  for (; pushed < 400; ++pushed) ring.push(at(now++), pushed);
  EXPECT_EQ(ring.size(), 360U);
  for (; popped < 400; ++popped) {
    ASSERT_EQ(ring.at(), at(popped) + kDelay);
    ASSERT_EQ(ring.pop(), popped);
  }
  EXPECT_EQ(ring.size(), 0U);
}

TEST(DelayRing, AgreesWithAQueueOverRandomUse) {
  DelayRing ring(kDelay, EventKind::response_returned);
  std::deque<std::pair<SimTime, std::uint32_t>> plain;
  Rng rng(5);
  SimTime now{};
  for (std::uint32_t step = 0; step < 20000; ++step) {
    now += Duration{rng.below(3)};
    const bool filling = step / 1000 % 2 == 0;
    if (plain.empty() || rng.below(4) < (filling ? 3U : 1U)) {
      ring.push(now, step);
      plain.emplace_back(now + kDelay, step);
    } else {
      ASSERT_EQ(ring.pop(), plain.front().second);
      plain.pop_front();
    }
    ASSERT_EQ(ring.size(), plain.size());
    ASSERT_EQ(ring.at(), plain.empty() ? kNever : plain.front().first);
  }
}

}  // namespace delay_ring_test
}  // namespace windtunnel
