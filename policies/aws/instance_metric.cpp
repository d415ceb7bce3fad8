#include "policies/aws/instance_metric.hpp"

#include <algorithm>

#include "policies/aws/target_tracking.hpp"

namespace windtunnel {

Param InstanceMetric::param() {
  return {.name = "metric",
          .type = ParamType::choice,
          .doc =
              "of one running instance: messages waiting, queries in service, completions per minute, or GPU "
              "utilization [0, 1] of the device",
          .fallback = "invocations",
          .choices = {"backlog", "concurrency", "invocations", "gpu_utilization"},
          .source = "[S] SageMakerVariantInvocationsPerInstance is the predefined one"};
}

InstanceMetric::InstanceMetric(const ParamSet& params) : kind_(Kind::gpu_utilization) {
  const std::string& name = params.text("metric");
  if (name == "backlog") kind_ = Kind::backlog;
  if (name == "concurrency") kind_ = Kind::concurrency;
  if (name == "invocations") kind_ = Kind::invocations;
}

void InstanceMetric::ask_for(SignalNeeds& needs) const {
  needs.throughput = kind_ == Kind::invocations;
  needs.gpu = kind_ == Kind::gpu_utilization;
  needs.window = kCloudWatchPeriod;
}

double InstanceMetric::of(const Observation& seen) const {
  const double instances = std::max(1, seen.ready_replicas);
  switch (kind_) {
    case Kind::backlog: return backlog_per_instance(seen.queued, seen.ready_replicas);
    case Kind::concurrency: return seen.in_service / instances;
    case Kind::invocations: return seen.throughput_per_s * 60 / instances;
    case Kind::gpu_utilization: break;
  }
  return seen.gpu_utilization;
}

}  // namespace windtunnel
