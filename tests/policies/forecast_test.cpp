// Forecasts: right where the series follows the model, and honest about their error.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "policies/forecast/autoregression.hpp"
#include "policies/forecast/holt_winters.hpp"
#include "sim/core/rng.hpp"
#include "tests/policies/harness.hpp"

namespace windtunnel {
namespace {

double wave(int t, int season) {
  return 10 + 5 * std::sin(2 * std::numbers::pi * t / season);
}

TEST(Autoregression, ContinuesASeriesOfItsOwnKind) {
  Autoregression model(2, 0, 200);
  std::vector<double> series = {3, 4};
  for (int i = 2; i < 120; ++i) series.push_back(1 + 1.2 * series[i - 1] - 0.5 * series[i - 2] + (i % 7) * 0.0);
  for (int i = 0; i < 30; ++i) model.add(series[i]);
  // Settled, the series is constant: c / (1 - a1 - a2).
  ASSERT_TRUE(model.ahead(1).has_value());
  EXPECT_NEAR(*model.ahead(1), series[30], 1e-3);
  EXPECT_NEAR(*model.ahead(50), 1 / 0.3, 1e-2);
}

TEST(Autoregression, FollowsAWaveWithItsLagsAlone) {
  Autoregression model(4, 0, 200);
  for (int t = 0; t < 150; ++t) model.add(wave(t, 40));
  for (const int steps : {1, 5, 20}) EXPECT_NEAR(*model.ahead(steps), wave(149 + steps, 40), 0.05) << steps;
}

TEST(Autoregression, KeepsAConstantAndForecastsNothingFromNothing) {
  Autoregression model(3, 0, 50);
  EXPECT_FALSE(model.ahead(1).has_value());
  for (int t = 0; t < 60; ++t) model.add(7);
  EXPECT_NEAR(*model.ahead(30), 7, 1e-3);
  Autoregression zeros(3, 0, 50);
  for (int t = 0; t < 60; ++t) zeros.add(0);
  EXPECT_EQ(*zeros.ahead(5), 0);
}

TEST(Autoregression, UsesTheSeasonWhereLagsDoNotReach) {
  // A spike every 50 steps: nothing in the last 3 steps tells of it.
  Autoregression model(3, 50, 300), blind(3, 0, 300);
  for (int t = 0; t < 400; ++t) {
    model.add(t % 50 == 0 ? 20.0 : 2.0);
    blind.add(t % 50 == 0 ? 20.0 : 2.0);
  }
  EXPECT_NEAR(*model.ahead(1), 20, 0.5);
  EXPECT_LT(*blind.ahead(1), 6);
}

TEST(HoltWinters, ForecastsASeasonAndATrend) {
  HoltWinters model(40, {});
  EXPECT_FALSE(model.ahead(1).has_value());
  for (int t = 0; t < 400; ++t) model.add(wave(t, 40));
  for (const int steps : {1, 10, 40}) EXPECT_NEAR(*model.ahead(steps), wave(399 + steps, 40), 0.2) << steps;
  HoltWinters line(0, {.level = 0.5, .trend = 0.3, .season = 0, .damping = 1});
  for (int t = 0; t < 200; ++t) line.add(5 + 0.1 * t);
  EXPECT_NEAR(*line.ahead(10), 5 + 0.1 * 209, 0.1);
}

TEST(Predictive, PlansForTheLoadThatComes) {
  const auto policy =
      testing_support::policy("predictive", {{"horizon", 300.0}, {"rate", 1.0}, {"utilization", 1.0}, {"order", 4.0}});
  Observation o = testing_support::seen(1, 1);
  ScalingDecision last;
  for (int t = 0; t < 3 * 3600; t += 15) {
    o.now_s = t;
    o.arrival_rate_per_s = 10 + 5 * std::sin(2 * std::numbers::pi * t / 3600);
    last = policy->decide(o);
  }
  // Three hours in: the wave is at its middle and rising; five minutes on it stands at 12.5.
  EXPECT_NEAR(last.value, 12.3, 0.3);
  EXPECT_GE(last.desired_replicas, 12);
  EXPECT_NE(last.reason.find("forecast off by"), std::string::npos) << last.reason;
  EXPECT_NE(policy->closing_note().find("forecasts for 300 s ahead were off by"), std::string::npos)
      << policy->closing_note();
}

TEST(Predictive, NeverPlansForLessThanWhatComesNow) {
  const auto policy = testing_support::policy("predictive", {{"horizon", 600.0}, {"rate", 1.0}, {"utilization", 1.0}});
  Observation o = testing_support::seen(1, 1);
  ScalingDecision last;
  for (int t = 0; t < 3600; t += 15) {
    o.now_s = t;
    o.arrival_rate_per_s = 20 - t * 0.005;  // falls
    last = policy->decide(o);
  }
  EXPECT_GE(last.desired_replicas, 2);
  EXPECT_EQ(last.desired_replicas, static_cast<int>(std::ceil(o.arrival_rate_per_s)));
}

TEST(Predictive, KnowsTheErrorOfPureNoise) {
  // Uniform on [0, 2): whatever is forecast, the mean absolute error is about 0.5 of a mean of 1.
  const auto policy = testing_support::policy("predictive", {{"horizon", 60.0}, {"rate", 1.0}, {"step", 15.0}});
  Rng rng = RngStreams(5).stream("noise");
  Observation o = testing_support::seen(1, 1);
  for (int i = 0; i < 4000; ++i) {
    o.now_s = i * 15.0;
    o.arrival_rate_per_s = 2 * rng.uniform();
    policy->decide(o);
  }
  const std::string note = policy->closing_note();
  const double share = std::stod(note.substr(note.find('(') + 1));
  EXPECT_GT(share, 45) << note;
  EXPECT_LT(share, 56) << note;
}

}  // namespace
}  // namespace windtunnel
