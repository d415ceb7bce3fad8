// fixed: always the same number of replicas.
#pragma once

#include <vector>

#include "policies/policy.hpp"

namespace windtunnel {

class FixedPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "fixed";
  static constexpr std::string_view kDoc = "always the same number of replicas";
  static std::vector<Param> params();

  explicit FixedPolicy(const ParamSet& params) : replicas_(params.integer("replicas")) {}
  ScalingDecision decide(const Observation& seen) override;

 private:
  int replicas_;
};

}  // namespace windtunnel
