// Which ready replica a query is sent to, where it is sent at all rather than pulled.
#pragma once

#include <cstdint>
#include <span>

#include "sim/core/rng.hpp"
#include "sim/core/units.hpp"
#include "sim/serving/spec.hpp"

namespace windtunnel {

class Dispatcher {
 public:
  Dispatcher(DispatchKind kind, Rng rng) : kind_(kind), rng_(rng) {}

  /// @param ready        replicas that take work, ascending; not empty
  /// @param outstanding  queries queued at or in service on each replica, by replica id
  [[gnu::always_inline]] ReplicaId choose(std::span<const ReplicaId> ready,
                                          std::span<const std::uint32_t> outstanding) {
    if (kind_ == DispatchKind::power_of_two) return power_of_two(ready, outstanding);
    return choose_other(ready, outstanding);
  }

 private:
  [[gnu::noinline]] ReplicaId choose_other(std::span<const ReplicaId> ready,
                                           std::span<const std::uint32_t> outstanding) {
    const auto n = static_cast<std::uint32_t>(ready.size());
    switch (kind_) {
      case DispatchKind::random: return ready[rng_.below(n)];
      case DispatchKind::round_robin: return ready[turn_++ % n];
      case DispatchKind::least_outstanding: return least(ready, outstanding);
      case DispatchKind::shortest_queue: return shortest(ready, outstanding);
      case DispatchKind::power_of_two:
      case DispatchKind::pull: break;
    }
    return ready[0];
  }

  /// The less loaded of two drawn without replacement; equal loads go to the first drawn.
  ReplicaId power_of_two(std::span<const ReplicaId> ready, std::span<const std::uint32_t> outstanding) {
    const auto n = static_cast<std::uint32_t>(ready.size());
    const std::uint32_t i = rng_.below(n);
    if (n == 1) return ready[i];
    std::uint32_t j = rng_.below(n - 1);
    if (j >= i) ++j;
    return outstanding[ready[j]] < outstanding[ready[i]] ? ready[j] : ready[i];
  }

  /// Fewest outstanding; equal ones in turn, as load balancers do.
  ReplicaId least(std::span<const ReplicaId> ready, std::span<const std::uint32_t> outstanding) {
    const std::size_t n = ready.size();
    const std::size_t first = turn_++ % n;
    ReplicaId best = ready[first];
    for (std::size_t k = 1; k < n; ++k) {
      const ReplicaId candidate = ready[(first + k) % n];
      if (outstanding[candidate] < outstanding[best]) best = candidate;
    }
    return best;
  }

  /// Fewest outstanding; equal ones drawn evenly, as theory has it.
  ReplicaId shortest(std::span<const ReplicaId> ready, std::span<const std::uint32_t> outstanding) {
    ReplicaId best = ready[0];
    std::uint32_t ties = 1;
    for (std::size_t k = 1; k < ready.size(); ++k) {
      if (outstanding[ready[k]] > outstanding[best]) continue;
      if (outstanding[ready[k]] < outstanding[best]) {
        best = ready[k];
        ties = 1;
      } else if (rng_.below(++ties) == 0) {
        best = ready[k];
      }
    }
    return best;
  }

  DispatchKind kind_;
  Rng rng_;
  std::uint64_t turn_ = 0;
};

}  // namespace windtunnel
