// backlog_time: scale so that the backlog clears within a target time.
#pragma once

#include <optional>
#include <vector>

#include "policies/policy.hpp"
#include "policies/smoothing.hpp"

namespace windtunnel {

/// Time to clear the backlog, in seconds, by one of two spellings:
/// - processing time (seconds per query): backlog * processing_time / (max(1, ready) * concurrency);
/// - throughput (queries per second): backlog / throughput.
/// A figure may be given for either; with none it is measured. "backlog / processing time" is not a time and cannot be
/// written here: each parameter takes its own unit only.
class BacklogTimePolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "backlog_time";
  static constexpr std::string_view kDoc =
      "enough ready replicas that the backlog (queued + in service) clears within `target`";
  static std::vector<Param> params();
  /// The two spellings exclude each other. @return the problem and the way out, or empty
  static std::string check(const ParamSet& params);

  explicit BacklogTimePolicy(const ParamSet& params);
  [[nodiscard]] SignalNeeds needs() const override;
  ScalingDecision decide(const Observation& seen) override;

 private:
  enum class Spelling { processing_time, throughput };
  [[nodiscard]] double one_replica_s(const Observation& seen) const;

  double target_s_;
  Spelling spelling_;
  std::optional<double> figure_;  // seconds per query, or queries per second of one replica; none: measured
  Duration window_;
  Smoothing smoothing_;
};

}  // namespace windtunnel
