#include "policies/kubernetes/keda_hpa_metrics.hpp"

#include "policies/policy.hpp"

namespace windtunnel {

std::string KedaHpaMetrics::resources() const {
  std::string out;
  for (const auto& reading : resources_.read()) out += "; " + reading.text;
  return out;
}

HpaProposal KedaHpaMetrics::propose(std::size_t index, const HpaScale& scale, HpaTolerance tolerance) {
  const HpaMetricSpec& metric = hpa_.metrics[index];
  if (metric.kind == HpaMetricKind::resource) {
    auto proposal = resources_.propose(index, scale, tolerance);
    values_.push_back(resources_.read().back().value);
    return proposal;
  }
  const KedaMetric served = metrics_.serve(triggers_[index], moment_);
  if (!served.error.empty()) {
    values_.push_back(kNoSample);
    HpaProposal failed;
    failed.error = "unable to get external metric " + metric.name + ": " + served.error;
    return failed;
  }
  values_.push_back(static_cast<double>(served.milli) / 1000);
  if (metric.target != HpaTargetKind::value)
    return propose_from_average(served.milli, metric.target_milli, scale.status_replicas, tolerance);
  std::vector<HpaPod> pods;
  if (moment_.view != nullptr)
    for (const auto& pod : moment_.view->pods()) pods.push_back(hpa_pod_of(pod));
  return propose_from_value(served.milli, metric.target_milli, scale.spec_replicas,
                            static_cast<std::int64_t>(pods.size()), running_and_ready(pods), tolerance);
}

}  // namespace windtunnel
