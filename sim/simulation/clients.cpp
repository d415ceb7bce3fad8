// Clients: how long they wait, whether they try again, and closed loops of them.
#include <algorithm>
#include <cmath>

#include "sim/simulation/attended.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/serving_parts.hpp"
#include "sim/workload/arrival_source.hpp"

namespace windtunnel {
namespace {

const ClientSpec& client_spec(const WorkloadState& workload) {
  return *workload.clients->spec;
}

WorkloadState& workload_of(World& w, QueryId id) {
  return w.workloads[w.queries.extra(id).workload];
}

[[gnu::always_inline]] inline bool is_moot(const World& w, EventKind kind, QueryId id, SimTime due) {
  const QueryExtra& extra = w.queries.extra(id);
  const SimTime awaited = kind == EventKind::client_timed_out ? extra.gives_up : extra.ack_due;
  // Most were answered, and another query has their slot.
  return awaited != due || extra.is_orphan() || w.queries[id].state == QueryState::free;
}

[[gnu::always_inline]] inline void drop_moot(World& w, EventKind kind, std::uint32_t link) {
  w.links.drop_moot(link, [&w, kind](QueryId id, SimTime due) { return is_moot(w, kind, id, due); });
}

[[gnu::always_inline]] inline void push_to_ring(World& w, EventKind kind, std::uint32_t link, QueryId id) {
  drop_moot(w, kind, link);
  w.links.push(link, w.now, id);
}

// An attempt begins: its client's patience, and its first stage.
[[gnu::always_inline]] inline void begin_attempt(World& w, WorkloadState& workload, QueryId id) {
  ClientState& clients = *workload.clients;
  const ClientSpec& spec = client_spec(workload);
  ++clients.counts.attempts;
  QueryExtra& extra = w.queries.extra(id);
  extra.deadline = extra.expires;
  if (spec.timeout) {
    if (clients.link != kNone) {
      extra.gives_up = w.now + w.links[clients.link].delay();
      push_to_ring(w, EventKind::client_timed_out, clients.link, id);
    } else {
      Rng rng = w.streams.keyed(clients.for_patience, extra.ordinal, extra.attempts);
      extra.gives_up = w.now + to_duration(clients.timeout(rng));
      w.heap.push(extra.gives_up, EventKind::client_timed_out, id);
    }
    if (!spec.only_queued) {
      extra.deadline = std::min(extra.expires, extra.gives_up);
      w.any_deadline = true;
    }
  }
  Query& q = w.queries[id];
  if (q.pipeline != kNoPipeline && w.pipelines[q.pipeline].graph != nullptr) return fork(w, id);
  join_stage(w, w.models[q.model], id);
}

// Waits grow by `factor` from `first` to `most`; spread as Brooker (AWS Architecture Blog, 2015) names them.
Duration wait_before_retry(const World& w, const WorkloadState& workload, const QueryExtra& extra) {
  const RetrySpec& spec = client_spec(workload).retry;
  const double grown = to_seconds(spec.first) * std::pow(spec.factor, extra.attempts - 1);
  const double wait = std::min(grown, to_seconds(spec.most));
  Rng rng = w.streams.keyed(workload.clients->for_retry, extra.ordinal, extra.attempts);
  const double u = rng.uniform();
  switch (spec.jitter) {
    case Jitter::none: return to_duration(wait);
    case Jitter::equal: return to_duration(wait * (0.5 + 0.5 * u));
    case Jitter::full: return to_duration(wait * u);
    case Jitter::exponential: return to_duration(-wait * std::log1p(-u));
  }
  return {};
}

// Takes a batch of this one query out of service. @return false if that cannot be done: it then runs on
bool cancel_service(World& w, ModelState& m, QueryId id) {
  const ReplicaId replica = w.queries[id].replica;
  Replica& r = w.replicas[replica];
  if (m.uses_memory || w.queries[id].next != kNone || r.state == ReplicaState::paused) return false;
  if (!w.shares.remove(r.gpu, id, w.now)) return false;
  std::erase_if(r.running, [id](const RunningBatch& batch) { return batch.head == id; });
  m.lost_work += (w.now - w.queries[id].started).count();
  leave_service(w, m, id);
  give_slot_back(w, m, replica);
  look_for_work(w, replica);
  return true;
}

// Takes the query from where it is, or leaves an orphan there. @return its slot, which is nowhere now
QueryId withdraw(World& w, QueryId id, Cancel cancel) {
  ModelState& m = w.models[w.queries[id].model];
  const QueryState state = w.queries[id].state;
  if (state == QueryState::queued && cancel != Cancel::none) {
    leave_queue(w, m, id);
    ++m.broker->counts.abandoned;
    return id;
  }
  if (state == QueryState::in_service && cancel == Cancel::all && cancel_service(w, m, id)) return id;
  return detach(w, id);
}

void think(World& w, WorkloadState& workload, std::uint32_t client) {
  ClientState& clients = *workload.clients;
  if (workload.spec->queries && clients.made + w.expected >= *workload.spec->queries) return;
  Rng rng = w.streams.keyed(clients.for_think, client, clients.asked[client]);
  const SimTime at = w.now + to_duration(clients.think(rng));
  if (at >= w.horizon) return;
  ++w.expected;
  w.heap.push(at, EventKind::client_submits, workload.id, client);
}

}  // namespace

void push_time_out(World& w, std::uint32_t link, QueryId id) {
  push_to_ring(w, w.links[link].kind(), link, id);
}

inline void attend(World& w, WorkloadState& workload, QueryId id, std::uint32_t client) {
  ClientState& clients = *workload.clients;
  QueryExtra& extra = w.queries.extra(id);
  // All that a visit does not set anew: slots are used again.
  extra.gives_up = kNever;
  extra.attempts = 1;
  extra.root = extra.run = extra.original = kNone;
  extra.stray = false;
  extra.ordinal = clients.made++;
  extra.expires = extra.deadline;
  if (const auto& deadline = client_spec(workload).deadline) {
    extra.expires = std::min(extra.expires, w.now + *deadline);
    w.any_deadline = true;
  }
  extra.first_noise = w.queries[id].noise;
  extra.client = client;
  extra.workload = workload.id;
  extra.priority = static_cast<std::uint16_t>(workload.spec->priority);
  extra.key = static_cast<std::uint32_t>(extra.ordinal);  // without keys each is its own, and partitions take turns
  if (workload.spec->keys > 0) {
    Rng rng = w.streams.keyed(clients.for_key, extra.ordinal, 0);
    extra.key = rng.below(static_cast<std::uint32_t>(workload.spec->keys));
  }
  begin_attempt(w, workload, id);
}

void time_out(World& w, std::uint32_t link, QueryId id) {
  const EventKind kind = w.links[link].kind();
  if (!is_moot(w, kind, id, w.now)) {
    if (kind == EventKind::client_timed_out) {
      client_times_out(w, id);
    } else {
      ack_times_out(w, id);
    }
  }
  drop_moot(w, kind, link);
}

void client_times_out(World& w, QueryId slot) {
  if (is_moot(w, EventKind::client_timed_out, slot, w.now)) return;
  const QueryId id = primary_of(w, slot);
  if (id == kNone) return;
  WorkloadState& workload = workload_of(w, id);
  const ClientSpec& spec = client_spec(workload);
  const QueryState state = w.queries[id].state;
  if (spec.only_queued && state != QueryState::queued && state != QueryState::travelling) return;
  ++workload.clients->counts.timeouts;
  if (state == QueryState::forked) {
    abandon_stages(w, id, spec.cancel, Ending::timed_out);
    return finish_attempt(w, id, Ending::timed_out);
  }
  const bool was_queued = state == QueryState::queued;
  const QueryId gone = withdraw(w, id, spec.cancel);
  if (gone == id && !was_queued) w.queries[gone].state = QueryState::travelling;
  end_query(w, w.models[w.queries[gone].model], gone, Ending::timed_out);
}

void attempt_ends(World& w, ModelState& m, QueryId id, Ending how) {
  release_key(w, m, id);
  const QueryExtra& extra = w.queries.extra(id);
  if (extra.stray) return w.queries.give_back(id);
  if (extra.root != kNone) return stage_ends(w, id, how);
  finish_attempt(w, id, how);
}

void finish_attempt(World& w, QueryId id, Ending how) {
  WorkloadState& workload = workload_of(w, id);
  QueryExtra& extra = w.queries.extra(id);
  Query& q = w.queries[id];
  if (extra.attempts < client_spec(workload).retry.attempts) {
    const SimTime again = w.now + wait_before_retry(w, workload, extra);
    if (again < extra.expires) {
      q.state = QueryState::backing_off;
      extra.gives_up = extra.ack_due = kNever;
      extra.visit = ++w.visits;
      ++extra.attempts;
      ++workload.clients->counts.retries;
      w.heap.push(again, EventKind::retry_due, id);
      return;
    }
  }
  ++workload.clients->counts.gave_up;
  if (q.pipeline == kNoPipeline) {
    count_ending(w.direct, how);
  } else {
    count_ending(w.pipelines[q.pipeline].counts, how);
    ++w.pipelines[q.pipeline].slo_ended;
  }
  if (w.log_queries) log_query(w, id, w.now - q.stage_arrived, Duration{}, false);
  root_ends(w, id);
}

inline void end_root(World& w, QueryId id) {
  WorkloadState& workload = workload_of(w, id);
  const std::uint32_t client = w.queries.extra(id).client;
  ++workload.clients->counts.queries;
  w.queries.give_back(id);
  if (client != kNone) think(w, workload, client);
}

void root_ends(World& w, QueryId id) {
  end_root(w, id);
}

void retry(World& w, QueryId id) {
  Query& q = w.queries[id];
  q.stage = 0;
  q.noise = w.queries.extra(id).first_noise;
  if (q.pipeline != kNoPipeline) q.model = static_cast<std::uint16_t>(w.pipelines[q.pipeline].stages.front());
  begin_attempt(w, workload_of(w, id), id);
}

void start_clients(World& w, WorkloadState& workload) {
  const auto& closed = std::get<ClosedSpec>(workload.spec->source);
  workload.clients->asked.resize(static_cast<std::size_t>(closed.count));
  for (std::uint32_t client = 0; client < workload.clients->asked.size(); ++client) think(w, workload, client);
}

// What is random about a client's query is keyed by the client and which of its queries it is.
void submit(World& w, std::uint32_t id, std::uint32_t client) {
  WorkloadState& workload = w.workloads[id];
  ClientState& clients = *workload.clients;
  --w.expected;
  Rng rng = w.streams.keyed(clients.for_query, client, clients.asked[client]++);
  Arrival arrival{.at = w.now};
  if (workload.spec->size) arrival.size = clients.size(rng);
  if (workload.targets.size() > 1) arrival.target = rng.below(static_cast<std::uint32_t>(workload.targets.size()));
  admit(w, workload, arrival, rng, client);
}

}  // namespace windtunnel
