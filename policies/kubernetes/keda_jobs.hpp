// How many jobs a ScaledJob creates at one poll: so many instances per message. Rules of
// pkg/scaling/scaledjob/metrics.go and pkg/scaling/executor/scale_jobs.go.
#pragma once

#include <cstdint>
#include <span>

namespace windtunnel {

enum class KedaJobStrategy : std::uint8_t {
  plain,     ///< "default": messages stay visible until their job is done
  custom,    ///< a deduction and a share of the running jobs
  accurate,  ///< messages leave the queue when they are picked up, so running jobs hold none of what is counted
  eager      ///< all slots that are free
};

struct KedaJobStrategySpec {
  KedaJobStrategy kind = KedaJobStrategy::plain;
  std::int64_t queue_length_deduction = 0;  ///< custom
  double running_job_percentage = 0;        ///< custom; 0.5 is half
};

/// Which trigger counts, where there are several.
enum class KedaJobCalculation : std::uint8_t { max, min, avg, sum };

struct KedaJobTrigger {
  double queue_length = 0;
  double target_average = 1;  ///< 0: its part of the maximum is 0
  bool active = false;
};

/// All triggers made one.
struct KedaJobDemand {
  bool active = false;
  std::int64_t queue_length = 0, max_scale = 0;  ///< after their ceilings
};

/// max and min choose by queue length, not by needed jobs: (100 waiting, 100 a job) beats (20, 1 a job) (trap 21).
/// @param most  maxReplicaCount - minReplicaCount
[[nodiscard]] KedaJobDemand keda_job_demand(std::span<const KedaJobTrigger> triggers, KedaJobCalculation calculation,
                                            std::int64_t min, std::int64_t most);

struct KedaJobState {
  std::int64_t running = 0;  ///< jobs not finished, pending ones included
  std::int64_t pending = 0;  ///< jobs none of whose pods runs or has succeeded
  std::int64_t min = 0, max = 100;
};

/// E of the reference: may be negative.
/// @param max_scale  of the demand
/// @param running    jobs beyond minReplicaCount
/// @param most       maxReplicaCount - minReplicaCount
[[nodiscard]] std::int64_t keda_effective_max_scale(const KedaJobStrategySpec& strategy, std::int64_t max_scale,
                                                    std::int64_t running, std::int64_t pending, std::int64_t most);

/// Jobs to create now; never negative.
[[nodiscard]] std::int64_t keda_jobs_to_create(const KedaJobStrategySpec& strategy, const KedaJobDemand& demand,
                                               const KedaJobState& state);

}  // namespace windtunnel
