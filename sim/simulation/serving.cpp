#include "sim/simulation/serving.hpp"

#include <algorithm>

#include "models/memory/token_pool.hpp"
#include "sim/simulation/batch_memory.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/metric_wheel.hpp"

namespace windtunnel {
namespace {

void count_ending(QueryCounts& counts, Ending how) {
  switch (how) {
    case Ending::failed: ++counts.failed; break;
    case Ending::timed_out: ++counts.timed_out; break;
    case Ending::rejected: ++counts.rejected; break;
  }
}

void log_query(World& w, QueryId id, Duration queueing, Duration service, bool completed) {
  const Query& q = w.queries[id];
  w.options.observer->on_query({.serial = w.queries.extra(id).serial,
                                .model = q.model,
                                .pipeline = q.pipeline == kNoPipeline ? kNone : q.pipeline,
                                .arrived = q.arrived,
                                .ended = w.now,
                                .queueing_delay = queueing,
                                .service_time = service,
                                .completed = completed});
}

bool past_deadline(World& w, QueryId id) {
  return w.any_deadline && w.now > w.queries.extra(id).deadline;
}

void count_thresholds(std::vector<ThresholdCount>& counts, const std::vector<Duration>& at, Duration value) {
  for (std::size_t i = 0; i < at.size(); ++i)
    if (value <= at[i]) ++counts[i].at_or_below;
}

// What only those pay for who ask for exact thresholds.
void count_details(World& w, ModelState& m, const Query& q, Duration response, Duration queueing) {
  const Replica& r = w.replicas[q.replica];
  m.slowdown_sum += static_cast<double>(response.count()) / (solo_ns(r, q.size) * q.noise);
  count_thresholds(m.response_thresholds, m.response_at, response);
  count_thresholds(m.queueing_thresholds, m.queueing_at, queueing);
}

// A query joins a stage's link or queue.
void enter_stage(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  q.stage_arrived = w.now;
  q.deliveries = 0;
  ++m.counts.arrived;
  if (m.limited) {
    const auto& spec = *m.spec;
    if ((spec.max_queue > 0 && m.queued >= static_cast<std::uint32_t>(spec.max_queue)) ||
        (spec.max_in_system > 0 && m.queued + m.in_service >= static_cast<std::uint32_t>(spec.max_in_system))) {
      end_query(w, m, id, Ending::rejected);
      return;
    }
  }
  if (m.link_to != kNone) {
    q.state = QueryState::travelling;
    w.links[m.link_to].push(w.now, id);
    return;
  }
  enqueue(w, m, id);
}

// The client has its answer: everything is counted here.
void settle(World& w, ModelState& m, QueryId id, SimTime finished) {
  Query& q = w.queries[id];
  const Duration service = finished - q.started;
  const Duration queueing = q.started - q.stage_arrived;
  const Duration response = w.now - q.stage_arrived;
  const bool late = past_deadline(w, id);
  w.last_settled = w.now;
  ++m.lifetime_completed;
  ++m.slo_ended;
  if (late) [[unlikely]] {
    ++m.counts.timed_out;
  } else {
    ++m.counts.completed;
    m.response_time.record(response);
    m.queueing_delay.record(queueing);
    m.service_time.record(service);
    m.waited += queueing > Duration{} ? 1 : 0;
    m.slo_met += response <= m.slo_target ? 1 : 0;
    if (m.detailed) count_details(w, m, q, response, queueing);
  }
  if (q.pipeline == kNoPipeline) {
    ++(late ? w.direct.timed_out : w.direct.completed);
    if (w.log_queries) log_query(w, id, queueing, service, !late);
    w.queries.give_back(id);
    return;
  }
  PipelineState& p = w.pipelines[q.pipeline];
  if (late || q.stage + 1U == p.stages.size()) {
    ++p.slo_ended;
    if (late) {
      ++p.counts.timed_out;
    } else {
      const Duration whole = w.now - q.arrived;
      ++p.counts.completed;
      p.response_time.record(whole);
      p.slo_met += whole <= p.slo_target ? 1 : 0;
      for (auto& t : p.response_thresholds)
        if (whole <= to_duration(t.at_s)) ++t.at_or_below;
    }
    if (w.log_queries) log_query(w, id, queueing, service, !late);
    w.queries.give_back(id);
    return;
  }
  ++q.stage;
  q.noise = w.queries.later_noise(id, q.stage);
  q.model = static_cast<std::uint16_t>(p.stages[q.stage]);
  enter_stage(w, w.models[q.model], id);
}

std::uint32_t backlog(const ModelState& m) {
  return m.queued + m.in_service;
}

void note_backlog(ModelState& m) {
  m.max_backlog = std::max(m.max_backlog, backlog(m));
}

void mark_pending(World& w, ModelState& m) {
  if (m.pending) return;
  m.pending = true;
  w.pending_models.push_back(m.id);
}

void send_to(World& w, ModelState& m, ReplicaId replica, QueryId id) {
  w.queries[id].replica = replica;
  Replica& r = w.replicas[replica];
  r.queue.push_back(w.queries, id);
  ++w.outstanding[replica];
  if (r.active < m.batch_limit) offer(w, replica);
}

void start_special(World& w, ModelState& m, ReplicaId replica, QueryId head, std::uint32_t members, double size) {
  const Replica& r = w.replicas[replica];
  note_range(m, r, members, size);
  if (r.gpu_active >= 1) return put_on_gpu(w, replica, head, size);
  const double work_ns = solo_ns(r, size) * w.queries[head].noise;
  const Duration host = to_duration(work_ns * 1e-9 * (1 - r.gpu_active));
  w.heap.push(w.now + host, EventKind::host_phase_finished, head, r.generation);
}

// The head of the queue is longer than the whole pool: a server refuses it.
void reject_too_long(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  const QueryId id = queue.pop_front(w.queries);
  m.queued_area += (w.now - w.queries[id].enqueued).count();
  --m.queued;
  if (!m.pull) --w.outstanding[replica];
  end_query(w, m, id, Ending::rejected);
}

// no_batch: nothing was started and nothing will be just now; no_tokens: not on this replica, until one of its batches
// ends.
enum class Start : std::uint8_t { batch, no_batch, no_tokens };

// Starts one batch from `queue` on `replica`. Without a token pool nothing is paid for there being one elsewhere.
template <bool kTokens>
Start start_batch(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue) {
  Replica& r = w.replicas[replica];
  if (m.waits_for_company && queue.size() < static_cast<std::uint32_t>(m.spec->batch.max)) {
    const SimTime due = w.queries[queue.front()].enqueued + m.spec->batch.wait;
    if (w.now < due) {
      if (!r.waiting_for_company) {
        r.waiting_for_company = true;
        w.heap.push(due, EventKind::batch_wait_over, replica, r.generation);
      }
      return Start::no_batch;
    }
  }
  QueryId head = kNone, tail = kNone;
  std::uint32_t members = 0;
  double size = 0;
  [[maybe_unused]] std::int64_t blocks = 0;
  while (!queue.empty() && members < static_cast<std::uint32_t>(m.spec->batch.max)) {
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
    q.state = QueryState::in_service;
    if (q.deliveries++ > 0) {
      ++m.counts.redelivered;
      m.redelivery_ns += (w.now - q.started).count();
    }
    q.started = w.now;
    q.replica = replica;
    size += q.size;
    if (head == kNone) {
      head = id;
    } else {
      w.queries[tail].next = id;
    }
    tail = id;
    ++members;
  }
  if (head == kNone) return queue.empty() ? Start::no_batch : Start::batch;
  m.in_service += members;
  m.max_in_service = std::max(m.max_in_service, m.in_service);
  if (m.pull) w.outstanding[replica] += members;
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

bool takes_work(const Replica& r) {
  return r.state == ReplicaState::ready;
}

void back_to_ring(World& w, ModelState& m, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (!takes_work(r) || r.active >= m.batch_limit || r.in_idle_ring) return;
  r.in_idle_ring = true;
  m.idle.push(replica);
}

void allocate_model(World& w, ModelState& m) {
  while (!m.queue.empty() && !m.idle.empty()) {
    const ReplicaId replica = m.idle.pop();
    Replica& r = w.replicas[replica];
    r.in_idle_ring = false;
    if (!takes_work(r) || r.active >= m.batch_limit) continue;
    const Start start = start_batch<false>(w, m, replica, m.queue);
    back_to_ring(w, m, replica);
    if (start == Start::no_batch) return;
  }
}

// The same where replicas have token pools.
void allocate_tokens(World& w, ModelState& m) {
  std::vector<ReplicaId> passed;  // had no tokens for the query at the head; it may fit another replica
  while (!m.queue.empty() && !m.idle.empty()) {
    const ReplicaId replica = m.idle.pop();
    Replica& r = w.replicas[replica];
    r.in_idle_ring = false;
    if (!takes_work(r) || r.active >= m.batch_limit) continue;
    const Start start = start_batch<true>(w, m, replica, m.queue);
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

void allocate_replica(World& w, ReplicaId replica) {
  ModelState& m = w.models[w.replicas[replica].model];
  for (;;) {
    Replica& r = w.replicas[replica];
    const bool serving = r.state == ReplicaState::ready || r.state == ReplicaState::draining;
    if (!serving || r.queue.empty() || r.active >= m.batch_limit) return;
    const Start start =
        m.token_pool ? start_batch<true>(w, m, replica, r.queue) : start_batch<false>(w, m, replica, r.queue);
    if (start != Start::batch) return;
  }
}

}  // namespace

void refill(World& w, WorkloadState& workload) {
  if (workload.cursor == workload.filled) {
    workload.filled = workload.source->next(workload.block);
    workload.cursor = 0;
    if (workload.filled == 0) {
      workload.next = kNever;
      return;
    }
  }
  workload.next = workload.block[workload.cursor].at;
  if (workload.next >= w.horizon) [[unlikely]]
    workload.next = kNever;  // arrivals end with the horizon
}

void arrive(World& w, WorkloadState& workload) {
  const Arrival arrival = workload.block[workload.cursor++];
  const Target target = workload.targets[arrival.target];
  const QueryId id = w.queries.take();
  ModelState& m = w.models[target.model];
  Query& q = w.queries[id];
  q.arrived = w.now;
  q.size = arrival.size;
  q.noise = m.noise(workload.noise_rng);
  q.replica = kNone;
  q.model = static_cast<std::uint16_t>(target.model);
  q.pipeline = target.pipeline;
  q.stage = 0;
  if (target.pipeline == kNoPipeline) {
    ++w.direct.arrived;
  } else {
    PipelineState& p = w.pipelines[target.pipeline];
    ++p.counts.arrived;
    for (std::size_t s = 1; s < p.stages.size(); ++s)
      w.queries.later_noise(id, s) = w.models[p.stages[s]].noise(workload.noise_rng);
  }
  if (w.queries.with_extra()) {
    w.queries.extra(id) = {w.arrivals, arrival.deadline > Duration{} ? w.now + arrival.deadline : kNever};
    if (arrival.deadline > Duration{}) w.any_deadline = true;
  }
  ++w.arrivals;
  enter_stage(w, m, id);
  refill(w, workload);
}

void leave_link(World& w, DelayRing& link) {
  const QueryId id = link.pop();
  ModelState& m = w.models[w.queries[id].model];
  if (link.kind() == EventKind::query_delivered) {
    enqueue(w, m, id);
  } else {
    settle(w, m, id, w.now - link.delay());
  }
}

void enqueue(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  q.state = QueryState::queued;
  q.enqueued = w.now;
  if (backlog(m) == 0) m.empty_area += (w.now - m.empty_since).count();
  ++m.queued;
  m.max_queued = std::max(m.max_queued, m.queued);
  note_backlog(m);
  if (!m.pull && !m.ready.empty()) {
    send_to(w, m, m.dispatcher.choose(m.ready, w.outstanding), id);
    return;
  }
  m.queue.push_back(w.queries, id);
  if (m.pull) mark_pending(w, m);
}

void dispatch_waiting(World& w, ModelState& m) {
  while (!m.queue.empty() && !m.ready.empty())
    send_to(w, m, m.dispatcher.choose(m.ready, w.outstanding), m.queue.pop_front(w.queries));
}

void offer(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (m.pull) {
    if (!r.in_idle_ring && takes_work(r) && r.active < m.batch_limit) {
      r.in_idle_ring = true;
      m.idle.push(replica);
    }
    if (!m.queue.empty()) mark_pending(w, m);
  } else {
    w.pending_replicas.push_back(replica);
  }
}

void allocate_pending(World& w) {
  // By id, as law 8 has it; nearly always there is one. New ones may join while these are handled.
  if (w.pending_models.size() > 1) std::sort(w.pending_models.begin(), w.pending_models.end());
  for (std::size_t i = 0; i < w.pending_models.size(); ++i) {
    ModelState& m = w.models[w.pending_models[i]];
    m.pending = false;
    if (m.token_pool) [[unlikely]] {
      allocate_tokens(w, m);
    } else {
      allocate_model(w, m);
    }
  }
  w.pending_models.clear();
  if (w.pending_replicas.size() > 1) std::sort(w.pending_replicas.begin(), w.pending_replicas.end());
  for (std::size_t i = 0; i < w.pending_replicas.size(); ++i) allocate_replica(w, w.pending_replicas[i]);
  w.pending_replicas.clear();
}

void batch_wait_over(World& w, ReplicaId replica) {
  w.replicas[replica].waiting_for_company = false;
  offer(w, replica);
}

void leave_service(World& w, ModelState& m, QueryId id) {
  const Query& q = w.queries[id];
  m.in_service_area += (w.now - q.started).count();
  --m.in_service;
  --w.outstanding[q.replica];
  if (backlog(m) == 0) m.empty_since = w.now;
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

void finish_batch(World& w) {
  const QueryId head = w.shares.finish(w.shares.next_gpu(), w.now);
  const ReplicaId replica = w.queries[head].replica;
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (m.uses_memory) {
    if (next_phase_begins(w, replica, head)) return;
    release_batch(w, replica, head);
  } else if (m.tracks_running) {
    std::erase_if(r.running, [head](const RunningBatch& batch) { return batch.head == head; });
  }
  if (--r.active == 0) {
    m.busy_area += (w.now - r.busy_since).count();
    if (m.counts_busy) [[unlikely]]
      count_busy(w, replica);
    if (m.serving_clock) serving_ends(w, replica);
  }
  for (QueryId id = head; id != kNone;) {
    Query& q = w.queries[id];
    const QueryId next = q.next;
    leave_service(w, m, id);
    if (m.counts_served) [[unlikely]]
      count_served(w, q);
    if (m.link_back != kNone) {
      q.state = QueryState::returning;
      w.links[m.link_back].push(w.now, id);
    } else {
      settle(w, m, id, w.now);
    }
    id = next;
  }
  if (r.state == ReplicaState::ready) {
    offer(w, replica);
  } else if (r.state == ReplicaState::draining) {
    drain_or_remove(w, replica);
  }
}

void give_back_queries(World& w, ModelState& m, std::vector<QueryId>& ids) {
  std::sort(ids.begin(), ids.end(), [&](QueryId a, QueryId b) {
    return std::tuple(w.queries[a].stage_arrived, a) < std::tuple(w.queries[b].stage_arrived, b);
  });
  // Delivered too often: the query is given up, as a broker sends it to its dead letters.
  std::vector<QueryId> kept;
  for (const QueryId id : ids) {
    const bool fails = m.spec->on_kill == OnKill::fail || w.queries[id].deliveries >= m.spec->max_deliveries;
    if (fails) {
      end_query(w, m, id, Ending::failed);
    } else {
      kept.push_back(id);
    }
  }
  for (std::size_t i = kept.size(); i-- > 0;) {
    Query& q = w.queries[kept[i]];
    q.state = QueryState::queued;
    q.enqueued = w.now;
    q.replica = kNone;
    if (backlog(m) == 0) m.empty_area += (w.now - m.empty_since).count();
    ++m.queued;
    m.queue.push_front(w.queries, kept[i]);
  }
  m.max_queued = std::max(m.max_queued, m.queued);
  if (m.pull) {
    mark_pending(w, m);
  } else {
    dispatch_waiting(w, m);
  }
}

void end_query(World& w, ModelState& m, QueryId id, Ending how) {
  const Query& q = w.queries[id];
  count_ending(m.counts, how);
  ++m.slo_ended;
  if (backlog(m) == 0 && q.state == QueryState::queued) m.empty_since = w.now;
  if (q.pipeline == kNoPipeline) {
    count_ending(w.direct, how);
  } else {
    count_ending(w.pipelines[q.pipeline].counts, how);
    ++w.pipelines[q.pipeline].slo_ended;
  }
  if (w.log_queries) log_query(w, id, w.now - q.stage_arrived, Duration{}, false);
  w.queries.give_back(id);
}

}  // namespace windtunnel
