#include "policies/kubernetes/keda_metrics.hpp"

#include <fmt/format.h>

#include "policies/kubernetes/keda_value.hpp"

namespace windtunnel {

KedaMetrics::KedaMetrics(const KedaSpec& spec)
    : spec_(&spec), failures_(spec.triggers.size()), cache_(spec.triggers.size()), sources_(spec.triggers.size()) {}

// Without a whole modifier target KEDA takes the fallback for invalid.
std::optional<std::int32_t> KedaMetrics::failure_threshold() const {
  if (!spec_->fallback || (spec_->modifiers && !spec_->modifiers->whole_target)) return std::nullopt;
  return spec_->fallback->failure_threshold;
}

KedaObserved KedaMetrics::fall_back(const KedaTrigger& trigger, const Moment& moment, const std::string& error) const {
  KedaObserved out;
  if (spec_->fallback->behavior == KedaFallbackBehavior::trigger_becomes_nothing) {
    out.nothing = true;
    return out;
  }
  const bool composed = spec_->modifiers.has_value();
  const auto milli =
      keda_fallback_milli(*spec_->fallback, composed ? spec_->modifiers->metric_type : trigger.metric_type,
                          composed ? spec_->modifiers->target : trigger.target, moment.current, moment.ready);
  if (!milli) {
    out.error = "error performing fallback: no ready replica (" + error + ")";
    return out;
  }
  out.milli = *milli;
  out.fallback = true;
  return out;
}

// What a poll stored has been through the fallback already, and goes through it again (a cached synthetic value thus
// counts as a success).
KedaObserved KedaMetrics::observe(std::size_t trigger, const Moment& moment, const KedaObserved* cached) {
  KedaObserved out;
  if (cached != nullptr) {
    out = *cached;
  } else {
    const KedaReading reading = sources_.read(spec_->triggers[trigger], trigger, moment.view, moment.now_s);
    out.milli = keda_metric_milli(reading.value);
    out.active = reading.active;
    out.error = reading.error;
  }
  switch (keda_serve(failures_[trigger], !out.error.empty(), failure_threshold())) {
    case KedaServed::value: out.fallback = false; break;
    case KedaServed::error: break;
    case KedaServed::fallback: out = fall_back(spec_->triggers[trigger], moment, out.error); break;
  }
  if (moment.explained) note(spec_->triggers[trigger], out);
  return out;
}

void KedaMetrics::note(const KedaTrigger& trigger, const KedaObserved& observed) {
  if (!seen_.empty()) seen_ += ", ";
  seen_ += trigger.name.empty() ? trigger.type : trigger.name;
  if (!observed.error.empty()) {
    seen_ += ": " + observed.error;
  } else if (observed.nothing) {
    seen_ += "=nil";
  } else {
    seen_ += fmt::format("={}{}{}", static_cast<double>(observed.milli) / 1000, observed.active ? " active" : "",
                         observed.fallback ? " fallback" : "");
  }
}

KedaMetric KedaMetrics::compose(const std::vector<KedaObserved>& observed) const {
  KedaMetric out;
  std::vector<std::optional<double>> values;
  for (const auto& one : observed) {
    if (one.fallback) {  // the formula is left aside
      out.milli = one.milli;
      return out;
    }
    values.push_back(one.nothing ? std::nullopt : std::optional(static_cast<double>(one.milli) / 1000));
  }
  const auto result = spec_->modifiers->formula.evaluate(values);
  if (result.problem) {
    out.error = "error trying to run custom formula: " + result.problem->what;
  } else if (result.value) {
    out.milli = keda_composite_milli(*result.value);
  } else if (spec_->fallback) {
    out.milli = keda_composite_milli(spec_->fallback->replicas * spec_->modifiers->target);
  } else {
    out.error = "scalingModifiers formula evaluated to nil but no fallback is configured";
  }
  return out;
}

KedaMetrics::State KedaMetrics::poll(const Moment& moment) {
  State state;
  std::vector<KedaObserved> all;
  for (std::size_t i = 0; i < spec_->triggers.size(); ++i) {
    const KedaTrigger& trigger = spec_->triggers[i];
    if (trigger.is_resource()) continue;
    KedaObserved observed = observe(i, moment, nullptr);
    state.error = state.error || !observed.error.empty();
    state.fallback = state.fallback || observed.fallback;
    state.active = state.active || (observed.error.empty() && (observed.active || observed.fallback));
    if (trigger.use_cached_metrics) cache_[i] = observed;
    all.push_back(std::move(observed));
  }
  if (spec_->modifiers) {  // the composite decides, and an error is inactive
    state.active = false;
    if (!state.error) {
      const KedaMetric composite = compose(all);
      const double value = static_cast<double>(composite.milli) / 1000;
      state.active = composite.error.empty() && keda_is_active(value, spec_->modifiers->activation_target);
      if (moment.explained)
        seen_ += composite.error.empty() ? fmt::format(", composite={}", value) : ", " + composite.error;
    }
  }
  if (all.empty()) state.active = true;  // cpu and memory alone never go to zero
  return state;
}

KedaMetric KedaMetrics::serve(std::optional<std::size_t> trigger, const Moment& moment) {
  const auto cached = [&](std::size_t i) { return cache_[i] ? &*cache_[i] : nullptr; };
  KedaMetric out;
  if (trigger) {
    const KedaObserved observed = observe(*trigger, moment, cached(*trigger));
    out.milli = observed.milli;
    out.error = observed.error;
    return out;
  }
  std::vector<KedaObserved> all;
  std::string error;
  bool fallback = false;
  for (std::size_t i = 0; i < spec_->triggers.size(); ++i) {
    if (spec_->triggers[i].is_resource()) continue;
    all.push_back(observe(i, moment, cached(i)));
    if (error.empty()) error = all.back().error;
    fallback = fallback || all.back().fallback;
  }
  if (fallback || error.empty()) return compose(all);
  out.error = "metric:composite-metric encountered error: " + error;
  return out;
}

}  // namespace windtunnel
