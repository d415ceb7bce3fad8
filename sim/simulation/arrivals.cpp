// A query's arrival, and its way to a stage and back.
#include "sim/simulation/attended.hpp"
#include "sim/simulation/serving_parts.hpp"
#include "sim/simulation/swapping.hpp"

namespace windtunnel {
namespace {

bool is_full(const ModelState& m) {
  const auto& spec = *m.spec;
  return (spec.max_queue > 0 && m.queued >= static_cast<std::uint32_t>(spec.max_queue)) ||
         (spec.max_in_system > 0 && backlog(m) >= static_cast<std::uint32_t>(spec.max_in_system));
}

// Where the oldest has to go when the queue is full. @return whether it went
bool make_room(World& w, ModelState& m) {
  if (!m.spec->queue.drop_head || m.queue.empty() || m.broker == nullptr) return false;
  const QueryId oldest = m.queue.front();
  leave_queue(w, m, oldest);
  if (is_wanted(w, oldest)) ++m.broker->counts.dropped;
  end_query(w, m, oldest, Ending::rejected);
  return true;
}

// What only models with variants or a limit do. @return whether the query is still to join
bool is_let_in(World& w, ModelState& m, QueryId id) {
  if (m.spec->variants != nullptr) choose_variant(w, m, id);
  if (!is_full(m) || make_room(w, m)) return true;
  end_query(w, m, id, Ending::rejected);
  return false;
}

}  // namespace

inline void join_stage(World& w, ModelState& m, QueryId id) {
  Query& q = w.queries[id];
  q.stage_arrived = w.now;
  q.deliveries = 0;
  ++m.counts.arrived;
  if (w.attended) begin_visit(w, id);
  if (m.limited && !is_let_in(w, m, id)) return;
  if (m.link_to != kNone) {
    w.queries[id].state = QueryState::travelling;  // making room may have moved the slots
    w.links.push(m.link_to, w.now, id);
    return;
  }
  join_queue(w, m, id);
}

void enter_stage(World& w, ModelState& m, QueryId id) {
  join_stage(w, m, id);
}

// The earliest of all workloads: looked for once an arrival, not once an event.
inline void note_next_arrival(World& w) {
  if (w.workloads.size() == 1) {  // where the cost of one query shows most
    w.next_arrival = w.workloads.front().next;
    return;
  }
  SimTime soonest = kNever;
  std::uint32_t index = 0;
  for (const WorkloadState& workload : w.workloads) {
    if (workload.next < soonest) {
      soonest = workload.next;
      w.next_workload = index;
    }
    ++index;
  }
  w.next_arrival = soonest;
}

[[gnu::noinline]] void fetch_block(WorkloadState& workload) {
  workload.filled = workload.source->next(workload.block);
  workload.cursor = 0;
}

[[gnu::always_inline]] inline void take_next(World& w, WorkloadState& workload) {
  if (workload.cursor == workload.filled) [[unlikely]]
    fetch_block(workload);
  workload.next = workload.cursor < workload.filled ? workload.block[workload.cursor].at : kNever;
  if (workload.next >= w.horizon) [[unlikely]]
    workload.next = kNever;  // arrivals end with the horizon
  note_next_arrival(w);
}

void refill(World& w, WorkloadState& workload) {
  take_next(w, workload);
}

// One of the two below: the hot one has it inlined.
[[gnu::always_inline]] inline void take_in(World& w, WorkloadState& workload, const Arrival& arrival, Rng& noise,
                                           std::uint32_t client) {
  const Target target = workload.targets[arrival.target];
  const QueryId id = w.queries.take();
  ModelState& m = w.models[target.model];
  Query& q = w.queries[id];
  q.arrived = w.now;
  q.size = arrival.size;
  q.noise = m.noise(noise);
  q.replica = kNone;
  q.model = static_cast<std::uint16_t>(target.model);
  q.pipeline = target.pipeline;
  q.stage = 0;
  if (target.pipeline == kNoPipeline) {
    ++w.direct.arrived;
  } else {
    PipelineState& p = w.pipelines[target.pipeline];
    ++p.counts.arrived;
    for (std::size_t s = 1; s < p.stages.size(); ++s) w.queries.later_noise(id, s) = w.models[p.stages[s]].noise(noise);
  }
  if (w.queries.with_extra()) {
    QueryExtra& extra = w.queries.extra(id);
    extra.serial = w.arrivals;
    extra.deadline = arrival.deadline > Duration{} ? w.now + arrival.deadline : kNever;
    if (arrival.deadline > Duration{}) w.any_deadline = true;
    if (w.swaps) {
      extra.variant = target.variant;
      extra.workload = workload.id;
      extra.ordinal = workload.taken_in++;
    }
  }
  ++w.arrivals;
  if (w.attended) return attend(w, workload, id, client);
  join_stage(w, m, id);
}

void admit(World& w, WorkloadState& workload, const Arrival& arrival, Rng& noise, std::uint32_t client) {
  take_in(w, workload, arrival, noise, client);
}

inline void arrive(World& w, WorkloadState& workload) {
  const Arrival& arrival = workload.block[workload.cursor++];
  take_in(w, workload, arrival, workload.noise_rng, kNone);
  take_next(w, workload);
}

inline void leave_link(World& w) {
  const std::uint32_t link = w.links.due();
  const EventKind kind = w.links.kind();
  const QueryId id = w.links.pop();
  if (kind > EventKind::allocation) [[unlikely]]
    return time_out(w, link, id);
  ModelState& m = w.models[w.queries[id].model];
  if (kind == EventKind::query_delivered) {
    if (w.attended && !is_wanted(w, id)) return discard(w, m, id);
    join_queue(w, m, id);
  } else {
    settle(w, m, id, w.now - w.links[link].delay());
  }
}

}  // namespace windtunnel
