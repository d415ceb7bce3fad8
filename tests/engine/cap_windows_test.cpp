// A duty-cycle cap by windows: bursts, waits, and whole windows passed over.
#include "sim/engine/cap_windows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace windtunnel {
namespace cap_windows_test {

constexpr double kMs = 1e6;
constexpr SimTime at_ms(double ms) {
  return SimTime{Duration{static_cast<std::int64_t>(ms * kMs)}};
}

// Windows of 100 ms; those that run share the time evenly. A replica's budget is its number in ms.
CapWindows windows(bool side_by_side = false) {
  return CapWindows({.period = std::chrono::milliseconds(100),
                     .rates =
                         [side_by_side](std::span<const ReplicaId> replicas, std::span<double> out) {
                           std::vector<ReplicaId> different(replicas.begin(), replicas.end());
                           std::sort(different.begin(), different.end());
                           different.erase(std::unique(different.begin(), different.end()), different.end());
                           for (std::size_t i = 0; i < out.size(); ++i) {
                             const auto own = std::count(replicas.begin(), replicas.end(), replicas[i]);
                             out[i] = (side_by_side ? 1.0 : 1.0 / static_cast<double>(different.size())) /
                                      static_cast<double>(own);
                           }
                         },
                     .budget_ns = [](ReplicaId replica) { return replica * kMs; },
                     .side_by_side = side_by_side});
}

// Runs to the end. @return when each batch was done, in ms
std::map<QueryId, double> ends(CapWindows& w) {
  std::map<QueryId, double> out;
  while (w.next() != kNever) {
    const SimTime at = w.next();
    const QueryId id = w.finish(at);
    out[id] = static_cast<double>(at.time_since_epoch().count()) / kMs;
  }
  return out;
}

TEST(CapWindows, ABurstWithinTheBudgetIsNotSlowed) {
  CapWindows w = windows();
  w.add(1, 25, 20 * kMs, at_ms(0));
  EXPECT_DOUBLE_EQ(ends(w)[1], 20);
}

TEST(CapWindows, WhoHasUsedItUpWaitsForTheNextWindow) {
  CapWindows w = windows();
  w.add(1, 25, 30 * kMs, at_ms(0));
  EXPECT_DOUBLE_EQ(ends(w)[1], 105);
}

TEST(CapWindows, ABudgetIsOfItsWindowWheneverWorkComes) {
  // 20 ms are used by 20 ms; 5 are left for what comes at 30.
  CapWindows w = windows();
  w.add(1, 25, 20 * kMs, at_ms(0));
  EXPECT_EQ(w.finish(w.next()), 1U);
  w.add(2, 25, 20 * kMs, at_ms(30));
  EXPECT_DOUBLE_EQ(ends(w)[2], 115);
  // In mid-window: 10 ms until its end, and the rest in the next.
  CapWindows late = windows();
  late.add(3, 25, 30 * kMs, at_ms(90));
  EXPECT_DOUBLE_EQ(ends(late)[3], 120);
}

TEST(CapWindows, LongWorkRunsAtTheCapAndWindowsArePassedOver) {
  CapWindows w = windows();
  w.add(1, 25, 10'000 * kMs, at_ms(0));
  EXPECT_DOUBLE_EQ(ends(w)[1], 39'900 + 25);
  CapWindows year = windows();
  year.add(1, 25, 1e7 * 1000 * kMs, at_ms(0));
  EXPECT_NEAR(ends(year)[1], 4e10 - 75, 1);
}

TEST(CapWindows, GpuTimeIsCountedNotWallTime) {
  CapWindows w = windows();
  w.add(1, 25, 40 * kMs, at_ms(0));
  w.add(2, 26, 40 * kMs, at_ms(0));
  // 25 each by 50 ms, 26 by 51; then 15 and 14 at half speed, the one alone at last.
  const auto out = ends(w);
  EXPECT_DOUBLE_EQ(out.at(2), 128);
  EXPECT_DOUBLE_EQ(out.at(1), 129);
}

TEST(CapWindows, WhatOneMayNotUseAnotherUses) {
  // 25 ms each by 50; then the second alone until 100. In the next window it needs 25 more at half speed.
  CapWindows w = windows();
  w.add(1, 25, 1000 * kMs, at_ms(0));
  w.add(2, 100, 100 * kMs, at_ms(0));
  EXPECT_DOUBLE_EQ(ends(w).at(2), 150);
}

TEST(CapWindows, SideBySideEachUsesAllOfTheTime) {
  CapWindows w = windows(true);
  w.add(1, 25, 30 * kMs, at_ms(0));
  w.add(2, 50, 30 * kMs, at_ms(0));
  const auto out = ends(w);
  EXPECT_DOUBLE_EQ(out.at(2), 30);
  EXPECT_DOUBLE_EQ(out.at(1), 105);
}

TEST(CapWindows, BatchesOfOneProcessShareItsBudget) {
  CapWindows w = windows();
  w.add(1, 20, 15 * kMs, at_ms(0));
  w.add(2, 20, 15 * kMs, at_ms(0));
  const auto out = ends(w);  // 10 each by 20 ms; 5 each more
  EXPECT_DOUBLE_EQ(out.at(1), 110);
  EXPECT_DOUBLE_EQ(out.at(2), 110);
}

TEST(CapWindows, ARemovedBatchSaysWhatItHadLeft) {
  CapWindows w = windows();
  w.add(1, 25, 100 * kMs, at_ms(0));
  EXPECT_DOUBLE_EQ(*w.remove(1, at_ms(260)), (100 - 75) * kMs);
  EXPECT_EQ(w.remove(1, at_ms(260)), std::nullopt);
  EXPECT_EQ(w.next(), kNever);
}

// The same by small steps: within a microsecond of each other.
TEST(CapWindows, AgreesWithStepsOfAMicrosecond) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 8; ++run) {
    std::vector<ReplicaId> replicas;
    std::vector<double> work, start;
    const std::size_t n = 1 + random() % 4;
    for (std::size_t i = 0; i < n; ++i) {
      replicas.push_back(static_cast<ReplicaId>(5 + 10 * i + random() % 9));  // all different
      work.push_back(static_cast<double>(1 + random() % 200));
      start.push_back(static_cast<double>(random() % 150));
    }
    CapWindows w = windows();
    std::map<QueryId, double> fast;
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return start[a] < start[b]; });
    for (const std::size_t i : order) {
      while (w.next() <= at_ms(start[i])) {
        const SimTime at = w.next();
        fast[w.finish(at)] = static_cast<double>(at.time_since_epoch().count()) / kMs;
      }
      w.add(static_cast<QueryId>(i), replicas[i], work[i] * kMs, at_ms(start[i]));
    }
    fast.merge(ends(w));
    std::vector<double> left = work, used(n, 0), slow(n, -1);
    constexpr double step = 1e-3;
    std::size_t open = n;
    for (std::int64_t tick = 0; open > 0; ++tick) {
      const double now = static_cast<double>(tick) * step;
      if (tick % 100'000 == 0) std::fill(used.begin(), used.end(), 0.0);
      std::vector<std::size_t> busy;
      for (std::size_t i = 0; i < n; ++i)
        if (slow[i] < 0 && start[i] <= now + 1e-9 && used[i] + 1e-9 < replicas[i]) busy.push_back(i);
      for (const std::size_t i : busy) {
        used[i] += step / static_cast<double>(busy.size());
        left[i] -= step / static_cast<double>(busy.size());
        if (left[i] > 1e-9) continue;
        slow[i] = now + step;
        --open;
      }
    }
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(fast.at(static_cast<QueryId>(i)), slow[i], 0.02) << run << " " << i;
  }
}

}  // namespace cap_windows_test
}  // namespace windtunnel
