#include "models/sharing/exclusive.hpp"

#include <algorithm>

#include "models/sharing/admission.hpp"

namespace windtunnel {

void ExclusiveMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  std::fill_n(out.begin(), busy.size(), busy.empty() ? 0.0 : equal_rate(static_cast<int>(busy.size())));
}

MemoryVerdict ExclusiveMode::admit(const MemoryRequest& request) const {
  return device_verdict(request);
}

}  // namespace windtunnel
