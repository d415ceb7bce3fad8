// A queue that is more than first come, first served: ranks, ordering keys, prefetching workers, acknowledgements.
#include <algorithm>

#include "sim/simulation/attended.hpp"
#include "sim/simulation/batch_memory.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

std::uint32_t key_at(const ModelState& m, const QueryExtra& extra) {
  const auto partitions = static_cast<std::uint32_t>(m.spec->queue.partitions);
  return partitions > 0 ? extra.key % partitions : extra.key;
}

// @return false if the query has to wait behind another one of its key
bool takes_key(World& w, ModelState& m, QueryId id) {
  QueryExtra& extra = w.queries.extra(id);
  if (!m.spec->queue.ordered || extra.key == kNone || extra.holds_key) return true;
  QueueState& b = *m.broker;
  bool& taken = b.key_taken[key_at(m, extra)];
  if (taken) {
    extra.parked = true;
    b.waiting_for_key[key_at(m, extra)].push_back(w.queries, id);
    return false;
  }
  taken = extra.holds_key = true;
  return true;
}

void place(World& w, ModelState& m, QueryId id, bool ahead) {
  if (m.ranked) {
    m.broker->ranks->push(m.queue, w.queries, id, ahead);
  } else if (ahead) {
    m.queue.push_front(w.queries, id);
  } else {
    m.queue.push_back(w.queries, id);
  }
}

void offer_queue(World& w, ModelState& m) {
  if (m.pull) {
    mark_pending(w, m);
  } else {
    dispatch_waiting(w, m);
  }
}

// The next ready worker in turn that may hold one more.
ReplicaId next_worker(World& w, ModelState& m) {
  const auto n = static_cast<std::uint32_t>(m.ready.size());
  for (std::uint32_t k = 0; k < n; ++k) {
    const ReplicaId worker = m.ready[(m.broker->turn + k) % n];
    if (w.outstanding[worker] >= m.prefetch) continue;
    m.broker->turn = (m.broker->turn + k + 1) % n;
    return worker;
  }
  return kNone;
}

void start_ack_clock(World& w, const ModelState& m, QueryId id) {
  if (m.broker->ack_link == kNone) return;
  w.queries.extra(id).ack_due = w.now + m.spec->queue.ack_timeout;
  push_time_out(w, m.broker->ack_link, id);
}

// Back into the queue, ahead: its broker hands it out again.
void requeue(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  q.state = QueryState::queued;
  q.enqueued = w.now;
  q.replica = kNone;
  if (backlog(m) == 0) {
    m.empty_area += (w.now - m.empty_since).count();
    ++m.idle_turn;
  }
  ++m.queued;
  m.max_queued = std::max(m.max_queued, m.queued);
  m.max_backlog = std::max(m.max_backlog, backlog(m));
  place(w, m, id, true);
  offer_queue(w, m);
}

// The query of the lowest class in service, of these the one begun last; kNone if all are at least as urgent.
QueryId least_urgent(const World& w, const ModelState& m, std::uint16_t priority) {
  QueryId found = kNone;
  for (const ReplicaId replica : m.ready)
    for (const RunningBatch& batch : w.replicas[replica].running) {
      const std::uint16_t other = w.queries.extra(batch.head).priority;
      if (other <= priority) continue;
      const auto weight = [&](QueryId id) { return std::pair(w.queries.extra(id).priority, w.queries[id].started); };
      if (found == kNone || weight(batch.head) > weight(found)) found = batch.head;
    }
  return found;
}

}  // namespace

inline void begin_visit(World& w, QueryId id) {
  QueryExtra& extra = w.queries.extra(id);
  extra.visit = ++w.visits;
  extra.original = kNone;
  extra.ack_due = kNever;
  extra.served = {};
  extra.whole_noise = 0;
  extra.parked = extra.holds_key = extra.superseded = false;
  w.queries[id].replica = kNone;
}

void join_broker(World& w, ModelState& m, QueryId id) {
  if (!takes_key(w, m, id)) return;
  if (!m.pull && m.prefetch == 0 && !m.ready.empty()) {
    send_to(w, m, m.dispatcher.choose(m.ready, w.outstanding), id);
    start_ack_clock(w, m, id);
    return;
  }
  place(w, m, id, false);
  offer_queue(w, m);
}

void put_ahead(World& w, ModelState& m, QueryId id) {
  w.queries.extra(id).ack_due = kNever;
  place(w, m, id, true);
}

