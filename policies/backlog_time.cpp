#include "policies/backlog_time.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

std::vector<Param> BacklogTimePolicy::params() {
  return with_smoothing(
      {{.name = "target",
        .type = ParamType::duration,
        .doc = "time within which the backlog shall clear",
        .fallback = "5s",
        .min = 0,
        .min_exclusive = true,
        .source = "[A] what a platform team asks of most of its models"},
       {.name = "processing_time",
        .type = ParamType::duration,
        .doc = "seconds one query takes; left out: measured",
        .optional = true,
        .min = 0,
        .min_exclusive = true,
        .wrong_unit_hint = "processing_time is seconds per query; a rate in queries per second is written under "
                           "throughput, e.g. throughput: 3/s"},
       {.name = "throughput",
        .type = ParamType::rate,
        .doc = "queries per second of one ready replica, its whole concurrency included; left out: see measure",
        .optional = true,
        .min = 0,
        .min_exclusive = true,
        .wrong_unit_hint = "throughput is queries per second of one replica; a time per query is written under "
                           "processing_time, e.g. processing_time: 330ms"},
       {.name = "measure",
        .type = ParamType::choice,
        .doc = "what to measure when no figure is given: mean service time, or completions per second of the whole "
               "model. Below saturation the second equals the load, so the quotient is the response time (Little's "
               "law) and never falls below the service time",
        .fallback = "processing_time",
        .choices = {"processing_time", "throughput"},
        .source = "[A]"},
       {.name = "window",
        .type = ParamType::duration,
        .doc = "window of the measurement; unused when a figure is given",
        .fallback = "1m",
        .min = 0,
        .min_exclusive = true,
        .source = "[A]"}},
      "0", "[A] none: the rule is exact");
}

std::string BacklogTimePolicy::check(const ParamSet& params) {
  const bool has_time = params.has("processing_time");
  const bool has_rate = params.has("throughput");
  if (has_time && has_rate)
    return "processing_time and throughput are both given; they say the same thing twice: keep processing_time "
           "(seconds per query) or throughput (queries per second of one replica)";
  if (params.given("measure") && has_time && params.text("measure") == "throughput")
    return "measure: throughput contradicts the given processing_time; drop one of the two";
  if (params.given("measure") && has_rate && params.text("measure") == "processing_time")
    return "measure: processing_time contradicts the given throughput; drop one of the two";
  return {};
}

BacklogTimePolicy::BacklogTimePolicy(const ParamSet& params)
    : target_s_(params.number("target")), spelling_(), window_(params.duration("window")), smoothing_(params) {
  if (params.has("processing_time")) {
    spelling_ = Spelling::processing_time;
    figure_ = params.number("processing_time");
  } else if (params.has("throughput")) {
    spelling_ = Spelling::throughput;
    figure_ = params.number("throughput");
  } else {
    spelling_ = params.text("measure") == "throughput" ? Spelling::throughput : Spelling::processing_time;
  }
}

SignalNeeds BacklogTimePolicy::needs() const {
  SignalNeeds needs;
  needs.window = window_;
  needs.processing_time = !figure_ && spelling_ == Spelling::processing_time;
  needs.throughput = !figure_ && spelling_ == Spelling::throughput;
  return needs;
}

/// Seconds one replica alone would need for the backlog; NaN or infinite where nothing was measured.
double BacklogTimePolicy::one_replica_s(const Observation& seen) const {
  if (spelling_ == Spelling::processing_time)
    return seen.backlog * figure_.value_or(seen.processing_time_s) / std::max(1, seen.concurrency);
  if (figure_) return seen.backlog / *figure_;
  return std::max(1, seen.ready_replicas) * (seen.backlog / seen.throughput_per_s);  // measured: of the whole model
}

ScalingDecision BacklogTimePolicy::decide(const Observation& seen) {
  if (std::isnan(seen.backlog)) return Smoothing::keep(seen, "no sample of the backlog");
  if (seen.backlog <= 0) return smoothing_.settle(seen, {.value = 0, .target = target_s_, .wanted = 0});
  const double alone_s = one_replica_s(seen);
  if (!std::isfinite(alone_s)) return Smoothing::keep(seen, "a backlog, but no completions to measure", alone_s);
  return smoothing_.settle(
      seen, {.value = alone_s / std::max(1, seen.ready_replicas), .target = target_s_, .wanted = alone_s / target_s_});
}

}  // namespace windtunnel
