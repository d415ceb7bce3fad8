#include "models/sharing/hard_limit.hpp"

#include <algorithm>

#include "models/sharing/admission.hpp"

namespace windtunnel {

std::vector<Param> HardLimitMode::params() {
  std::vector<Param> params{{.name = "memory_limit",
                             .type = ParamType::bytes,
                             .doc = "limit of one replica, its context counted. Left out: device memory / replicas",
                             .optional = true,
                             .min = 0,
                             .min_exclusive = true,
                             .source = "[A] as the device plugin divides memory"},
                            {.name = "overhead",
                             .type = ParamType::number,
                             .doc = "GPU work added by interception, as a share of it",
                             .fallback = "0.02",
                             .min = 0,
                             .max = 10,
                             .source = "[A] projects report 0-5 % for DNN work [R]"},
                            {.name = "compute_share",
                             .type = ParamType::share,
                             .doc = "duty-cycle cap: largest share of GPU time one replica gets, even alone",
                             .fallback = "1",
                             .source = "[A] no cap"}};
  for (auto& param : SliceCosts::params()) params.push_back(param);
  return params;
}

HardLimitMode::HardLimitMode(const SharingSpec& spec)
    : costs_(spec.params),
      overhead_(spec.params.number("overhead")),
      compute_share_(spec.params.number("compute_share")) {
  if (spec.params.has("memory_limit")) memory_limit_ = spec.params.bytes("memory_limit");
}

double HardLimitMode::equal_rate(int k) const {
  const double share = std::min(compute_share_, 1.0 / k);
  return k == 1 ? share : share * costs_.shared_efficiency;
}

void HardLimitMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  std::fill_n(out.begin(), busy.size(), busy.empty() ? 0.0 : equal_rate(static_cast<int>(busy.size())));
}

MemoryVerdict HardLimitMode::admit(const MemoryRequest& request) const {
  if (request.own_limit && request.own_used + request.asked > *request.own_limit) return MemoryVerdict::own_limit;
  return device_verdict(request);
}

std::optional<Bytes> HardLimitMode::default_limit(Bytes usable, int replicas) const {
  return memory_limit_ ? *memory_limit_ : equal_part(usable, replicas);
}

}  // namespace windtunnel
