#include "policies/response_time.hpp"

namespace windtunnel {

double quantile_of(std::string_view statistic) {
  if (statistic == "p50") return 0.50;
  if (statistic == "p95") return 0.95;
  if (statistic == "p99") return 0.99;
  return -1;  // the mean
}

Param statistic_param() {
  return {.name = "statistic",
          .type = ParamType::choice,
          .doc = "what of the response times in the window",
          .fallback = "p95",
          .choices = {"mean", "p50", "p95", "p99"},
          .source = "[A]"};
}

Param response_window_param() {
  return {.name = "window",
          .type = ParamType::duration,
          .doc = "window of completed queries",
          .fallback = "1m",
          .min = 0,
          .min_exclusive = true,
          .source = "[A] the usual rate window of a Prometheus rule"};
}

std::vector<Param> ResponseTimePolicy::params() {
  return with_smoothing({{.name = "target",
                          .type = ParamType::duration,
                          .doc = "response time (queueing delay + service time) to keep to",
                          .min = 0,
                          .min_exclusive = true},
                         statistic_param(),
                         response_window_param()},
                        "0.1", "[S] the horizontal autoscaler's default");
}

ResponseTimePolicy::ResponseTimePolicy(const ParamSet& params)
    : target_s_(params.number("target")),
      quantile_(quantile_of(params.text("statistic"))),
      window_(params.duration("window")),
      smoothing_(params) {}

SignalNeeds ResponseTimePolicy::needs() const {
  SignalNeeds needs;
  needs.response_time = true;
  needs.response_quantile = quantile_;
  needs.window = window_;
  return needs;
}

ScalingDecision ResponseTimePolicy::decide(const Observation& seen) {
  return smoothing_.settle_ratio(seen, seen.response_time_s, target_s_);
}

}  // namespace windtunnel
