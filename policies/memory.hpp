// memory: keep the memory of the GPUs under a model's replicas at a target share.
#pragma once

#include <vector>

#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// desired = ceil(ready * memory used / target). A caching allocator keeps its high-water mark, so the figure hardly
/// falls with the load: once up, the count tends to stay up. It is here because it is in use, not because it is good.
class MemoryPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "memory";
  static constexpr std::string_view kDoc = "keep the memory of the GPUs under a model's replicas at `target`";
  static std::vector<Param> params();

  explicit MemoryPolicy(const ParamSet& params) : target_(params.number("target")), smoothing_(params) {}
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;

 private:
  double target_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
