// max and min: the largest, or smallest, wish of several policies.
#pragma once

#include <vector>

#include "policies/composition/parts.hpp"

namespace windtunnel {

class ExtremePolicy : public ScalingPolicy {
 public:
  static std::vector<Param> params();

  ExtremePolicy(const ParamSet& params, bool largest);
  [[nodiscard]] SignalNeeds needs() const override { return needs_of_all(parts_); }
  ScalingDecision decide(const Observation& seen) override;
  [[nodiscard]] std::string closing_note() const override;

 private:
  std::vector<NamedPolicy> parts_;
  bool largest_;
};

class MaxPolicy final : public ExtremePolicy {
 public:
  static constexpr std::string_view kName = "max";
  static constexpr std::string_view kDoc = "the largest wish of several policies, as a horizontal autoscaler's metrics";
  explicit MaxPolicy(const ParamSet& params) : ExtremePolicy(params, true) {}
};

class MinPolicy final : public ExtremePolicy {
 public:
  static constexpr std::string_view kName = "min";
  static constexpr std::string_view kDoc = "the smallest wish of several policies: one caps the other";
  explicit MinPolicy(const ParamSet& params) : ExtremePolicy(params, false) {}
};

}  // namespace windtunnel
