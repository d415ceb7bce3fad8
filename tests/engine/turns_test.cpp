// Turns on a GPU: a worked example, and whole rounds passed over against the same rounds run slice by slice.
#include "sim/engine/turns.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/core/rng.hpp"
#include "sim/engine/gpu_shares.hpp"

namespace windtunnel {
namespace turns_test {

SimTime at_ns(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

SimTime at_ms(std::int64_t ms) {
  return SimTime{std::chrono::milliseconds(ms)};
}

TurnRules rules(Duration slice, Duration switch_cost) {
  return {.switch_cost = switch_cost,
          .slice = [slice](ReplicaId) { return slice; },
          .batch_speed = [](ReplicaId, std::uint32_t batches) { return 1.0 / batches; }};
}

struct Job {
  SimTime arrives;
  std::int64_t work_ns = 0;
};

// Completion of each job, every job a process of its own, in whole nanoseconds.
std::vector<std::int64_t> completions(Turns& turns, const std::vector<Job>& jobs) {
  std::vector<std::int64_t> done(jobs.size(), -1);
  std::size_t fresh = 0;
  while (fresh < jobs.size() || turns.active() > 0) {
    if (fresh == jobs.size() || turns.next() <= jobs[fresh].arrives) {  // completions come before arrivals
      const SimTime now = turns.next();
      done[turns.finish(now)] = now.time_since_epoch().count();
      continue;
    }
    const auto id = static_cast<QueryId>(fresh);
    turns.add(id, id, static_cast<double>(jobs[fresh].work_ns), jobs[fresh].arrives);
    ++fresh;
  }
  return done;
}

// Slice by slice and switch by switch, one after the other: what Turns says without doing it.
std::vector<std::int64_t> slice_by_slice(const std::vector<Job>& jobs, std::int64_t slice, std::int64_t switch_cost) {
  std::vector<std::int64_t> done(jobs.size(), -1), left(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) left[i] = jobs[i].work_ns;
  std::deque<std::size_t> ring;
  std::size_t fresh = 0, last = jobs.size();
  std::int64_t now = 0;
  const auto let_in = [&](std::int64_t until) {  // those that arrived up to and at that instant, in order
    while (fresh < jobs.size() && jobs[fresh].arrives.time_since_epoch().count() <= until) ring.push_back(fresh++);
  };
  while (fresh < jobs.size() || !ring.empty()) {
    if (ring.empty()) {
      let_in(now);
      if (ring.empty()) {
        now = jobs[fresh].arrives.time_since_epoch().count();
        let_in(now);
        last = ring.front();  // nothing to do until now: no switch
      }
    }
    const std::size_t front = ring.front();
    if (front != last) now += switch_cost;
    const std::int64_t ran = std::min(slice, left[front]);
    now += ran;
    left[front] -= ran;
    last = front;
    ring.pop_front();
    if (left[front] == 0) {
      done[front] = now;
      // Those that come at this very instant come after the completion: they find the ring as it is.
      let_in(now - 1);
      if (!ring.empty()) let_in(now);
    } else {
      let_in(now);
      ring.push_back(front);
    }
  }
  return done;
}

TEST(Turns, CompleteTheWorkedExampleOfRoundRobin) {
  // Slices of 100 ms and switches of 10 ms, worked by hand; the third job comes at the very end of a slice.
  const std::vector<std::pair<int, int>> list = {{0, 1000},   {250, 500},   {700, 300}, {900, 2000},
                                                 {3100, 200}, {6000, 1000}, {6100, 750}};
  std::vector<Job> jobs;
  for (const auto& [arrives, work] : list) jobs.push_back({at_ms(arrives), work * 1'000'000LL});
  Turns turns(rules(std::chrono::milliseconds(100), std::chrono::milliseconds(10)));
  std::vector<std::int64_t> expected;
  for (const int ms : {2390, 1620, 1840, 4240, 3430, 7910, 7700}) expected.push_back(ms * 1'000'000LL);
  EXPECT_EQ(completions(turns, jobs), expected);
}

TEST(Turns, PassingOverRoundsGivesTheSameNanosecondAsRunningThroughThem) {
  Rng rng(11);
  for (int trial = 0; trial < 300; ++trial) {
    // From slices longer than any job to thousands of them in one; on a coarse grid, so that instants coincide.
    const std::int64_t grid = trial % 3 == 0 ? 50 : 1;
    const std::int64_t slice = grid * (1 + rng.below(trial % 2 == 0 ? 20 : 2000));
    const std::int64_t switch_cost = trial % 4 == 0 ? 0 : grid * rng.below(30);
    std::vector<Job> jobs;
    std::int64_t at = 0;
    for (int i = 0; i < 60; ++i) {
      at += grid * rng.below(4000);
      jobs.push_back({at_ns(at), grid * (1 + rng.below(6000))});
    }
    Turns turns(rules(Duration{slice}, Duration{switch_cost}));
    ASSERT_EQ(completions(turns, jobs), slice_by_slice(jobs, slice, switch_cost)) << "trial " << trial;
  }
}

TEST(Turns, SwitchesAreCountedAsTheTimeNobodyRuns) {
  Rng rng(12);
  for (int trial = 0; trial < 50; ++trial) {
    Turns turns(rules(Duration{100 + rng.below(900)}, Duration{1 + rng.below(200)}));
    std::int64_t work = 0;
    for (QueryId i = 0; i < 8; ++i) {
      const std::int64_t each = 1 + rng.below(20'000);
      work += each;
      turns.add(i, i, static_cast<double>(each), at_ns(5));
    }
    SimTime last{};
    while (turns.active() > 0) {
      last = turns.next();
      (void)turns.finish(last);
    }
    EXPECT_EQ(turns.switching(last), last - at_ns(5) - Duration{work});  // work is conserved
    EXPECT_EQ(turns.switching(last + Duration{999}), last - at_ns(5) - Duration{work});
  }
}

TEST(Turns, OneAloneRunsThroughWhateverTheSwitchCosts) {
  Turns turns(rules(Duration{10}, Duration{1000}));
  turns.add(0, 0, 12'345, at_ns(100));
  EXPECT_EQ(turns.next(), at_ns(100 + 12'345));
  EXPECT_EQ(turns.finish(turns.next()), 0U);
  EXPECT_EQ(turns.switching(at_ns(99'999)), Duration{});
}

TEST(Turns, ANewOneWaitsForTheRestOfASliceAndTheFullSlicesOfTheOthers) {
  Turns turns(rules(std::chrono::milliseconds(2), Duration{}));
  for (QueryId i = 0; i < 3; ++i) turns.add(i, i, 1e9, at_ms(0));
  turns.add(3, 3, 200'000, at_ms(100) + std::chrono::microseconds(500));  // 1.5 ms of a slice and two full ones
  EXPECT_EQ(turns.next(), at_ms(106) + std::chrono::microseconds(200));
  EXPECT_EQ(turns.finish(turns.next()), 3U);
}

TEST(Turns, WorkAtTheVeryInstantAnotherRanOutPaysTheSwitchAndALaterOneDoesNot) {
  for (const std::int64_t late : {0, 1}) {
    Turns turns(rules(Duration{1000}, Duration{7}));
    turns.add(0, 0, 500, at_ns(0));
    ASSERT_EQ(turns.finish(at_ns(500)), 0U);
    turns.add(1, 1, 100, at_ns(500 + late));
    EXPECT_EQ(turns.next(), at_ns(late == 0 ? 607 : 601));
  }
}

TEST(Turns, BatchesOfOneProcessShareItsSlices) {
  // Process 0 has two batches of 300 ns at half speed each, process 1 one of 300 ns: 0 has slices at 0-100, 200-300,
  // ...
  Turns turns(rules(Duration{100}, Duration{}));
  turns.add(0, 0, 300, at_ns(0));
  turns.add(1, 0, 300, at_ns(0));
  turns.add(2, 1, 300, at_ns(0));
  EXPECT_EQ(turns.finish(at_ns(600)), 2U);
  EXPECT_EQ(turns.next(), at_ns(900));  // 300 ns in slices, then alone
  EXPECT_EQ(turns.finish(at_ns(900)), 0U);
  EXPECT_EQ(turns.finish(at_ns(900)), 1U);
}

TEST(Turns, CompanySlowsTheSliceItself) {
  TurnRules slower = rules(Duration{100}, Duration{});
  slower.shared_speed = 0.5;
  Turns turns(slower);
  turns.add(0, 0, 100, at_ns(0));
  turns.add(1, 1, 100, at_ns(50));  // 50 ns done alone; the other 50 take 100 ns of slices: 50-100, 200-250
  EXPECT_EQ(turns.finish(at_ns(250)), 0U);
  EXPECT_EQ(turns.next(), at_ns(250 + 50));  // had 100-200 at half speed
}

TEST(Turns, AProcessMayHaveSlicesOfItsOwnLength) {
  TurnRules weighted = rules(Duration{100}, Duration{});
  weighted.slice = [](ReplicaId replica) { return Duration{replica == 1 ? 300 : 100}; };
  Turns turns(weighted);
  turns.add(0, 0, 250, at_ns(0));
  turns.add(1, 1, 700, at_ns(0));
  EXPECT_EQ(turns.finish(at_ns(850)), 0U);  // 0-100, 400-500, 800-850
  EXPECT_EQ(turns.next(), at_ns(950));      // 100-400, 500-800, then 100 more
}

TEST(Turns, WhoIsTakenOffEndsItsTurnAndTakesItsUndoneSwitchWithIt) {
  Turns turns(rules(Duration{100}, Duration{10}));
  turns.add(0, 0, 1000, at_ns(0));
  turns.add(1, 1, 1000, at_ns(0));
  EXPECT_EQ(turns.remove(1, at_ns(104)), 1000.0);  // being switched to
  EXPECT_EQ(turns.switching(at_ns(104)), Duration{4});
  EXPECT_EQ(turns.next(), at_ns(104 + 900));  // the one that ran before goes on
  EXPECT_EQ(turns.remove(0, at_ns(204)), 800.0);
  EXPECT_EQ(turns.next(), kNever);
  EXPECT_EQ(turns.remove(0, at_ns(300)), std::nullopt);
}

TEST(Turns, ShortSlicesWithoutLossesComeNearProcessorSharing) {
  // The limit of round robin as the slice goes to nothing (Kleinrock, Queueing Systems II, 1976, sec. 4.4).
  const ShareCurve plain;
  Rng rng(13);
  std::vector<Job> jobs;
  std::int64_t at = 0;
  for (int i = 0; i < 200; ++i) {
    at += rng.below(1'000'000);
    jobs.push_back({at_ns(at), 1 + static_cast<std::int64_t>(rng.below(900'000))});
  }
  Turns turns(rules(Duration{10}, Duration{}));
  const auto sliced = completions(turns, jobs);
  GpuShares fluid(1);
  fluid.set_equal(0, &plain);
  std::size_t fresh = 0;
  std::uint32_t most = 0;
  while (fresh < jobs.size() || fluid.active(0) > 0) {
    if (fresh == jobs.size() || fluid.next() <= jobs[fresh].arrives) {
      const SimTime now = fluid.next();
      const QueryId job = fluid.finish(0, now);
      // At a completion in one form the other may be a round behind for each job there was: a bound, not a guess.
      EXPECT_NEAR(static_cast<double>(sliced[job]), static_cast<double>(now.time_since_epoch().count()), 10.0 * 200);
      continue;
    }
    fluid.add(0, static_cast<QueryId>(fresh), static_cast<ReplicaId>(fresh), static_cast<double>(jobs[fresh].work_ns),
              jobs[fresh].arrives);
    most = std::max(most, fluid.active(0));
    ++fresh;
  }
  EXPECT_GT(most, 3U);
}

TEST(Turns, StandBesideTheFluidFormsOnOtherGpus) {
  const ShareCurve plain;
  GpuShares shares(2);
  shares.set_equal(0, &plain);
  shares.set_turns(1, rules(Duration{100}, Duration{10}));
  for (QueryId i = 0; i < 20; ++i) {  // more than there is room for at first, on both
    shares.add(0, i, i, 50, at_ns(0));
    shares.add(1, 100 + i, i, 50, at_ns(0));
  }
  EXPECT_EQ(shares.finish(1, at_ns(50)), 100U);
  EXPECT_EQ(shares.finish(1, at_ns(110)), 101U);
  EXPECT_EQ(shares.switching(1, at_ns(115)), Duration{15});
  EXPECT_EQ(shares.switching(0, at_ns(115)), Duration{});
  EXPECT_EQ(shares.remove(1, 119, at_ns(115)), 50.0);
  EXPECT_EQ(shares.active(1), 17U);
  SimTime last{};
  while (shares.active(1) > 0) {
    while (shares.next_gpu() == 0) (void)shares.finish(0, shares.next());
    last = shares.next();
    (void)shares.finish(1, last);
  }
  EXPECT_EQ(last, at_ns(19 * 50 + 18 * 10));
  EXPECT_EQ(shares.busy(1, at_ns(9999)), Duration{19 * 50 + 18 * 10});
}

TEST(Turns, StopTheRunWhenABatchIsFinishedThatNeverBegan) {
  Turns turns(rules(Duration{100}, Duration{}));
  EXPECT_THROW((void)turns.finish(at_ns(1)), InternalError);
}

}  // namespace turns_test
}  // namespace windtunnel
