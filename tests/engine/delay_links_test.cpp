// Which of several links is due next.
#include "sim/engine/delay_links.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>
#include <vector>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace delay_links_test {

constexpr Duration kShort{3}, kLong{10};

SimTime at(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

TEST(DelayLinks, NothingIsDueWhereNothingIsUnderWay) {
  DelayLinks links;
  EXPECT_EQ(links.at(), kNever);
  links.link(kShort, EventKind::query_delivered);
  EXPECT_EQ(links.at(), kNever);
}

TEST(DelayLinks, OneDelayAndKindIsOneLink) {
  DelayLinks links;
  const auto first = links.link(kShort, EventKind::query_delivered);
  EXPECT_EQ(links.link(kShort, EventKind::query_delivered), first);
  EXPECT_NE(links.link(kLong, EventKind::query_delivered), first);
  EXPECT_NE(links.link(kShort, EventKind::response_returned), first);
}

TEST(DelayLinks, AtOneInstantTheKindDecidesAndThenTheLink) {
  DelayLinks links;
  const auto late = links.link(kShort, EventKind::query_delivered);
  const auto early = links.link(kShort, EventKind::response_returned);
  const auto second = links.link(kLong, EventKind::query_delivered);
  links.push(second, at(0), 30);  // due at 10, as the two below
  links.push(late, at(7), 10);
  links.push(early, at(7), 20);
  EXPECT_EQ(links.due(), early);
  EXPECT_EQ(links.pop(), 20U);
  EXPECT_EQ(links.due(), late);
  EXPECT_EQ(links.pop(), 10U);
  EXPECT_EQ(links.due(), second);
  EXPECT_EQ(links.pop(), 30U);
  EXPECT_EQ(links.at(), kNever);
}

TEST(DelayLinks, WhatIsMootIsDroppedFromTheHeadOnly) {
  DelayLinks links;
  const auto moot = links.link(kShort, EventKind::ack_timed_out);
  const auto other = links.link(kLong, EventKind::client_timed_out);
  for (std::uint32_t item = 0; item < 4; ++item) links.push(moot, at(item), item);
  links.push(other, at(0), 9);
  links.drop_moot(moot, [](std::uint32_t item, SimTime) { return item != 2; });
  EXPECT_EQ(links.at(), at(5));
  EXPECT_EQ(links.pop(), 2U);
  links.drop_moot(moot, [](std::uint32_t, SimTime) { return true; });
  EXPECT_EQ(links.due(), other);
  EXPECT_EQ(links.at(), at(10));
}

TEST(DelayLinks, AgreeWithASortedListOverRandomUse) {
  DelayLinks links;
  const std::vector<std::uint32_t> ids{
      links.link(kShort, EventKind::query_delivered), links.link(kLong, EventKind::response_returned),
      links.link(kLong, EventKind::query_delivered), links.link(Duration{4}, EventKind::ack_timed_out)};
  struct Entry {
    SimTime at;
    EventKind kind;
    std::uint32_t link, item;
  };
  std::vector<Entry> all;
  const auto earlier = [](const Entry& a, const Entry& b) {
    return std::tuple(a.at, a.kind, a.link, a.item) < std::tuple(b.at, b.kind, b.link, b.item);
  };
  Rng draw(1);
  SimTime now{};
  for (std::uint32_t item = 0; item < 20000; ++item) {
    if (draw.below(2) == 0) {
      const auto link = ids[draw.below(static_cast<std::uint32_t>(ids.size()))];
      links.push(link, now, item);
      all.push_back({now + links[link].delay(), links[link].kind(), link, item});
    } else if (!all.empty()) {
      const auto first = std::min_element(all.begin(), all.end(), earlier);
      ASSERT_EQ(links.at(), first->at);
      ASSERT_EQ(links.kind(), first->kind);
      ASSERT_EQ(links.due(), first->link);
      now = first->at;
      ASSERT_EQ(links.pop(), first->item);
      all.erase(first);
    }
    if (draw.below(4) == 0) now = std::min(now + Duration{1}, links.at());
  }
}

}  // namespace delay_links_test
}  // namespace windtunnel
