// What CloudWatch knows of one running instance.
#pragma once

#include <cstdint>

#include "policies/policy.hpp"

namespace windtunnel {

/// One data point a minute is CloudWatch's usual period.
inline constexpr Duration kCloudWatchPeriod = std::chrono::minutes(1);

class InstanceMetric {
 public:
  /// The parameter that chooses among them.
  static Param param();
  explicit InstanceMetric(const ParamSet& params);

  void ask_for(SignalNeeds& needs) const;
  /// NaN: no data. With no instance running the figure is that of one.
  [[nodiscard]] double of(const Observation& seen) const;

 private:
  enum class Kind : std::uint8_t { backlog, concurrency, invocations, gpu_utilization };
  Kind kind_;
};

}  // namespace windtunnel
