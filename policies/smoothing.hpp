// What every metric policy shares: rounding up to replicas, tolerance, and the scale-down stabilization window.
#pragma once

#include <deque>
#include <limits>
#include <string_view>
#include <vector>

#include "policies/policy.hpp"

namespace windtunnel {

/// No decision asks for more; min and max of the scaling block are far below.
inline constexpr int kMostReplicas = 1'000'000;

/// Smallest whole number of replicas not below `wanted`, in [0, kMostReplicas]; infinity gives the most, NaN is
/// refused. A part in 1e9 above a whole number is taken for rounding, so that 3 * 0.1 / 0.1 is 3 and not 4.
int whole_replicas(double wanted);

/// What a rule says before it is smoothed.
struct Proposal {
  double value = 0;   ///< the metric, in the target's unit
  double target = 1;  ///< above 0
  double wanted = 0;  ///< replicas, not yet rounded up
};

/// `own` parameters followed by `tolerance` and `scale_down_after`.
/// @param tolerance  default of the tolerance, as a user would write it
std::vector<Param> with_smoothing(std::vector<Param> own, std::string_view tolerance, std::string_view source);

/// Turns proposals into decisions. Rules as in Kubernetes' horizontal autoscaler:
/// - tolerance t > 0: a ratio value / target in [1 - t, 1 + t], both ends included, proposes the current count;
/// - scale-down window W > 0: the count falls to the highest proposal made after now - W and never rises because of
///   an old one; the first decision records the current count, so a start is held for W.
/// And one of our own: with a backlog there is always at least one replica to clear it.
class Smoothing {
 public:
  explicit Smoothing(const ParamSet& params);

  [[nodiscard]] ScalingDecision settle(const Observation& seen, const Proposal& proposal);

  /// desired = ceil(ready * value / target), the horizontal autoscaler's rule for a figure averaged over replicas.
  /// Without a sample or without a ready replica it keeps the count.
  [[nodiscard]] ScalingDecision settle_ratio(const Observation& seen, double value, double target);

  /// The count stays (at least 1 with a backlog) and nothing is recorded: what a controller does without its metric.
  [[nodiscard]] static ScalingDecision keep(const Observation& seen, std::string_view reason,
                                            double value = std::numeric_limits<double>::quiet_NaN());

 private:
  struct Record {
    Duration at;
    int desired;
  };
  [[nodiscard]] int stabilized(const Observation& seen, int desired);

  double tolerance_;
  Duration scale_down_after_;
  std::deque<Record> recent_;  // falling counts, rising times: the first is the highest of the window
};

}  // namespace windtunnel
