#include "policies/kubernetes/hpa_pod_samples.hpp"

namespace windtunnel {

void HpaPodSamples::add(std::int64_t milli, std::int64_t request_milli) {
  sum_ = add_milli(sum_, milli);
  requests_ = add_milli(requests_, request_milli);
  ++known_;
}

void HpaPodSamples::add_stranger(std::int64_t milli) {
  stranger_sum_ = add_milli(stranger_sum_, milli);
  ++strangers_;
}

HpaProposal HpaPodSamples::measured() const {
  HpaProposal out;
  if (count() == 0) {
    out.error = "did not receive metrics for targeted pods (pods might be unready)";
  } else if (target_.kind == HpaTargetKind::average_value) {
    out.average_milli = divide_milli(add_milli(sum_, stranger_sum_), count());
    out.ratio = static_cast<double>(*out.average_milli) / static_cast<double>(target_.milli);
  } else if (requests_ == 0) {
    out.error = "no metrics returned matched known pods";
  } else {
    out.utilization_percent = static_cast<std::int32_t>(divide_milli(times_milli(sum_, 100), requests_));
    out.average_milli = divide_milli(sum_, known_);
    out.ratio = static_cast<double>(*out.utilization_percent) / static_cast<double>(target_.percent);
  }
  return out;
}

}  // namespace windtunnel
