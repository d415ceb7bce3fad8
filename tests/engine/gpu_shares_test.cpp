// Work shared on a GPU: a worked example, and virtual time against re-ageing where both apply.
#include "sim/engine/gpu_shares.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {
namespace gpu_shares_test {

SimTime at_s(double seconds) {
  return SimTime{to_duration(seconds)};
}

SimTime at_ns(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

// All k batches at 1/slowdown(k), said to the re-ageing form.
RateFunction equally(const ShareCurve& curve) {
  return [&curve](std::span<const ReplicaId> replicas, std::span<double> rates) {
    for (double& rate : rates) rate = 1 / curve.slowdown(static_cast<std::uint32_t>(replicas.size()));
  };
}

// GPU 0 by virtual time, GPU 1 by re-ageing, on the same curve.
class BothForms {
 public:
  explicit BothForms(const ShareCurve& curve) : virtual_time(1), re_ageing(1) {
    virtual_time.set_equal(0, &curve);
    re_ageing.set_rated(0, equally(curve));
  }
  GpuShares virtual_time, re_ageing;
};

struct Job {
  double arrives_s, work_s;
};

// Completion time of each job on an otherwise idle GPU, in seconds.
std::vector<double> completions(GpuShares& shares, const std::vector<Job>& jobs) {
  std::vector<double> done(jobs.size());
  std::size_t next = 0;
  while (next < jobs.size() || shares.active(0) > 0) {
    if (next == jobs.size() || shares.next() <= at_s(jobs[next].arrives_s)) {
      const SimTime now = shares.next();
      const QueryId job = shares.finish(0, now);
      done[job] = to_seconds(now);
      continue;
    }
    const auto id = static_cast<QueryId>(next);
    shares.add(0, id, id, jobs[next].work_s * 1e9, at_s(jobs[next].arrives_s));
    ++next;
  }
  return done;
}

TEST(GpuShares, CompletesTheWorkedExampleOfProcessorSharing) {
  // Egalitarian processor sharing on one server, worked by hand as fractions of a second.
  const std::vector<Job> jobs = {{0, 1}, {0.25, 0.5}, {0.7, 0.3}, {0.9, 2}, {3.1, 0.2}, {6, 1}, {6.1, 0.75}};
  const std::vector<double> expected = {271.0 / 120, 26.0 / 15, 217.0 / 120, 4, 3.5, 7.75, 7.6};
  const ShareCurve plain;
  BothForms forms(plain);
  for (auto* shares : {&forms.virtual_time, &forms.re_ageing}) {
    const auto done = completions(*shares, jobs);
    // Each completion is rounded to the nanosecond, and passes at most that on to those that follow.
    for (std::size_t i = 0; i < jobs.size(); ++i) EXPECT_NEAR(done[i], expected[i], 2.1e-9) << "job " << i;
  }
}

// What both forms do over one random trace of arrivals, completions and removals. The trace is steered by the
// re-ageing form; how far the other is off at each completion is kept.
struct Comparison {
  double largest_gap_ns = 0;       // of a completion time
  double largest_work_gap_ns = 0;  // of the work left at a removal
  int completions = 0, removals = 0;
};

Comparison compare_over(const ShareCurve& curve, std::uint64_t seed, int events, std::uint32_t most) {
  BothForms forms(curve);
  GpuShares &a = forms.virtual_time, &b = forms.re_ageing;
  Rng rng(seed);
  Comparison out;
  std::map<QueryId, SimTime> done_a, done_b;
  std::vector<QueryId> present;  // in both
  SimTime now{};
  QueryId fresh = 0;
  const auto finish_up_to = [](GpuShares& shares, SimTime until, std::map<QueryId, SimTime>& done) {
    while (shares.next() <= until) {
      const SimTime when = shares.next();
      done[shares.finish(0, when)] = when;
    }
  };
  for (int e = 0; e < events; ++e) {
    now += Duration{rng.below(2'000'000)};
    finish_up_to(a, now, done_a);
    finish_up_to(b, now, done_b);
    std::erase_if(present, [&](QueryId id) { return done_a.contains(id) || done_b.contains(id); });
    const std::uint32_t what = rng.below(4);
    if (what == 0 && !present.empty()) {
      const auto victim = rng.below(static_cast<std::uint32_t>(present.size()));
      const auto left_a = a.remove(0, present[victim], now);
      const auto left_b = b.remove(0, present[victim], now);
      EXPECT_TRUE(left_a && left_b);
      out.largest_work_gap_ns = std::max(out.largest_work_gap_ns, std::abs(left_a.value_or(0) - left_b.value_or(1e9)));
      present.erase(present.begin() + victim);
      ++out.removals;
    } else if (present.size() < most) {
      // No whole numbers: exact halves of a nanosecond could be rounded either way, and the forms would part for good.
      const double work_ns = 4e6 * rng.uniform();
      a.add(0, fresh, fresh, work_ns, now);
      b.add(0, fresh, fresh, work_ns, now);
      present.push_back(fresh++);
    }
  }
  finish_up_to(a, kNever - Duration{1}, done_a);
  finish_up_to(b, kNever - Duration{1}, done_b);
  EXPECT_EQ(done_a.size(), done_b.size());
  for (const auto& [id, when] : done_b) {
    EXPECT_TRUE(done_a.contains(id)) << id;
    out.largest_gap_ns = std::max(out.largest_gap_ns, std::abs(static_cast<double>((done_a[id] - when).count())));
    ++out.completions;
  }
  return out;
}

TEST(GpuShares, VirtualTimeAndReAgeingAgreeOverRandomTracesWithRemovals) {
  const ShareCurve plain;
  const ShareCurve sliced([](std::uint32_t k) { return k == 1 ? 1.0 : k / (0.9 * 2.0 / 2.05); });
  for (const auto* curve : {&plain, &sliced})
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const Comparison seen = compare_over(*curve, seed, 400, 40);
      EXPECT_GT(seen.completions, 50);
      EXPECT_GT(seen.removals, 20);
      EXPECT_EQ(seen.largest_gap_ns, 0) << "seed " << seed;
      EXPECT_LT(seen.largest_work_gap_ns, 1e-6) << "seed " << seed;
    }
}

TEST(GpuShares, FinishesEqualWorkInOrderOfItsBeginningInBothForms) {
  const ShareCurve plain;
  BothForms forms(plain);
  for (auto* shares : {&forms.virtual_time, &forms.re_ageing}) {
    for (const QueryId batch : {5U, 2U, 9U, 0U}) shares->add(0, batch, batch, 1e6, at_ns(100));
    EXPECT_EQ(shares->next(), at_ns(100 + 4'000'000));
    for (const QueryId batch : {5U, 2U, 9U, 0U}) {
      const SimTime now = shares->next();
      EXPECT_EQ(now, at_ns(100 + 4'000'000));  // one instant for all: what is left of the others is nothing
      EXPECT_EQ(shares->finish(0, now), batch);
    }
  }
}

TEST(GpuShares, CountsAGpuBusyWhileAnythingRunsOnIt) {
  const ShareCurve plain;
  BothForms forms(plain);
  for (auto* shares : {&forms.virtual_time, &forms.re_ageing}) {
    shares->add(0, 0, 0, 1000, at_ns(10));
    shares->add(0, 1, 1, 1000, at_ns(500));
    EXPECT_EQ(shares->busy(0, at_ns(600)), Duration{590});
    (void)shares->finish(0, shares->next());
    EXPECT_EQ(shares->next(), at_ns(2010));
    (void)shares->finish(0, shares->next());
    EXPECT_EQ(shares->busy(0, at_ns(9000)), Duration{2000});
    shares->add(0, 2, 2, 1000, at_ns(10'000));
    EXPECT_EQ(shares->remove(0, 2, at_ns(10'300)), 700.0);
    EXPECT_EQ(shares->busy(0, at_ns(99'000)), Duration{2300});
    EXPECT_EQ(shares->next(), kNever);
  }
}

TEST(GpuShares, GivesBackNothingForABatchThatIsNotThere) {
  const ShareCurve plain;
  BothForms forms(plain);
  for (auto* shares : {&forms.virtual_time, &forms.re_ageing}) {
    shares->add(0, 3, 0, 1000, at_ns(0));
    EXPECT_EQ(shares->remove(0, 4, at_ns(10)), std::nullopt);
    EXPECT_EQ(shares->active(0), 1U);
    EXPECT_EQ(shares->next(), at_ns(1000));
  }
}

TEST(GpuShares, LeavesEachGpuItsOwnTimeAndAsksTheLowestOneFirst) {
  const ShareCurve plain;
  GpuShares shares(3);
  for (GpuId g = 0; g < 3; ++g) shares.set_equal(g, &plain);
  shares.add(2, 7, 0, 1000, at_ns(0));
  shares.add(1, 8, 1, 1000, at_ns(0));
  shares.add(0, 9, 2, 5000, at_ns(0));
  EXPECT_EQ(shares.next(), at_ns(1000));
  EXPECT_EQ(shares.next_gpu(), 1U);
  EXPECT_EQ(shares.finish(1, at_ns(1000)), 8U);
  EXPECT_EQ(shares.next_gpu(), 2U);
  EXPECT_EQ(shares.finish(2, at_ns(1000)), 7U);
  EXPECT_EQ(shares.next(), at_ns(5000));
}

TEST(GpuShares, RunsBatchesAtRatesOfTheirOwn) {
  GpuShares shares(1);
  // Replica 0 at 3/4 of its own speed, replica 1 at 1/4, whoever else is there.
  shares.set_rated(0, [](std::span<const ReplicaId> replicas, std::span<double> rates) {
    for (std::size_t i = 0; i < replicas.size(); ++i) rates[i] = replicas[i] == 0 ? 0.75 : 0.25;
  });
  shares.add(0, 10, 0, 3000, at_ns(0));
  shares.add(0, 11, 1, 1500, at_ns(0));
  EXPECT_EQ(shares.next(), at_ns(4000));
  EXPECT_EQ(shares.finish(0, at_ns(4000)), 10U);
  EXPECT_EQ(shares.next(), at_ns(6000));
  EXPECT_EQ(shares.finish(0, at_ns(6000)), 11U);
}

TEST(GpuShares, HoldsMoreBatchesThanItBeganWithRoomFor) {
  const ShareCurve plain;
  GpuShares shares(2);
  shares.set_equal(0, &plain);
  shares.set_equal(1, &plain);
  shares.add(1, 1000, 0, 50, at_ns(0));
  for (QueryId i = 0; i < 100; ++i) shares.add(0, i, i, 10.0 * (i + 1), at_ns(0));
  EXPECT_EQ(shares.finish(1, shares.next()), 1000U);
  SimTime last{};
  for (QueryId i = 0; i < 100; ++i) {
    EXPECT_GE(shares.next(), last);
    last = shares.next();
    ASSERT_EQ(shares.finish(0, last), i);
  }
  EXPECT_EQ(last, at_ns(10 * 5050));  // the work of all, one after the other or shared
}

TEST(GpuShares, GivesTheSameTimesInTheScalarForm) {
  const ShareCurve plain;
  GpuShares automatic(65), scalar(65, MinTree::Form::scalar);
  Rng rng(4);
  for (GpuId g = 0; g < 65; ++g) {
    automatic.set_equal(g, &plain);
    scalar.set_equal(g, &plain);
  }
  SimTime now{};
  for (QueryId i = 0; i < 5000; ++i) {
    now += Duration{rng.below(1000)};
    while (automatic.next() <= now) {
      const SimTime when = automatic.next();
      ASSERT_EQ(scalar.next(), when);
      const GpuId gpu = automatic.next_gpu();
      ASSERT_EQ(scalar.next_gpu(), gpu);
      ASSERT_EQ(automatic.finish(gpu, when), scalar.finish(gpu, when));
    }
    const GpuId gpu = rng.below(65);
    const double work_ns = rng.below(60'000);
    automatic.add(gpu, i, i, work_ns, now);
    scalar.add(gpu, i, i, work_ns, now);
  }
}

TEST(GpuShares, StopsTheRunWhenABatchIsFinishedThatNeverBegan) {
  GpuShares shares(1);
  const ShareCurve plain;
  shares.set_equal(0, &plain);
  EXPECT_THROW((void)shares.finish(0, at_ns(1)), InternalError);
}

}  // namespace gpu_shares_test
}  // namespace windtunnel
