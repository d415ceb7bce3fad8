// What the files of a query's way call in each other. The hot path: one translation unit, so that these are inlined.
#pragma once

#include "sim/simulation/activation.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/termination.hpp"

namespace windtunnel {

struct Arrival;

/// no_batch: nothing was started and nothing will be just now; no_tokens: not on this replica, until one of its batches
/// ends.
enum class Start : std::uint8_t { batch, no_batch, no_tokens };

/// What an answer took.
struct Answer {
  Duration response{}, queueing{}, service{};
  bool late = false;
};

inline std::uint32_t backlog(const ModelState& m);

/// Something comes in where nothing was: call it before the query is counted.
inline void something_comes(World& w, ModelState& m) {
  if (backlog(m) > 0) return;
  m.empty_area += (w.now - m.empty_since).count();
  if (m.wakes) [[unlikely]]
    wake(w, m);
}

/// A query has left: the model may be empty now.
inline void something_left(World& w, ModelState& m) {
  if (backlog(m) > 0) return;
  m.empty_since = w.now;
  if (m.wakes) [[unlikely]]
    begin_idle(w, m);
}

inline std::uint32_t backlog(const ModelState& m) {
  return m.queued + m.in_service;
}

inline bool past_deadline(World& w, QueryId id) {
  return w.any_deadline && w.now > w.queries.extra(id).deadline;
}

inline bool takes_work(const Replica& r) {
  return r.state == ReplicaState::ready;
}

/// Pull: the model is looked at when this instant's releases and arrivals are over.
[[gnu::always_inline]] inline void mark_pending(World& w, ModelState& m) {
  if (m.pending) return;
  m.pending = true;
  w.pending_models.push(m.id);
}

/// offer(), for those on a query's way.
[[gnu::always_inline]] inline void offer_at_once(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (m.pull) {
    if (!r.in_idle_ring && takes_work(r) && r.active < m.batch_limit) {
      r.in_idle_ring = true;
      m.idle.push(replica);
    }
    if (!m.queue.empty()) mark_pending(w, m);
  } else if (!r.queue.empty() || m.prefetch > 0) {
    w.pending_replicas.push(replica);
  }
}

/// The last batch has left the replica.
inline void end_busy(World& w, ModelState& m, Replica& r) {
  const std::int64_t busy = (w.now - r.busy_since).count();
  r.busy_ns += busy;
  m.busy_area += busy;
}

/// One batch fewer in service on the replica.
inline void give_slot_back(World& w, ModelState& m, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (--r.active > 0) return;
  end_busy(w, m, r);
  if (m.serving_clock) serving_ends(w, replica);
}

/// A batch has left: the replica is offered, or goes if it was draining.
[[gnu::always_inline]] inline void look_for_work(World& w, ReplicaId replica) {
  const ReplicaState state = w.replicas[replica].state;
  if (state == ReplicaState::ready) {
    offer_at_once(w, replica);
  } else if (state == ReplicaState::draining) {
    if (!w.replicas[replica].queue.empty())
      offer_at_once(w, replica);  // what it had accepted before it was told to end
    drain_or_remove(w, replica);
  }
}

/// What only those pay for who ask for exact thresholds.
void count_details(World& w, ModelState& m, const Query& q, Duration response, Duration queueing);

/// The model's part in an answer.
[[gnu::always_inline]] inline void count_answer(World& w, ModelState& m, const Query& q, const Answer& answer) {
  w.last_settled = w.now;
  ++m.lifetime_completed;
  ++m.slo_ended;
  if (answer.late) [[unlikely]] {
    ++m.counts.timed_out;
    return;
  }
  ++m.counts.completed;
  m.response_time.record(answer.response);
  m.queueing_delay.record(answer.queueing);
  m.service_time.record(answer.service);
  m.waited += answer.queueing > Duration{} ? 1 : 0;
  m.slo_met += answer.response <= m.slo_target ? 1 : 0;
  if (m.detailed) count_details(w, m, q, answer.response, answer.queueing);
}

// arrivals.cpp
/// A query of the workload comes in. @param client  of a closed loop, or kNone
void admit(World& w, WorkloadState& workload, const Arrival& arrival, Rng& noise, std::uint32_t client);
/// A query joins a stage's link or queue.
void enter_stage(World& w, ModelState& m, QueryId id);
/// The same, for those on every query's way.
[[gnu::always_inline]] inline void join_stage(World& w, ModelState& m, QueryId id);

// queueing.cpp
/// enqueue(), for those on a query's way.
[[gnu::always_inline]] inline void join_queue(World& w, ModelState& m, QueryId id);
/// leave_service(), for those on a query's way.
[[gnu::always_inline]] inline void take_off(World& w, ModelState& m, QueryId id);

// batching.cpp
/// What a batch of the model may be besides one query that is put to work and answered.
enum class BatchKind : std::uint8_t { plain, any, tokens };
/// Starts one batch from `queue` on `replica`. Nothing is paid for what the model's batches never are.
template <BatchKind kKind>
[[gnu::always_inline]] inline Start start_batch(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue);

// answers.cpp
/// The client has its answer: everything is counted here. @param finished  the end of its service
[[gnu::always_inline]] inline void settle(World& w, ModelState& m, QueryId id, SimTime finished);
void count_ending(QueryCounts& counts, Ending how);
void count_completion(PipelineState& p, Duration whole);
void log_query(World& w, QueryId id, Duration queueing, Duration service, bool completed);

}  // namespace windtunnel
