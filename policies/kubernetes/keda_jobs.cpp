#include "policies/kubernetes/keda_jobs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace windtunnel {
namespace {

// Queue lengths are a broker's: whatever does not fit a count is as good as the largest.
std::int64_t ceil_count(double value) {
  constexpr double kMost = 1e15;
  return static_cast<std::int64_t>(std::ceil(std::clamp(value, -kMost, kMost)));
}

double needed(const KedaJobTrigger& trigger, double most) {
  return trigger.target_average == 0 ? 0 : std::min(trigger.queue_length / trigger.target_average, most);
}

}  // namespace

KedaJobDemand keda_job_demand(std::span<const KedaJobTrigger> triggers, KedaJobCalculation calculation,
                              std::int64_t min, std::int64_t most) {
  const auto limit = static_cast<double>(most);
  KedaJobDemand demand;
  double length = 0, jobs = 0;
  int active = 0;
  for (const auto& trigger : triggers) {
    if (!trigger.active) continue;
    const double its_jobs = needed(trigger, limit);
    const bool adds = calculation == KedaJobCalculation::avg || calculation == KedaJobCalculation::sum;
    // The first listed stays among equals; under min a held 0 gives way, under max a length of 0 never counts.
    const bool replaces = calculation == KedaJobCalculation::min ? length == 0 || trigger.queue_length < length
                                                                 : trigger.queue_length > length;
    if (adds) {
      length += trigger.queue_length;
      jobs += its_jobs;
    } else if (replaces) {
      length = trigger.queue_length;
      jobs = its_jobs;
    }
    demand.active = demand.active || adds || replaces;
    ++active;
  }
  if (calculation == KedaJobCalculation::avg && active > 0) {
    length /= active;
    jobs /= active;
  }
  demand.active = demand.active || min > 0;
  demand.queue_length = ceil_count(length);
  demand.max_scale = ceil_count(std::min(jobs, limit));
  return demand;
}

std::int64_t keda_effective_max_scale(const KedaJobStrategySpec& strategy, std::int64_t max_scale, std::int64_t running,
                                      std::int64_t pending, std::int64_t most) {
  switch (strategy.kind) {
    case KedaJobStrategy::plain: break;
    case KedaJobStrategy::custom: {
      const double counted = static_cast<double>(running) * strategy.running_job_percentage;
      return std::min(max_scale - strategy.queue_length_deduction - static_cast<std::int64_t>(counted), most);
    }
    case KedaJobStrategy::accurate: return max_scale + running - pending > most ? most - running : max_scale - pending;
    case KedaJobStrategy::eager: return std::min(most - running - pending, max_scale);
  }
  return max_scale - running;
}

std::int64_t keda_jobs_to_create(const KedaJobStrategySpec& strategy, const KedaJobDemand& demand,
                                 const KedaJobState& state) {
  if (!demand.active) return 0;
  if (state.running < state.min) return state.min - state.running;
  const std::int64_t most = state.max - state.min;
  const std::int64_t room =
      keda_effective_max_scale(strategy, demand.max_scale, state.running - state.min, state.pending, most);
  const std::int64_t wanted = strategy.kind == KedaJobStrategy::eager ? most : demand.queue_length;
  return std::max<std::int64_t>(0, std::min(wanted, room));
}

}  // namespace windtunnel
