#include "policies/forecast/predictive.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "policies/forecast/autoregression.hpp"
#include "policies/forecast/holt_winters.hpp"

namespace windtunnel {
namespace {

constexpr double kMostSeasonSteps = 20'000;

Param weight_param(std::string_view name, std::string_view doc, std::string_view fallback) {
  return {.name = name,
          .type = ParamType::number,
          .doc = doc,
          .fallback = fallback,
          .min = 0,
          .max = 1,
          .source = "[A] slow enough to let noise pass"};
}

int steps_in(double duration_s, double step_s) {
  return static_cast<int>(std::llround(duration_s / step_s));
}

std::unique_ptr<Forecaster> make_forecaster(const ParamSet& params) {
  const double step_s = params.number("step");
  const int season = params.has("season") ? steps_in(params.number("season"), step_s) : 0;
  if (params.text("method") == "holt_winters")
    return std::make_unique<HoltWinters>(season, HoltWinters::Weights{.level = params.number("level_weight"),
                                                                      .trend = params.number("trend_weight"),
                                                                      .season = params.number("season_weight")});
  return std::make_unique<Autoregression>(params.integer("order"), season, params.integer("history"));
}

std::string rate_text(double per_s) {
  std::array<char, 32> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.3g/s", per_s);
  return {buffer.data(), static_cast<std::size_t>(std::clamp(size, 0, 31))};
}

}  // namespace

std::vector<Param> PredictivePolicy::params() {
  return with_smoothing(
      {{.name = "method",
        .type = ParamType::choice,
        .doc =
            "autoregression: a weighted sum of the last `order` steps and, with a season, of the step one season ago, "
            "fitted by least squares with each step; holt_winters: level, trend and season, smoothed",
        .fallback = "autoregression",
        .choices = {"autoregression", "holt_winters"},
        .source = "[A] it needs no season to begin"},
       {.name = "horizon",
        .type = ParamType::duration,
        .doc = "how far ahead: what a new replica takes until it serves, its node included",
        .min = 0,
        .min_exclusive = true},
       {.name = "rate",
        .type = ParamType::rate,
        .doc =
            "queries per second of one ready replica, its whole concurrency included; left out: concurrency over the "
            "measured service time",
        .optional = true,
        .min = 0,
        .min_exclusive = true},
       {.name = "utilization",
        .type = ParamType::share,
        .doc = "share of that rate to plan with",
        .fallback = "0.7",
        .min = 0,
        .max = 1,
        .min_exclusive = true,
        .source = "[A]"},
       {.name = "step",
        .type = ParamType::duration,
        .doc = "length of one step of the series, and window of the rate",
        .fallback = "1m",
        .min = 1,
        .source = "[A]"},
       {.name = "season",
        .type = ParamType::duration,
        .doc = "after which the load is alike: 24h, 168h; left out: none",
        .optional = true,
        .min = 0,
        .min_exclusive = true},
       {.name = "order",
        .type = ParamType::integer,
        .doc = "autoregression: steps looked back",
        .fallback = "5",
        .min = 1,
        .max = 50,
        .source = "[A]",
        .unit = "steps"},
       {.name = "history",
        .type = ParamType::integer,
        .doc = "autoregression: steps it is fitted to, two seasons at least",
        .fallback = "240",
        .min = 10,
        .max = 20'000,
        .source = "[A] four hours of minutes",
        .unit = "steps"},
       weight_param("level_weight", "holt_winters: weight of the newest step in the level", "0.3"),
       weight_param("trend_weight", "holt_winters: the same in the trend", "0.05"),
       weight_param("season_weight", "holt_winters: the same in its place of the season", "0.2")},
      "0", "[A] none");
}

std::string PredictivePolicy::check(const ParamSet& params) {
  const double step_s = params.number("step");
  if (params.has("season") && params.number("season") / step_s > kMostSeasonSteps)
    return "season: more than 20000 steps long; lengthen step";
  if (params.has("season") && params.number("season") / step_s < 2)
    return "season: shorter than two steps; shorten step, or leave season out";
  if (params.number("horizon") / step_s > 1000) return "horizon: more than 1000 steps ahead; lengthen step";
  return {};
}

PredictivePolicy::PredictivePolicy(const ParamSet& params)
    : step_s_(params.number("step")),
      horizon_s_(params.number("horizon")),
      utilization_(params.number("utilization")),
      // From the last whole step to the one that `horizon` from now lies in: the running one is between.
      steps_ahead_(static_cast<int>(std::ceil(horizon_s_ / step_s_)) + 1),
      forecaster_(make_forecaster(params)),
      smoothing_(params) {
  if (params.has("rate")) rate_per_s_ = params.number("rate");
}

SignalNeeds PredictivePolicy::needs() const {
  SignalNeeds needs;
  needs.arrival_rate = true;
  needs.processing_time = !rate_per_s_;
  needs.window = to_duration(step_s_);
  return needs;
}

/// The step is over: its mean joins the series, and what was forecast for it is compared.
void PredictivePolicy::step_over(std::int64_t step, double value) {
  while (!expected_.empty() && expected_.front().step < step) expected_.pop_front();
  if (!expected_.empty() && expected_.front().step == step) {
    error_sum_ += std::abs(expected_.front().value - value);
    actual_sum_ += value;
    ++compared_;
    expected_.pop_front();
  }
  forecaster_->add(value);
  forecast_ = forecaster_->ahead(steps_ahead_);
  if (forecast_) expected_.push_back({step + steps_ahead_, *forecast_});
}

void PredictivePolicy::collect(double rate_per_s, double now_s) {
  const auto step = static_cast<std::int64_t>(std::floor(now_s / step_s_));
  if (step_ < 0) step_ = step;
  while (step_ < step) {  // a step without a sample repeats the last one
    if (samples_ > 0) step_over(step_, sum_ / samples_);
    ++step_;
    if (step_ < step) continue;
    sum_ = 0;
    samples_ = 0;
  }
  sum_ += rate_per_s;
  ++samples_;
}

double PredictivePolicy::one_replica_per_s(const Observation& seen) const {
  return rate_per_s_ ? *rate_per_s_ : std::max(1, seen.concurrency) / seen.processing_time_s;
}

std::string PredictivePolicy::error_text() const {
  if (compared_ == 0) return "not compared yet";
  std::array<char, 64> buffer{};
  const double share = actual_sum_ > 0 ? 100 * error_sum_ / actual_sum_ : 0;
  const int size = std::snprintf(buffer.data(), buffer.size(), "off by %.3g/s (%.0f %%) in the mean of %lld",
                                 error_sum_ / static_cast<double>(compared_), share, static_cast<long long>(compared_));
  return {buffer.data(), static_cast<std::size_t>(std::clamp(size, 0, 63))};
}

ScalingDecision PredictivePolicy::decide(const Observation& seen) {
  if (std::isnan(seen.arrival_rate_per_s)) return Smoothing::keep(seen, "no sample of the arrivals");
  collect(seen.arrival_rate_per_s, seen.now_s);
  const double one = one_replica_per_s(seen);
  if (!(one > 0) || !std::isfinite(one)) return Smoothing::keep(seen, "nothing served yet to tell a replica's rate");
  const double now = seen.arrival_rate_per_s;
  const double ahead = forecast_.value_or(now);
  const double wanted = std::max(now, ahead) / (one * utilization_);
  ScalingDecision decision = smoothing_.settle(
      seen, {.value = ahead, .target = std::max(1, seen.ready_replicas) * one * utilization_, .wanted = wanted});
  decision.reason += forecast_ ? "; forecast " + error_text() : "; no forecast yet";
  decision.inputs = "arrivals=" + rate_text(now) + " forecast=" + (forecast_ ? rate_text(ahead) : "none") +
                    " replica=" + rate_text(one);
  return decision;
}

std::string PredictivePolicy::closing_note() const {
  if (compared_ == 0) return "predictive: no forecast was compared with what came";
  return "predictive: forecasts for " + std::to_string(std::llround(horizon_s_)) + " s ahead were " + error_text();
}

}  // namespace windtunnel
