#include "policies/kubernetes/keda_fallback.hpp"

#include <algorithm>

#include "policies/kubernetes/hpa_number.hpp"

namespace windtunnel {

KedaServed keda_serve(std::int32_t& failures, bool failed, std::optional<std::int32_t> threshold) {
  if (!failed) {
    failures = 0;
    return KedaServed::value;
  }
  if (!threshold) return KedaServed::error;
  failures += failures < std::numeric_limits<std::int32_t>::max() ? 1 : 0;
  return failures > *threshold ? KedaServed::fallback : KedaServed::error;
}

std::optional<std::int64_t> keda_fallback_milli(const KedaFallback& fallback, HpaTargetKind kind, double target,
                                                std::int32_t current, std::int32_t ready) {
  double replicas = fallback.replicas;
  switch (fallback.behavior) {
    case KedaFallbackBehavior::current_replicas: replicas = current; break;
    case KedaFallbackBehavior::current_if_higher: replicas = std::max(current, fallback.replicas); break;
    case KedaFallbackBehavior::current_if_lower: replicas = std::min(current, fallback.replicas); break;
    case KedaFallbackBehavior::fixed:
    case KedaFallbackBehavior::trigger_becomes_nothing: break;
  }
  if (kind == HpaTargetKind::value) {
    if (ready <= 0) return std::nullopt;
    replicas /= ready;
  }
  const double thousandths = target * 1000;
  return to_milli(thousandths * replicas);  // truncates: 3 * 1000 * (23 / 5) is 13799
}

}  // namespace windtunnel
