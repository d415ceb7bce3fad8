// Trigger cron: so many replicas between two times.
#pragma once

#include <cstdint>

#include "policies/kubernetes/scalers/cron_schedule.hpp"
#include "policies/kubernetes/scalers/reading.hpp"

namespace windtunnel {

struct CronScaler {
  CronSchedule start, end;
  CivilMinutes time_zero = 0;  ///< what the clock on the trigger's wall shows at time 0
  std::int64_t desired_replicas = 1;
  /// Inside while the next end comes before the next start; outside it reads 0, and is not active.
  [[nodiscard]] KedaReading read(double now_s) const;
};

}  // namespace windtunnel
