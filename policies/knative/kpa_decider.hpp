// The Knative Pod Autoscaler's decision: two averages in, a number of pods out. Rules of
// pkg/autoscaler/scaling/autoscaler.go and pkg/autoscaler/aggregation/max.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "sim/core/time.hpp"

namespace windtunnel {

struct KpaSpec {
  double target = 70;                  ///< of one pod, as it is aimed at: total times the utilization, above 0
  double total = 100;                  ///< of one pod
  double target_burst_capacity = 211;  ///< 0: never through the activator; -1: always
  double panic_threshold = 2;          ///< pods wanted over pods ready
  double max_scale_up_rate = 1000, max_scale_down_rate = 2;  ///< above 1
  Duration stable_window = std::chrono::seconds(60);
  Duration scale_down_delay{};
  std::int32_t activation_scale = 1;
  bool reachable = true;
};

struct KpaDecision {
  std::int32_t desired = 0;                ///< before min-scale and max-scale
  std::int32_t excess_burst_capacity = 0;  ///< below 0: the activator stays in the way of requests
  bool in_panic = false;
  bool shrink_held = false;  ///< by the panic or by scale-down-delay
};

class KpaDecider {
 public:
  /// With more than one pod ready it starts in panic: its history was lost (trap 24).
  KpaDecider(const KpaSpec& spec, std::int32_t ready_pods, SimTime now);

  /// @param stable, panic  averages of the total concurrency or rate over the two windows
  [[nodiscard]] KpaDecision decide(double stable, double panic, std::int32_t ready_pods, SimTime now);

  /// As if a panic had begun then with that many pods at most.
  void resume_panic(SimTime began, std::int32_t most);

 private:
  [[nodiscard]] std::int32_t held_by_delay(std::int32_t wanted, SimTime now);

  struct Want {
    std::int64_t bucket;
    std::int32_t pods;
  };
  KpaSpec spec_;
  std::optional<SimTime> panic_began_;
  std::int32_t panic_most_ = 0;
  std::deque<Want> wants_;  ///< falling counts: the first is the largest of the delay
};

/// How often the autoscaler decides.
inline constexpr Duration kKpaTick = std::chrono::seconds(2);

}  // namespace windtunnel
