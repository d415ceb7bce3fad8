#include "models/latency/batch_time.hpp"

#include <algorithm>

namespace windtunnel {

double BatchTime::time_s(double items, double share) const {
  return std::visit([&](const auto& form) { return form.time_s(items, share); }, form_);
}

double BatchTime::work_s(double items) const {
  return std::visit([&](const auto& form) { return form.work_s(items); }, form_);
}

double BatchTime::useful_share(double items, double cap) const {
  const double time = time_s(items, cap);
  return time > 0 ? std::min(cap, work_s(items) / time) : 0;
}

}  // namespace windtunnel
