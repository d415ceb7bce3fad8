// The vertical autoscaler's recommender against figures worked out from its source's formulas.
#include <gtest/gtest.h>

#include "policies/vertical/limit_rules.hpp"
#include "policies/vertical/memory_recommender.hpp"
#include "policies/vertical/rollout_steps.hpp"

namespace windtunnel {
namespace recommender_test {

using namespace std::chrono_literals;

constexpr Bytes kGB{1'000'000'000};

SimTime at(Duration d) {
  return SimTime{} + d;
}

RecommenderSpec bare() {
  RecommenderSpec spec;
  spec.margin = 0;
  spec.least = {};
  return spec;
}

TEST(DecayingHistogram, AnswersWithTheUpperEdgeOfABucketThatGrowsByFivePercent) {
  DecayingHistogram histogram(24h);
  EXPECT_TRUE(histogram.is_empty());
  EXPECT_EQ(histogram.percentile(0.9), Bytes{});
  histogram.add(kGB, at(0h));
  EXPECT_EQ(histogram.percentile(0.9).value, 1'016'281'389);  // 1e7 (1.05^37 - 1) / 0.05
  EXPECT_EQ(histogram.percentile(0.01).value, 1'016'281'389);
}

TEST(DecayingHistogram, FirstBucketIsTenMegabytes) {
  DecayingHistogram histogram(24h);
  histogram.add(Bytes{1}, at(0h));
  EXPECT_EQ(histogram.percentile(0.5).value, 10'000'000);
}

TEST(DecayingHistogram, ASampleOneHalfLifeOlderWeighsHalf) {
  DecayingHistogram histogram(24h);
  histogram.add(Bytes{3 * kGB.value}, at(0h));                 // weight 1
  histogram.add(kGB, at(24h));                                 // weight 2
  EXPECT_EQ(histogram.percentile(0.66).value, 1'016'281'389);  // 2 of 3
  EXPECT_EQ(histogram.percentile(0.67).value, 3'027'156'617);
}

TEST(DecayingHistogram, WeightsStayFiniteOverYears) {
  DecayingHistogram histogram(24h);
  for (int day = 0; day < 3000; ++day) histogram.add(Bytes{(day % 2 + 1) * kGB.value}, at(day * 24h));
  EXPECT_EQ(histogram.percentile(0.99).value, 2'093'479'957);
  EXPECT_EQ(histogram.percentile(0.3).value, 1'016'281'389);  // the last is a 2: 1/3 of the weight is of ones
}

TEST(DecayingHistogram, TakesBackWhatItWasGiven) {
  DecayingHistogram histogram(24h);
  histogram.add(kGB, at(24h));
  histogram.subtract(kGB, at(24h));
  EXPECT_TRUE(histogram.is_empty());
}

TEST(MemoryRecommender, KnowsNothingBeforeTheFirstSample) {
  EXPECT_FALSE(MemoryRecommender(bare()).recommend(at(1h)));
}

TEST(MemoryRecommender, CountsTheLargestOfAnIntervalOnceForEachContainer) {
  MemoryRecommender memory(bare());
  for (int minute = 0; minute < 60; ++minute) {
    memory.saw(1, minute == 30 ? Bytes{3 * kGB.value} : kGB, at(minute * 1min));
    memory.saw(2, kGB, at(minute * 1min));
  }
  ASSERT_EQ(memory.peaks().size(), 2U);
  EXPECT_EQ(memory.recommend(at(1h))->target.value, 3'027'156'617);
  EXPECT_EQ(memory.target_by(MemoryRule::vpa, 0.5, at(1h)).value, 1'016'281'389);  // one of two peaks
  EXPECT_EQ(memory.largest_seen().value, 3 * kGB.value);
}

TEST(MemoryRecommender, ANewIntervalBeginsANewPeak) {
  RecommenderSpec spec = bare();
  spec.interval = 1h;
  MemoryRecommender memory(spec);
  for (int hour = 0; hour < 5; ++hour) memory.saw(1, Bytes{(5 - hour) * kGB.value}, at(hour * 1h));
  EXPECT_EQ(memory.peaks().size(), 5U);
}

TEST(MemoryRecommender, BoundsNarrowWithTheTimeObservedAndTheSamplesSeen) {
  MemoryRecommender memory(bare());
  memory.saw(1, kGB, at(0h));
  const auto first = memory.recommend(at(0h));
  EXPECT_EQ(first->lower, Bytes{});
  EXPECT_GT(first->upper.value, kGB.value * 1'000'000);
  for (int minute = 1; minute <= 12 * 60; ++minute) memory.saw(1, kGB, at(minute * 1min));
  const auto half = memory.recommend(at(12h));  // 0.5 of a day, 721 of 1440 samples: c = 0.5
  const double p = 1'016'281'389;
  EXPECT_NEAR(static_cast<double>(half->lower.value), p / (1.002 * 1.002), 2);
  EXPECT_NEAR(static_cast<double>(half->upper.value), p * 3, 3);
}

TEST(MemoryRecommender, FewSamplesADayMakeItLessSureThanTheTimeSays) {
  MemoryRecommender memory(bare());
  for (int hour = 0; hour <= 24; ++hour) memory.saw(1, kGB, at(hour * 1h));
  const double c = 25.0 / 1440;
  EXPECT_NEAR(static_cast<double>(memory.recommend(at(24h))->upper.value), 1'016'281'389 * (1 + 1 / c), 60);
}

TEST(MemoryRecommender, TargetHasMarginMinimumAndMaximum) {
  RecommenderSpec spec;
  spec.most = kGB;
  MemoryRecommender memory(spec);
  memory.saw(1, Bytes{1'000'000}, at(0h));
  EXPECT_EQ(memory.recommend(at(1h))->target.value, 250 * kMiB);
  memory.saw(1, Bytes{3 * kGB.value}, at(1h));
  EXPECT_EQ(memory.recommend(at(1h))->target, kGB);
  spec.most = std::nullopt;
  MemoryRecommender free(spec);
  free.saw(1, kGB, at(0h));
  EXPECT_NEAR(static_cast<double>(free.recommend(at(1h))->target.value), 1'016'281'389 * 1.15, 1);
}

TEST(MemoryRecommender, AKillRaisesTheLargerOfLimitAndRecentPeak) {
  MemoryRecommender memory(bare());
  memory.saw(1, kGB, at(0h));
  EXPECT_EQ(memory.saw_oom(1, Bytes{2 * kGB.value}, at(1min)).value, 2'400'000'000);  // 1.2 times
  EXPECT_EQ(memory.saw_oom(2, Bytes{100 * kMiB}, at(1min)).value, 200 * kMiB);        // at least 100 MiB more
  EXPECT_EQ(memory.saw_oom(3, std::nullopt, at(1min)).value, 100 * kMiB);
  EXPECT_EQ(memory.ooms(), 3U);
  EXPECT_EQ(memory.largest_seen(), kGB);  // a guess is not a sighting
}

TEST(MemoryRecommender, RepeatedKillsOfAnIntervalDoNotCompound) {
  MemoryRecommender memory(bare());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(memory.saw_oom(1, kGB, at(i * 1min)).value, 1'200'000'000);
  EXPECT_EQ(memory.peaks().size(), 1U);
}

TEST(MemoryRecommender, AKillIsOnePeakOfItsIntervalTheLargerReplacingTheSmaller) {
  MemoryRecommender memory(bare());
  memory.saw(1, kGB, at(0h));
  (void)memory.saw_oom(1, kGB, at(1min));
  const auto peaks = memory.peaks();
  ASSERT_EQ(peaks.size(), 1U);
  EXPECT_EQ(peaks.front().value, 1'200'000'000);
  EXPECT_EQ(memory.target_by(MemoryRule::vpa, 0.01, at(1h)).value,
            memory.target_by(MemoryRule::vpa, 0.99, at(1h)).value);  // the GB is gone from the histogram
}

TEST(MemoryRecommender, PeakRuleForgetsWhatIsOlderThanItsIntervals) {
  RecommenderSpec spec = bare();
  spec.rule = MemoryRule::peak;
  spec.interval = 1h;
  spec.intervals = 3;
  MemoryRecommender memory(spec);
  memory.saw(1, Bytes{3 * kGB.value}, at(0h));
  for (int hour = 1; hour <= 2; ++hour) memory.saw(1, kGB, at(hour * 1h));
  EXPECT_EQ(memory.recommend(at(2h))->target.value, 3 * kGB.value);
  EXPECT_EQ(memory.recommend(at(3h))->target, kGB);
  EXPECT_EQ(memory.recommend(at(300h))->target, kGB);  // nobody was seen: the last that is known
}

TEST(MemoryRecommender, PeaksOfPodsThatAreGoneStay) {
  MemoryRecommender memory(bare());
  memory.saw(1, kGB, at(0h));
  memory.forget(1);
  memory.forget(7);
  ASSERT_EQ(memory.peaks().size(), 1U);
  EXPECT_TRUE(memory.recommend(at(1h)));
}

TEST(LimitRules, AreOrderedFromTheTightest) {
  MemoryRecommender memory(bare());
  for (std::uint64_t pod = 0; pod < 100; ++pod) memory.saw(pod, Bytes{pod < 95 ? kGB.value : 4 * kGB.value}, at(0h));
  const LimitsByRule limits = limits_by_rule(memory, at(1h));
  EXPECT_EQ(limits[0].value, 1'016'281'389);
  EXPECT_GT(limits[1].value, 4 * kGB.value);
  EXPECT_EQ(limits[2].value, 4 * kGB.value);
}

RolloutStep step(RolloutLimits limits, RolloutPods pods) {
  return next_rollout_step(limits, pods);
}

TEST(RolloutStep, SurgeRoundsUpAndUnavailableDown) {
  const RolloutLimits limits;  // 25 % of 10: 3 beside, 2 missing
  const auto first = step(limits, {.wanted = 10, .old = 10, .old_available = 10});
  EXPECT_EQ(first.create, 3);
  EXPECT_EQ(first.remove_available, 2);
}

TEST(RolloutStep, NothingAvailableGoesBeforeSomethingElseIs) {
  const RolloutLimits limits{.max_unavailable = 0, .max_surge = 0.25};
  const auto waits = step(limits, {.wanted = 4, .fresh = 1, .fresh_available = 0, .old = 4, .old_available = 4});
  EXPECT_EQ(waits.create + waits.remove_available + waits.remove_unavailable, 0);
  const auto goes = step(limits, {.wanted = 4, .fresh = 1, .fresh_available = 1, .old = 4, .old_available = 4});
  EXPECT_EQ(goes.remove_available, 1);
}

TEST(RolloutStep, OldPodsThatAreNotReadyGoFirst) {
  const RolloutLimits limits{.max_unavailable = 0.25, .max_surge = 0};
  const auto one = step(limits, {.wanted = 4, .old = 4, .old_available = 3});
  EXPECT_EQ(one.remove_unavailable, 1);
  EXPECT_EQ(one.remove_available, 0);
}

TEST(RolloutStep, BothRoundedToNothingStillBegins) {
  const RolloutLimits limits{.max_unavailable = 0.25, .max_surge = 0};
  EXPECT_EQ(step(limits, {.wanted = 1, .old = 1, .old_available = 1}).remove_available, 1);
}

TEST(RolloutStep, AlwaysEndsWithNothingOldAndAsManyFreshAsWanted) {
  for (int wanted = 1; wanted <= 12; ++wanted)
    for (const double unavailable : {0.0, 0.25, 1.0})
      for (const double surge : {0.0, 0.25, 1.0}) {
        RolloutPods pods{.wanted = wanted, .old = wanted, .old_available = wanted};
        int least = wanted, most = wanted, steps = 0;
        while ((pods.old > 0 || pods.fresh < wanted) && ++steps < 100) {
          const auto now = step({.max_unavailable = unavailable, .max_surge = surge}, pods);
          pods.old -= now.remove_unavailable + now.remove_available;
          pods.old_available -= now.remove_available;
          pods.fresh += now.create;
          least = std::min(least, pods.old_available + pods.fresh_available);
          most = std::max(most, pods.old + pods.fresh);
          pods.fresh_available = pods.fresh;  // by the next step they are ready
        }
        EXPECT_LT(steps, 100) << wanted << " " << unavailable << " " << surge;
        const int missing = std::max(static_cast<int>(wanted * unavailable), surge == 0 ? 1 : 0);
        EXPECT_GE(least, wanted - missing) << wanted << " " << unavailable << " " << surge;
        EXPECT_LE(most, wanted + static_cast<int>(std::ceil(wanted * surge))) << wanted << " " << surge;
      }
}

}  // namespace recommender_test
}  // namespace windtunnel
