// Queues: joining and leaving them, and which replica is offered what waits.
#include <algorithm>

#include "sim/simulation/attended.hpp"
#include "sim/simulation/endpoints.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

void note_backlog(ModelState& m) {
  m.max_backlog = std::max(m.max_backlog, backlog(m));
}

[[gnu::always_inline]] inline void give_to(World& w, ModelState& m, ReplicaId replica, QueryId id) {
  w.queries[id].replica = replica;
  Replica& r = w.replicas[replica];
  r.queue.push_back(w.queries, id);
  ++w.outstanding[replica];
  if (r.active < m.batch_limit) offer_at_once(w, replica);
}

// By the dispatcher's list, which lags behind where the model says so.
[[gnu::always_inline]] inline void dispatch(World& w, ModelState& m, QueryId id) {
  if (m.late_endpoints) [[unlikely]]
    return send_by_late_list(w, m, id);
  give_to(w, m, m.dispatcher.choose(m.ready, w.outstanding), id);
}

void back_to_ring(World& w, ModelState& m, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (!takes_work(r) || r.active >= m.batch_limit || r.in_idle_ring) return;
  r.in_idle_ring = true;
  m.idle.push(replica);
}

template <BatchKind kKind>
[[gnu::always_inline]] inline void hand_out_queue(World& w, ModelState& m) {
  while (!m.queue.empty() && !m.idle.empty()) {
    const ReplicaId replica = m.idle.pop();
    Replica& r = w.replicas[replica];
    r.in_idle_ring = false;
    if (!takes_work(r) || r.active >= m.batch_limit) continue;
    const Start start = start_batch<kKind>(w, m, replica, m.queue);
    back_to_ring(w, m, replica);
    if (start == Start::no_batch) return;
  }
}

void allocate_any(World& w, ModelState& m) {
  do {
    hand_out_queue<BatchKind::any>(w, m);
  } while (m.broker != nullptr && m.broker->preempts && !m.queue.empty() && interrupt_lower(w, m));
}

// The same where replicas have token pools.
void allocate_tokens(World& w, ModelState& m) {
  std::vector<ReplicaId> passed;  // had no tokens for the query at the head; it may fit another replica
  while (!m.queue.empty() && !m.idle.empty()) {
    const ReplicaId replica = m.idle.pop();
    Replica& r = w.replicas[replica];
    r.in_idle_ring = false;
    if (!takes_work(r) || r.active >= m.batch_limit) continue;
    const Start start = start_batch<BatchKind::tokens>(w, m, replica, m.queue);
    if (start == Start::no_tokens) {
      passed.push_back(replica);
      continue;
    }
    back_to_ring(w, m, replica);
    if (start == Start::no_batch) break;
    for (; !passed.empty(); passed.pop_back()) back_to_ring(w, m, passed.back());  // there is another head now
  }
  for (const ReplicaId replica : passed) back_to_ring(w, m, replica);
}

// From the replica's own queue.
template <BatchKind kKind>
[[gnu::always_inline]] inline void serve_own(World& w, ModelState& m, ReplicaId replica) {
  for (;;) {
    Replica& r = w.replicas[replica];
    const bool serving = r.state == ReplicaState::ready || r.state == ReplicaState::draining;
    if (!serving || r.queue.empty() || r.active >= m.batch_limit) break;
    if (start_batch<kKind>(w, m, replica, r.queue) != Start::batch) break;
  }
}

[[gnu::noinline]] void serve_own_any(World& w, ModelState& m, ReplicaId replica) {
  if (m.token_pool) {
    serve_own<BatchKind::tokens>(w, m, replica);
  } else {
    serve_own<BatchKind::any>(w, m, replica);
  }
}

[[gnu::always_inline]] inline void allocate_replica(World& w, ReplicaId replica) {
  ModelState& m = w.models[w.replicas[replica].model];
  if (m.plain) {
    serve_own<BatchKind::plain>(w, m, replica);
  } else {
    serve_own_any(w, m, replica);
  }
  if (m.prefetch > 0 && !m.queue.empty()) dispatch_waiting(w, m);
}

}  // namespace

void send_to(World& w, ModelState& m, ReplicaId replica, QueryId id) {
  give_to(w, m, replica, id);
}

