// What the files of a query's way call in each other. The hot path: one translation unit, so that these are inlined.
#pragma once

#include "sim/simulation/activation.hpp"
#include "sim/simulation/serving.hpp"

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

// arrivals.cpp
/// A query of the workload comes in. @param client  of a closed loop, or kNone
void admit(World& w, WorkloadState& workload, const Arrival& arrival, Rng& noise, std::uint32_t client);
/// A query joins a stage's link or queue.
void enter_stage(World& w, ModelState& m, QueryId id);

// queueing.cpp
/// Pull: the model is looked at when this instant's releases and arrivals are over.
void mark_pending(World& w, ModelState& m);

// batching.cpp
/// Starts one batch from `queue` on `replica`. Without a token pool nothing is paid for there being one elsewhere.
template <bool kTokens>
Start start_batch(World& w, ModelState& m, ReplicaId replica, QueryQueue& queue);
/// One batch fewer in service on the replica.
void give_slot_back(World& w, ModelState& m, ReplicaId replica);
/// A batch has left: the replica is offered, or goes if it was draining.
void look_for_work(World& w, ReplicaId replica);

// answers.cpp
/// The client has its answer: everything is counted here. @param finished  the end of its service
void settle(World& w, ModelState& m, QueryId id, SimTime finished);
void count_ending(QueryCounts& counts, Ending how);
void count_answer(World& w, ModelState& m, const Query& q, const Answer& answer);
void count_completion(PipelineState& p, Duration whole);
void log_query(World& w, QueryId id, Duration queueing, Duration service, bool completed);

}  // namespace windtunnel
