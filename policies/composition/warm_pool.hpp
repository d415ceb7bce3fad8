// warm_pool: so many replicas more than have work.
#pragma once

#include <vector>

#include "policies/composition/parts.hpp"

namespace windtunnel {

/// At least the replicas that the queries now in the system fill, and `spare` (or `spare_share` of them) on top.
class WarmPoolPolicy final : public WrappedPolicy {
 public:
  static constexpr std::string_view kName = "warm_pool";
  static constexpr std::string_view kDoc = "a policy's wish, but always so many spare replicas beyond those with work";
  static std::vector<Param> params();

  explicit WarmPoolPolicy(const ParamSet& params);
  ScalingDecision decide(const Observation& seen) override;

 private:
  int spare_;
  double share_;
};

}  // namespace windtunnel
