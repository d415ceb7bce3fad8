// keda_job: a ScaledJob. Each poll creates jobs; a job takes its messages and ends by itself.
#pragma once

#include <vector>

#include "policies/kubernetes/keda_spec.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

class KedaJobPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "keda_job";
  static constexpr std::string_view kDoc =
      "a ScaledJob of KEDA, verbatim: polls create jobs, which take so many messages and end";
  static std::vector<Param> params();

  explicit KedaJobPolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  [[nodiscard]] std::optional<Duration> poll_interval() const override { return spec_.polling_interval; }
  std::optional<ScalingDecision> poll(const Observation& seen) override;
  /// There is no HPA.
  [[nodiscard]] bool decides() const override { return false; }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] int queries_per_replica() const override { return messages_; }
  [[nodiscard]] std::string_view loop_name(bool) const override { return "keda"; }

 private:
  [[nodiscard]] std::int64_t pending_jobs(const Observation& seen) const;

  KedaJobSpec spec_;
  KedaSources sources_;
  int messages_;
};

}  // namespace windtunnel
