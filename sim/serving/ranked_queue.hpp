// Where a query belongs in a queue that is not simply first come, first served.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/serving/query_queue.hpp"
#include "sim/serving/spec.hpp"

namespace windtunnel {

/// Keeps the last query of each rank of a queue, lowest rank first, so that one joins behind those that go before it
/// and before all others. A rank is a class or a deadline, and the instant of arrival where keys are kept in order.
class RankedQueue {
 public:
  RankedQueue(Discipline discipline, bool by_arrival) : discipline_(discipline), by_arrival_(by_arrival) {}

  /// @param ahead  before its equals: it was there before
  void push(QueryQueue& queue, QueryPool& pool, QueryId id, bool ahead) {
    pool.extra(id).ranked_by = pool.extra(id).deadline;
    const Rank rank = rank_of(pool, id);
    auto it = ahead ? last_.lower_bound(rank) : last_.upper_bound(rank);
    queue.insert_after(pool, it == last_.begin() ? kNone : std::prev(it)->second, id);
    if (!ahead || it == last_.end() || it->first != rank) last_[rank] = id;
  }

  /// It is about to leave the queue.
  void forget(const QueryQueue& queue, const QueryPool& pool, QueryId id) {
    const auto it = last_.find(rank_of(pool, id));
    if (it == last_.end() || it->second != id) return;
    const QueryId prev = id == queue.front() ? kNone : pool.extra(id).prev;
    if (prev != kNone && rank_of(pool, prev) == it->first) {
      it->second = prev;
    } else {
      last_.erase(it);
    }
  }

 private:
  using Rank = std::pair<std::int64_t, std::int64_t>;

  [[nodiscard]] Rank rank_of(const QueryPool& pool, QueryId id) const {
    const std::int64_t arrival = by_arrival_ ? pool[id].stage_arrived.time_since_epoch().count() : 0;
    switch (discipline_) {
      case Discipline::priority: return {pool.extra(id).priority, arrival};
      case Discipline::earliest_deadline: return {pool.extra(id).ranked_by.time_since_epoch().count(), arrival};
      case Discipline::fifo: break;
    }
    return {0, arrival};
  }

  Discipline discipline_;
  bool by_arrival_;
  std::map<Rank, QueryId> last_;
};

}  // namespace windtunnel
