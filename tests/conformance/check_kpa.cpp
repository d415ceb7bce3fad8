// Rows of the Knative Pod Autoscaler.
#include "policies/knative/kpa_decider.hpp"
#include "policies/knative/window_average.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// Later than every window before the row's own time 0.
constexpr SimTime kKpaZero = SimTime{std::chrono::hours(24)};

SimTime at(const Fields& step, const std::string& name) {
  return kKpaZero + step.seconds(name);
}

json check_kpa_steps(const Fields& row) {
  const Fields given = row.object("decider");
  KpaSpec spec;
  spec.target = given.number("target");
  spec.total = given.number("total");
  spec.target_burst_capacity = given.number("tbc");
  spec.panic_threshold = given.number("panic_threshold");
  spec.max_scale_up_rate = given.number("max_scale_up_rate");
  spec.max_scale_down_rate = given.number("max_scale_down_rate");
  spec.stable_window = given.seconds("stable_window_s");
  spec.reachable = given.boolean("reachable");
  spec.activation_scale = given.count("activation_scale", 1);
  spec.scale_down_delay = given.seconds("scale_down_delay_s", Duration{});
  const auto steps = row.objects("steps");
  json out = json::array();
  if (steps.empty()) return out;
  KpaDecider decider(spec, given.count("initial_ready_pods"), at(steps.front(), "t_s"));
  if (row.has("initial_panic_state")) {
    const Fields panic = row.object("initial_panic_state");
    decider.resume_panic(at(panic, "panic_started_s"), panic.count("max_panic_pods"));
  }
  for (const auto& step : steps) {
    const auto decision =
        decider.decide(step.number("stable"), step.number("panic"), step.count("ready_pods"), at(step, "t_s"));
    out.push_back({{"desired", decision.desired},
                   {"excess_burst_capacity", decision.excess_burst_capacity},
                   {"in_panic", decision.in_panic}});
  }
  return out;
}

json check_window_average(const Fields& row) {
  WindowAverage window(row.seconds("window_s"), row.seconds("granularity_s"));
  json out = json::array();
  for (const auto& step : row.objects("steps")) {
    if (step.text("op") == "record") {
      window.record(at(step, "t_s"), step.number("value"));
      out.push_back(nullptr);
    } else if (step.text("op") == "average") {
      out.push_back(window.average(at(step, "t_s")));
    } else {
      throw NotUnderstood(step.path() + ".op: " + step.text("op"));
    }
  }
  return out;
}

}  // namespace

void add_kpa(Registry& registry) {
  registry["kpa_steps"] = check_kpa_steps;
  registry["window_average"] = check_window_average;
}

}  // namespace windtunnel::conformance
