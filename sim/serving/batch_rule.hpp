// When a batch begins, and with how many.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/core/time.hpp"
#include "sim/serving/query_queue.hpp"
#include "sim/serving/spec.hpp"

namespace windtunnel {

/// Whether one query may go with another, where the batch picks.
inline bool goes_with(const BatchSpec& spec, const QueryPool& pool, QueryId one, QueryId other) {
  return (!spec.same_size || pool[one].size == pool[other].size) &&
         (!spec.one_variant || pool.extra(one).variant == pool.extra(other).variant);
}

/// Queries at the head that may go together: up to `max`, of one size or variant where the batch wants that.
struct BatchCompany {
  std::uint32_t count = 0;
  bool closed = false;  ///< full, or the next one may not go with these: nobody else can join
};

inline BatchCompany company_at_head(const BatchSpec& spec, const QueryQueue& queue, const QueryPool& pool) {
  const auto max = static_cast<std::uint32_t>(spec.max);
  if (!spec.picks()) return {std::min(queue.size(), max), queue.size() >= max};
  std::uint32_t count = 1;
  QueryId id = pool[queue.front()].next;
  for (; id != kNone && count < max; id = pool[id].next, ++count)
    if (!goes_with(spec, pool, id, queue.front())) return {count, true};
  return {count, count == max};
}

/// Largest batch that may begin now, 0 for none yet. `waited`: its oldest query has waited for as long as it has to.
/// Preferred sizes are Triton's: the largest that is there goes at once, another number goes when the delay is over
/// (docs of `dynamic_batching`: preferred_batch_size, max_queue_delay_microseconds). A minimum is the general bulk
/// service rule (Neuts 1967).
inline std::uint32_t batch_size_now(const BatchSpec& spec, BatchCompany company, bool waited) {
  if (!spec.preferred.empty()) {
    std::uint32_t best = 0;
    for (const int size : spec.preferred)
      if (static_cast<std::uint32_t>(size) <= company.count) best = static_cast<std::uint32_t>(size);
    return best > 0 ? best : company.closed || waited ? company.count : 0;
  }
  const bool waits = spec.wait > Duration{};
  const auto enough = static_cast<std::uint32_t>(spec.min > 0 ? spec.min : waits ? spec.max : 1);
  if (company.count >= enough || waited) return company.count;
  // With another size behind it nothing more can join: what is there goes, unless a minimum is all that is asked for.
  return company.closed && spec.min == 0 ? company.count : 0;
}

}  // namespace windtunnel
