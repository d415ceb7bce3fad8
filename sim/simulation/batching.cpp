// Batches: which queries go together, what they take, and what becomes of them at their end.
#include <algorithm>

#include "models/memory/token_pool.hpp"
#include "sim/serving/batch_rule.hpp"
#include "sim/simulation/attended.hpp"
#include "sim/simulation/batch_memory.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/serving_parts.hpp"
#include "sim/simulation/termination.hpp"

namespace windtunnel {
namespace {

void start_special(World& w, ModelState& m, ReplicaId replica, QueryId head, std::uint32_t members, double size) {
  const Replica& r = w.replicas[replica];
  note_range(m, r, members, size);
  if (r.gpu_active >= 1) return put_on_gpu(w, replica, head, size);
  const Duration host = to_duration(host_ns(r, size) * w.queries[head].noise * 1e-9);
  w.heap.push(w.now + host, EventKind::host_phase_finished, head, r.generation);
}

// The head of the queue is longer than the whole pool: a server refuses it.
void reject_too_long(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  if (m.ranked) forget_rank(w, m, queue);
  const QueryId id = queue.pop_front(w.queries);
  m.queued_area += (w.now - w.queries[id].enqueued).count();
  --m.queued;
  if (!m.pull) --w.outstanding[replica];
  end_query(w, m, id, Ending::rejected);
}

// Queries that go together now; 0 if the oldest is to wait for company, which is looked after then.
std::uint32_t batch_now(World& w, const ModelState& m, ReplicaId replica, const QueryQueue& queue) {
  const BatchSpec& spec = m.spec->batch;
  const SimTime due = w.queries[queue.front()].enqueued + spec.wait;
  const bool waited = spec.wait > Duration{} ? w.now >= due : spec.min < 2;
  const std::uint32_t members = batch_size_now(spec, company_at_head(spec, queue, w.queries), waited);
  if (members > 0 || spec.wait == Duration{}) return members;
  Replica& r = w.replicas[replica];
  if (!r.waiting_for_company) {
    r.waiting_for_company = true;
    w.heap.push(due, EventKind::batch_wait_over, replica, r.generation);
  }
  return 0;
}

// A query begins: what every batch has to do with its members.
[[gnu::always_inline]] inline void begin_service(World& w, ModelState& m, ReplicaId replica, QueryId id) {
  Query& q = w.queries[id];
  q.state = QueryState::in_service;
  if (q.deliveries++ > 0) [[unlikely]] {
    ++m.counts.redelivered;
    m.redelivery_ns += (w.now - q.started).count();
  }
  q.started = w.now;
  q.replica = replica;
}

// Without a token pool nothing is paid for there being one elsewhere.
template <bool kTokens>
[[gnu::noinline]] Start start_full_batch(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  Replica& r = w.replicas[replica];
  std::uint32_t most = 1;
  if (m.batches) {
    most = batch_now(w, m, replica, queue);
    if (most == 0) return Start::no_batch;
  }
  QueryId head = kNone, tail = kNone;
  std::uint32_t members = 0;
  double size = 0;
  [[maybe_unused]] std::int64_t blocks = 0;
  while (!queue.empty() && members < most) {
    if (head != kNone && m.spec->batch.picks() && !goes_with(m.spec->batch, w.queries, head, queue.front())) break;
    if constexpr (kTokens) {
      if (!can_ever_hold(w, r, queue.front())) {
        reject_too_long(w, m, replica, queue);
        continue;
      }
      if (!has_tokens_for(w, r, queue.front(), blocks)) {  // it waits, and all behind it
        if (head == kNone) return Start::no_tokens;
        break;
      }
    }
    if (m.ranked) [[unlikely]]
      forget_rank(w, m, queue);
    const QueryId id = queue.pop_front(w.queries);
    Query& q = w.queries[id];
    m.queued_area += (w.now - q.enqueued).count();
    --m.queued;
    if (past_deadline(w, id)) {  // nobody waits for it any more
      if (!m.pull) --w.outstanding[replica];
      end_query(w, m, id, Ending::timed_out);
      continue;
    }
    if constexpr (kTokens) blocks += blocks_for(*m.spec->memory.pool, q.size);
    begin_service(w, m, replica, id);
    size += q.size;
    if (head == kNone) {
      head = id;
    } else {
      w.queries[tail].next = id;
    }
    tail = id;
    ++members;
    if (m.brokered) [[unlikely]]
      service_begins(w, m, id);
  }
  if (head == kNone) return queue.empty() ? Start::no_batch : Start::batch;
  if (m.batches) {
    ++m.batches_begun;
    m.batched += members;
    if (members == static_cast<std::uint32_t>(m.spec->batch.max)) ++m.full_batches;
  }
  m.in_service += members;
  m.max_in_service = std::max(m.max_in_service, m.in_service);
  if (m.pull) w.outstanding[replica] += members;
  if (m.ends_after != 0) [[unlikely]]
    take_for_job(w, replica, members);
  if (r.active++ == 0) {
    r.busy_since = w.now;
    if (m.serving_clock) serving_begins(w, replica);
  }
  if (m.uses_memory) {
    if (r.special) note_range(m, r, members, size);
    start_memory_batch(w, replica, head, size);
    return Start::batch;
  }
  if (m.tracks_running) {
    RunningBatch& batch = r.running.emplace_back();
    batch.head = head;
    batch.size = size;
  }
  if (!r.special) {
    w.shares.add(r.gpu, head, replica, (r.fixed_ns + r.per_item_ns * size) * w.queries[head].noise, w.now);
  } else {
    start_special(w, m, replica, head, members, size);
  }
  return Start::batch;
}

}  // namespace

// One query, put to work at once.
[[gnu::always_inline]] inline void start_plain(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  Replica& r = w.replicas[replica];
  const QueryId id = queue.pop_front(w.queries);
  const Query& q = w.queries[id];
  m.queued_area += (w.now - q.enqueued).count();
  --m.queued;
  begin_service(w, m, replica, id);
  ++m.in_service;
  m.max_in_service = std::max(m.max_in_service, m.in_service);
  if (m.pull) ++w.outstanding[replica];
  if (r.active++ == 0) r.busy_since = w.now;
  if (!r.special) {
    w.shares.add(r.gpu, id, replica, (r.fixed_ns + r.per_item_ns * q.size) * q.noise, w.now);
  } else {
    start_special(w, m, replica, id, 1, q.size);
  }
}

template <BatchKind kKind>
inline Start start_batch(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  constexpr bool kTokens = kKind == BatchKind::tokens;
  if constexpr (kKind == BatchKind::plain) {
    if (!past_deadline(w, queue.front())) {
      start_plain(w, m, replica, queue);
      return Start::batch;
    }
  }
  return start_full_batch<kTokens>(w, m, replica, queue);
}

void finish_host_phase(World& w, const Scheduled& event) {
  const QueryId head = event.entity;
  const Query& q = w.queries[head];
  if (q.state != QueryState::in_service || w.replicas[q.replica].generation != event.tag) return;
  const ReplicaState state = w.replicas[q.replica].state;
  if (state == ReplicaState::wedged) return;  // it hangs
  if (state == ReplicaState::paused) return hold_batch(w, q.replica, head, HeldUntil::gpu_work);
  begin_gpu_work(w, q.replica, head);
}

void begin_gpu_work(World& w, ReplicaId replica, QueryId head) {
  if (w.models[w.replicas[replica].model].uses_memory) return work_of_phase(w, replica, head);
  double size = 0;
  for (QueryId id = head; id != kNone; id = w.queries[id].next) size += w.queries[id].size;
  put_on_gpu(w, replica, head, size);
}

inline void finish_batch(World& w) {
  const QueryId head = w.shares.finish(w.shares.next_gpu(), w.now);
  const ReplicaId replica = w.queries[head].replica;
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (m.uses_memory) {
    if (next_phase_begins(w, replica, head)) return;
    release_batch(w, replica, head);
    r.probes.answered = w.now;
  } else if (m.tracks_running) {
    std::erase_if(r.running, [head](const RunningBatch& batch) { return batch.head == head; });
    r.probes.answered = w.now;
  }
  give_slot_back(w, m, replica);
  for (QueryId id = head; id != kNone;) {
    Query& q = w.queries[id];
    const QueryId next = q.next;
    take_off(w, m, id);
    if (m.counts_served) [[unlikely]]
      count_served(w, q);
    if (m.link_back != kNone) {
      q.state = QueryState::returning;
      w.links.push(m.link_back, w.now, id);
    } else {
      settle(w, m, id, w.now);
    }
    id = next;
  }
  look_for_work(w, replica);
}

}  // namespace windtunnel
