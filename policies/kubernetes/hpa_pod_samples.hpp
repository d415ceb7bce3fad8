// The samples a proposal is made of, and the ratio they have to their target: the part that differs between a
// utilization and an average.
#pragma once

#include <cstdint>
#include <vector>

#include "policies/kubernetes/hpa_proposal.hpp"

namespace windtunnel {

/// The metric map of replica_calculator.go: what is read first, and what missing and unready pods are given later.
class HpaPodSamples {
 public:
  explicit HpaPodSamples(const HpaPodTarget& target) : target_(target) {}

  void add(std::int64_t milli, std::int64_t request_milli);
  /// A sample of a pod nobody knows: counted, but without a request.
  void add_stranger(std::int64_t milli);

  [[nodiscard]] std::int64_t count() const { return known_ + strangers_; }
  /// Integers before the ratio (trap 1): whole percent, whole thousandths. Sets error, ratio and the reported figures.
  [[nodiscard]] HpaProposal measured() const;

 private:
  HpaPodTarget target_;
  std::int64_t known_ = 0, strangers_ = 0;
  std::int64_t sum_ = 0, stranger_sum_ = 0, requests_ = 0;
};

}  // namespace windtunnel
