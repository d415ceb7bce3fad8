// Queries whose clients or brokers do more than wait (World::attended): time-outs, retries, redelivery, priorities,
// ordering keys, forked pipelines. Called from the common way at its joints; costs nothing where nobody asks for it.
//
// A slot may be one of three things besides a query: an orphan (nobody waits for it any more, but it still takes
// service), a copy (its service went on while the query was handed out again; whoever ends first answers), or a stage
// of a forked query. Law 1 counts none of these twice: orphans and copies not at all, stages at their models.
#pragma once

#include "sim/simulation/serving.hpp"

namespace windtunnel {

/// Where a slot counts (law 1).
struct Presence {
  bool at_model = false, as_root = false, queued = false;
};
Presence presence_of(const World& world, QueryId slot);

/// False for an orphan, and for a copy of a query that is elsewhere.
inline bool is_wanted(const World& w, QueryId id) {
  const QueryExtra& extra = w.queries.extra(id);
  return !extra.is_orphan() && !extra.is_copy();
}
inline double whole_noise(const World& w, const Query& q) {
  const double whole = w.queries.extra(static_cast<QueryId>(&q - &w.queries[0])).whole_noise;
  return whole > 0 ? whole : q.noise;
}

// answers of attended queries (attended.cpp)
[[gnu::always_inline]] inline void settle_attended(World& world, ModelState& model, QueryId query, SimTime finished);
/// Forgets a slot that nobody waits for.
void discard(World& world, ModelState& model, QueryId slot);
/// The query goes on in a fresh slot; the old one is an orphan. @return the fresh one, which is nowhere yet
QueryId detach(World& world, QueryId query);
/// The slot where the query now is, if `slot` is a copy; kNone if it has been answered.
QueryId primary_of(const World& world, QueryId slot);
/// Removes from `ids`, and forgets, those that nobody waits for.
void drop_unwanted(World& world, std::vector<QueryId>& ids);

// the queue (broker.cpp)
[[gnu::always_inline]] inline void begin_visit(World& world, QueryId query);
/// A query that counts as queued already finds its place: behind its key, by its rank, or with a worker.
void join_broker(World& world, ModelState& model, QueryId query);
/// Before its equals: it was there before.
void put_ahead(World& world, ModelState& model, QueryId query);
/// Takes a queued query out of whichever queue it is in.
void leave_queue(World& world, ModelState& model, QueryId query);
QueryId take_front(World& world, ModelState& model);
void forget_rank(World& world, ModelState& model, const QueryQueue& queue);
/// To workers that may hold more.
void hand_out(World& world, ModelState& model);
/// The queue hands the query to a worker, or the worker begins it.
void service_begins(World& world, ModelState& model, QueryId query);
/// Others of its key may go on.
void release_key(World& world, ModelState& model, QueryId query);
void ack_times_out(World& world, QueryId query);
/// Takes the least urgent query out of service for the one at the head of the queue. @return whether one was
bool interrupt_lower(World& world, ModelState& model);

// clients (clients.cpp)
[[gnu::always_inline]] inline void attend(World& world, WorkloadState& workload, QueryId query, std::uint32_t client);
/// An entry of a ring of time-outs is due.
void time_out(World& world, std::uint32_t link, QueryId query);
void client_times_out(World& world, QueryId query);
/// The present attempt has ended without an answer, counted at its model: another one, or the end.
void attempt_ends(World& world, ModelState& model, QueryId query, Ending how);
void finish_attempt(World& world, QueryId query, Ending how);
/// The query is over: its slot is free, and the client of a closed loop thinks again.
void root_ends(World& world, QueryId query);
/// The same, for those on every query's way.
[[gnu::always_inline]] inline void end_root(World& world, QueryId query);
void retry(World& world, QueryId query);
void submit(World& world, std::uint32_t workload, std::uint32_t client);
void start_clients(World& world, WorkloadState& workload);
/// Pushes to a ring of time-outs, from whose head it drops those that are moot.
void push_time_out(World& world, std::uint32_t link, QueryId query);

// forked pipelines (forks.cpp)
void fork(World& world, QueryId root);
/// Where it is a stage of a forked query: that stage is in this slot now.
void note_slot(World& world, QueryId slot);
/// A stage of a forked query ended; its slot is forgotten. `how` is empty where it completed.
void stage_ends(World& world, QueryId slot, std::optional<Ending> how);
/// The root gives up: its stages are cancelled, as far as `cancel` says.
void abandon_stages(World& world, QueryId root, Cancel cancel, Ending how);

}  // namespace windtunnel
