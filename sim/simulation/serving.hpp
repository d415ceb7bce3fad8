// A query's way: arrives, queues, is handed to a replica, runs in a batch, is answered. The hot path.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Why a query left without being completed.
enum class Ending { failed, timed_out, rejected };

// Events of every query: inlined into the loop, as what they are made of is (serving_parts.hpp). A call costs some
// twenty instructions, and there would be a dozen for each query.
/// The next arrival of a workload enters its first stage.
[[gnu::always_inline]] inline void arrive(World& world, WorkloadState& workload);
/// The head of the link that is due reaches its far end.
[[gnu::always_inline]] inline void leave_link(World& world);
/// The GPU whose completion is next finishes that batch.
[[gnu::always_inline]] inline void finish_batch(World& world);

/// Fetches the workload's next block when the present one is used up, and sets `next`.
void refill(World& world, WorkloadState& workload);
/// The host part of a batch is over: it goes on to the GPU.
void finish_host_phase(World& world, const Scheduled& event);
/// Puts a batch to work on the GPU, its host part being over.
void begin_gpu_work(World& world, ReplicaId replica, QueryId head);

/// A replica may have room: it is looked at when this instant's releases and arrivals are over.
void offer(World& world, ReplicaId replica);
/// Hands out work to all that were offered.
[[gnu::always_inline]] inline void allocate_pending(World& world);
void batch_wait_over(World& world, ReplicaId replica);

/// Sends a queued query to that replica's own queue (push dispatch).
void send_to(World& world, ModelState& model, ReplicaId replica, QueryId query);
/// Joins the queue of its model (again), or is sent to a ready replica.
void enqueue(World& world, ModelState& model, QueryId query);
/// Sends on what waited for a ready replica (push dispatch).
void dispatch_waiting(World& world, ModelState& model);
/// Takes a query out of service on a replica that died or refused it.
void leave_service(World& world, ModelState& model, QueryId query);
/// Puts back queries that a replica took with it, or fails those delivered too often. In order of first arrival.
void give_back_queries(World& world, ModelState& model, std::vector<QueryId>& queries);
/// Puts queries that are nowhere else back at the head of their model's queue, in order of first arrival.
void queue_again(World& world, ModelState& model, std::vector<QueryId>& queries);
void end_query(World& world, ModelState& model, QueryId query, Ending how);

}  // namespace windtunnel