void leave_queue(World& w, ModelState& m, QueryId id) {
  const Query& q = w.queries[id];
  QueryExtra& extra = w.queries.extra(id);
  m.queued_area += (w.now - q.enqueued).count();
  --m.queued;
  if (extra.parked) {
    extra.parked = false;
    m.broker->waiting_for_key[key_at(m, extra)].remove(w.queries, id);
  } else if (q.replica != kNone) {
    Replica& r = w.replicas[q.replica];
    r.queue.remove(w.queries, id);
    if (--w.outstanding[q.replica] == 0 && r.state == ReplicaState::draining) drain_or_remove(w, q.replica);
    if (m.prefetch > 0 && !m.queue.empty()) dispatch_waiting(w, m);
  } else {
    if (m.ranked) m.broker->ranks->forget(m.queue, w.queries, id);
    m.queue.remove(w.queries, id);
  }
}

QueryId take_front(World& w, ModelState& m) {
  if (m.ranked) forget_rank(w, m, m.queue);
  return m.queue.pop_front(w.queries);
}

void forget_rank(World& w, ModelState& m, const QueryQueue& queue) {
  if (&queue == &m.queue) m.broker->ranks->forget(queue, w.queries, queue.front());
}

void hand_out(World& w, ModelState& m) {
  while (!m.queue.empty()) {
    const ReplicaId worker = next_worker(w, m);
    if (worker == kNone) return;
    const QueryId id = take_front(w, m);
    send_to(w, m, worker, id);
    start_ack_clock(w, m, id);
  }
}

void service_begins(World& w, ModelState& m, QueryId id) {
  if (m.pull) start_ack_clock(w, m, id);  // elsewhere the worker has had it for longer
}

void release_key(World& w, ModelState& m, QueryId id) {
  QueryExtra& extra = w.queries.extra(id);
  if (!extra.holds_key) return;
  extra.holds_key = false;
  QueueState& b = *m.broker;
  const std::uint32_t key = key_at(m, extra);
  const auto waiting = b.waiting_for_key.find(key);
  if (waiting == b.waiting_for_key.end() || waiting->second.empty()) {
    b.key_taken.erase(key);
    if (waiting != b.waiting_for_key.end()) b.waiting_for_key.erase(waiting);
    return;
  }
  const QueryId next = waiting->second.pop_front(w.queries);
  w.queries.extra(next).parked = false;
  w.queries.extra(next).holds_key = true;
  join_broker(w, m, next);
}

void ack_times_out(World& w, QueryId id) {
  ModelState& m = w.models[w.queries[id].model];
  ++m.broker->counts.ack_timeouts;
  w.queries.extra(id).ack_due = kNever;
  if (w.queries[id].state == QueryState::queued) {  // prefetched and not begun
    leave_queue(w, m, id);
    return requeue(w, m, id);
  }
  if (w.queries[id].deliveries >= m.spec->max_deliveries) {
    const QueryId gone = detach(w, id);
    w.queries.extra(id).superseded = true;
    ++m.broker->counts.dead_letters;
    return end_query(w, m, gone, Ending::failed);
  }
  const QueryId again = w.queries.copy(id);
  w.queries.extra(id).original = again;
  w.queries.extra(id).holds_key = false;
  w.queries.extra(id).deadline = kNever;
  note_slot(w, again);
  requeue(w, m, again);
}

bool interrupt_lower(World& w, ModelState& m) {
  const QueryId id = least_urgent(w, m, w.queries.extra(m.queue.front()).priority);
  if (id == kNone) return false;
  Query& q = w.queries[id];
  const ReplicaId replica = q.replica;
  Replica& r = w.replicas[replica];
  const auto left_ns = w.shares.remove(r.gpu, id, w.now);
  if (!left_ns) return false;  // in its host part, which nothing interrupts
  if (m.uses_memory) {
    release_batch(w, replica, id);  // its memory, and the variant it needed
  } else {
    std::erase_if(r.running, [id](const RunningBatch& batch) { return batch.head == id; });
  }
  QueryExtra& extra = w.queries.extra(id);
  if (extra.whole_noise == 0) extra.whole_noise = q.noise;
  extra.served += w.now - q.started;
  q.noise = *left_ns / gpu_ns(r, q.size);
  --q.deliveries;  // its next start goes on with this one
  ++m.broker->counts.preemptions;
  leave_service(w, m, id);
  give_slot_back(w, m, replica);
  requeue(w, m, id);
  offer(w, replica);
  return true;
}

}  // namespace windtunnel
