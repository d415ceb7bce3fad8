#include "policies/kubernetes/scalers/cron.hpp"

#include <cmath>

namespace windtunnel {

KedaReading CronScaler::read(double now_s) const {
  const CivilMinutes now = time_zero + static_cast<CivilMinutes>(std::floor(now_s / 60));
  const auto starts = start.next_after(now), ends = end.next_after(now);
  KedaReading out;
  out.active = ends && (!starts || *ends <= *starts);
  out.value = out.active ? static_cast<double>(desired_replicas) : 0;
  return out;
}

}  // namespace windtunnel