inline void join_queue(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  q.state = QueryState::queued;
  q.enqueued = w.now;
  something_comes(w, m);
  ++m.queued;
  m.max_queued = std::max(m.max_queued, m.queued);
  note_backlog(m);
  if (m.brokered) [[unlikely]]
    return join_broker(w, m, id);
  if (!m.pull && !m.ready.empty()) {
    dispatch(w, m, id);
    return;
  }
  m.queue.push_back(w.queries, id);
  if (m.pull && !m.idle.empty()) mark_pending(w, m);  // one that gets room later asks itself
}

void enqueue(World& w, ModelState& m, QueryId id) {
  join_queue(w, m, id);
}

void dispatch_waiting(World& w, ModelState& m) {
  if (m.prefetch > 0) return hand_out(w, m);
  while (!m.queue.empty() && !m.ready.empty()) dispatch(w, m, take_front(w, m));
}

void offer(World& w, ReplicaId replica) {
  offer_at_once(w, replica);
}

inline void allocate_pending(World& w) {
  // By id, as law 8 has it; nearly always there is one. New ones may join while these are handled.
  if (w.pending_models.size() > 1) w.pending_models.sort();
  for (std::size_t i = 0; i < w.pending_models.size(); ++i) {
    ModelState& m = w.models[w.pending_models[i]];
    m.pending = false;
    if (m.plain) {
      hand_out_queue<BatchKind::plain>(w, m);
    } else if (m.token_pool) {
      allocate_tokens(w, m);
    } else {
      allocate_any(w, m);
    }
  }
  w.pending_models.clear();
  if (w.pending_replicas.size() > 1) w.pending_replicas.sort();
  for (std::size_t i = 0; i < w.pending_replicas.size(); ++i) allocate_replica(w, w.pending_replicas[i]);
  w.pending_replicas.clear();
}

void batch_wait_over(World& w, ReplicaId replica) {
  w.replicas[replica].waiting_for_company = false;
  offer(w, replica);
}

inline void take_off(World& w, ModelState& m, QueryId id) {
  const Query& q = w.queries[id];
  m.in_service_area += (w.now - q.started).count();
  --m.in_service;
  --w.outstanding[q.replica];
  something_left(w, m);
}

void leave_service(World& w, ModelState& m, QueryId id) {
  take_off(w, m, id);
}

void give_back_queries(World& w, ModelState& m, std::vector<QueryId>& ids) {
  if (w.attended) drop_unwanted(w, ids);
  std::sort(ids.begin(), ids.end(), [&](QueryId a, QueryId b) {
    return std::tuple(w.queries[a].stage_arrived, a) < std::tuple(w.queries[b].stage_arrived, b);
  });
  // Delivered too often: the query is given up, as a broker sends it to its dead letters.
  std::vector<QueryId> kept;
  for (const QueryId id : ids) {
    const bool fails = m.spec->on_kill == OnKill::fail || w.queries[id].deliveries >= m.spec->max_deliveries;
    if (fails) {
      if (m.broker != nullptr && m.spec->on_kill != OnKill::fail) ++m.broker->counts.dead_letters;
      end_query(w, m, id, Ending::failed);
    } else {
      kept.push_back(id);
    }
  }
  queue_again(w, m, kept);
}

void queue_again(World& w, ModelState& m, std::vector<QueryId>& ids) {
  std::sort(ids.begin(), ids.end(), [&](QueryId a, QueryId b) {
    return std::tuple(w.queries[a].stage_arrived, a) < std::tuple(w.queries[b].stage_arrived, b);
  });
  for (std::size_t i = ids.size(); i-- > 0;) {
    Query& q = w.queries[ids[i]];
    q.state = QueryState::queued;
    q.enqueued = w.now;
    q.replica = kNone;
    if (backlog(m) == 0) {
      m.empty_area += (w.now - m.empty_since).count();
      ++m.idle_turn;
    }
    ++m.queued;
    if (m.brokered) {
      put_ahead(w, m, ids[i]);
    } else {
      m.queue.push_front(w.queries, ids[i]);
    }
  }
  m.max_queued = std::max(m.max_queued, m.queued);
  if (m.pull) {
    mark_pending(w, m);
  } else {
    dispatch_waiting(w, m);
  }
}

}  // namespace windtunnel
