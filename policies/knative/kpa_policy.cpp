#include "policies/knative/kpa_policy.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace windtunnel {
namespace {

constexpr Duration kScrape = std::chrono::seconds(1);
constexpr Duration kActivator = std::chrono::milliseconds(100);

SimTime kpa_instant(const Observation& seen) {
  return SimTime{to_duration(seen.now_s)};
}

// At least a second, in whole ones.
Duration panic_window(const ParamSet& params) {
  const double window_s = params.number("stable_window") * params.number("panic_window_percentage") / 100;
  return std::chrono::seconds(std::max<std::int64_t>(1, std::llround(window_s)));
}

Duration whole_window(const ParamSet& params) {
  return std::chrono::ceil<std::chrono::seconds>(params.duration("stable_window"));
}

KpaSpec kpa_spec(const ParamSet& params) {
  KpaSpec spec;
  const bool rps = params.text("metric") == "rps";
  spec.total = params.has("target") ? params.number("target") : rps ? 200 : 100;
  if (params.has("container_concurrency") && !rps) {
    const double limit = params.number("container_concurrency");
    spec.total = params.has("target") ? std::min(limit, spec.total) : limit;
  }
  spec.target = std::max(0.01, spec.total * params.number("target_utilization"));
  spec.target_burst_capacity = params.number("target_burst_capacity");
  spec.panic_threshold = params.number("panic_threshold_percentage") / 100;
  spec.max_scale_up_rate = params.number("max_scale_up_rate");
  spec.max_scale_down_rate = params.number("max_scale_down_rate");
  spec.stable_window = params.duration("stable_window");
  spec.scale_down_delay = params.duration("scale_down_delay");
  spec.activation_scale = params.integer("activation_scale");
  return spec;
}

ScaleToZeroSpec zero_spec(const ParamSet& params) {
  return {.enabled = params.boolean("enable_scale_to_zero"),
          .stable_window = params.duration("stable_window"),
          .grace_period = params.duration("scale_to_zero_grace_period"),
          .pod_retention = params.duration("scale_to_zero_pod_retention_period")};
}

Param kpa_number(std::string_view name, std::string_view doc, std::string_view fallback, double min,
                 std::string_view source) {
  return {.name = name, .type = ParamType::number, .doc = doc, .fallback = fallback, .min = min, .source = source};
}

Param kpa_duration(std::string_view name, std::string_view doc, std::string_view fallback, double min, double max,
                   std::string_view source) {
  return {.name = name,
          .type = ParamType::duration,
          .doc = doc,
          .fallback = fallback,
          .min = min,
          .max = max,
          .source = source};
}

constexpr std::string_view kConfigMap = "[S] config-autoscaler";

}  // namespace

std::vector<Param> KpaPolicy::params() {
  return {
      {.name = "metric",
       .type = ParamType::choice,
       .doc = "what is held at the target: requests in flight, or arrivals per second",
       .fallback = "concurrency",
       .choices = {"concurrency", "rps"},
       .source = kConfigMap},
      {.name = "target",
       .type = ParamType::number,
       .doc = "of one pod, autoscaling.knative.dev/target; left out: 100 requests, or 200 per second",
       .optional = true,
       .min = 0.01},
      {.name = "container_concurrency",
       .type = ParamType::number,
       .doc = "containerConcurrency of the revision: the most requests of one pod; left out: no limit",
       .optional = true,
       .min = 1},
      {.name = "target_utilization",
       .type = ParamType::share,
       .doc = "of the target, that is aimed at",
       .fallback = "0.7",
       .source = "[S] container-concurrency-target-percentage"},
      kpa_number("target_burst_capacity", "burst kept free; while it is not, requests go by the activator. -1: always",
                 "211", -1, kConfigMap),
      kpa_duration("stable_window", "of the average out of panic", "60s", 6, 3600, kConfigMap),
      {.name = "panic_window_percentage",
       .type = ParamType::number,
       .doc = "of the stable window: over which the average in panic is taken, at least 1 s",
       .fallback = "10",
       .min = 1,
       .max = 100,
       .source = kConfigMap},
      kpa_number("panic_threshold_percentage", "pods wanted over pods ready, from which on there is panic", "200", 110,
                 kConfigMap),
      kpa_number("max_scale_up_rate", "times the ready pods, at most, in one decision", "1000", 1.01, kConfigMap),
      kpa_number("max_scale_down_rate", "the ready pods over this, at least", "2", 1.01, kConfigMap),
      kpa_duration("scale_down_delay", "the count falls to the largest wanted within it", "0s", 0, 3600, kConfigMap),
      {.name = "activation_scale",
       .type = ParamType::integer,
       .doc = "pods at least when there are any",
       .fallback = "1",
       .min = 1,
       .max = 1000000,
       .source = kConfigMap},
      {.name = "enable_scale_to_zero",
       .type = ParamType::boolean,
       .doc = "whether the last pod may go (with min: 0)",
       .fallback = "true",
       .source = kConfigMap},
      kpa_duration("scale_to_zero_grace_period", "for the activator to be in the way before the last pod goes", "30s",
                   6, 86400, kConfigMap),
      kpa_duration("scale_to_zero_pod_retention_period", "the last pod is kept so long at least", "0s", 0, 86400,
                   kConfigMap)};
}

