// hysteresis: a wish counts only when it is far enough from the count, and for long enough.
#pragma once

#include <deque>
#include <vector>

#include "policies/composition/parts.hpp"

namespace windtunnel {

/// Up: the wish is above count * (1 + up), and the count rises to the lowest wish of the last `up_after`.
/// Down: the wish is below count * (1 - down), and the count falls to the highest wish of the last `down_after`.
class HysteresisPolicy final : public WrappedPolicy {
 public:
  static constexpr std::string_view kName = "hysteresis";
  static constexpr std::string_view kDoc = "a policy's wish counts only far enough from the count, for long enough";
  static std::vector<Param> params();

  explicit HysteresisPolicy(const ParamSet& params);
  ScalingDecision decide(const Observation& seen) override;

 private:
  struct Wish {
    double at_s;
    int desired;
  };
  double up_, down_, up_after_s_, down_after_s_;
  std::deque<Wish> recent_;
};

}  // namespace windtunnel