std::string KpaPolicy::check(const ParamSet& params) {
  if (params.has("container_concurrency") && params.text("metric") == "rps")
    return "container_concurrency limits no rate; remove it, or choose metric: concurrency";
  if (params.given("interval") && params.duration("interval") != kKpaTick)
    return "Knative decides every 2 s; remove interval";
  return {};
}

KpaPolicy::KpaPolicy(const ParamSet& params)
    : spec_(kpa_spec(params)),
      per_second_(params.text("metric") == "rps"),
      stable_(whole_window(params)),
      panic_(panic_window(params)),
      to_zero_(zero_spec(params)) {}

SignalNeeds KpaPolicy::needs() const {
  SignalNeeds needs;
  needs.metrics = true;
  return needs;
}

std::optional<Duration> KpaPolicy::poll_interval() const {
  return at_zero_ ? kActivator : kScrape;
}

// Requests at the pods and at the activator: all of a model's queue is at one of the two. The collector asks them
// itself, so a figure read just now goes before a broker's, which is renewed now and then.
std::optional<double> KpaPolicy::measure(const Observation& seen) {
  const bool just_read = seen.sampled_at_s == seen.now_s || seen.metrics == nullptr;
  if (!per_second_ && just_read) return std::isnan(seen.backlog) ? std::nullopt : std::optional(seen.backlog);
  QueueView queue;
  if (seen.metrics == nullptr || seen.metrics->queue(queue).failed()) return std::nullopt;
  return per_second_ ? queue.published_per_s : queue.ready + queue.unacknowledged;
}

std::optional<ScalingDecision> KpaPolicy::poll(const Observation& seen) {
  const SimTime now = kpa_instant(seen);
  if (!decider_) decider_.emplace(spec_, seen.ready_replicas, now);
  at_zero_ = seen.current_replicas == 0;
  const auto value = measure(seen);
  if (!value) return std::nullopt;
  const std::int64_t second = now.time_since_epoch() / kScrape;
  const bool poke = at_zero_ && *value > 0;
  if (recorded_ == second && !poke) return std::nullopt;
  recorded_ = second;
  stable_.record(now, *value);
  panic_.record(now, *value);
  if (!poke) return std::nullopt;
  auto decision = decide(seen);
  at_zero_ = decision.desired_replicas == 0;
  return decision;
}

ScalingDecision KpaPolicy::decide(const Observation& seen) {
  const SimTime now = kpa_instant(seen);
  ScalingDecision out;
  out.desired_replicas = seen.current_replicas;
  if (!decider_ || stable_.is_empty(now)) {
    out.reason = "NoData";
    out.value = kNoSample;
    return out;
  }
  const double stable = stable_.average(now), panic = panic_.average(now);
  const KpaDecision decision = decider_->decide(stable, panic, seen.ready_replicas, now);
  const auto step = to_zero_.step(decision.desired, seen.current_replicas, seen.ready_replicas,
                                  decision.excess_burst_capacity < 0, now);
  out.desired_replicas = step.replicas;
  out.value = decision.in_panic ? std::max(stable, panic) : stable;
  out.reason = decision.in_panic ? "panic" : "stable";
  out.proposed = decision.desired;
  out.limits = std::string(step.held_by);
  if (decision.shrink_held) out.limits += out.limits.empty() ? "held up by the past" : ", held up by the past";
  out.inputs = fmt::format("stable {}, panic {}, ready {}, target {}, excess burst capacity {}", stable, panic,
                           seen.ready_replicas, spec_.target, decision.excess_burst_capacity);
  return out;
}

}  // namespace windtunnel
