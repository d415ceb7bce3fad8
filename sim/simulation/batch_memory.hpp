// Batches of models that can run out of memory: what they ask for at the start and from phase to phase, what a refusal
// does, what they leave behind.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Begins a batch on the replica: asks for the memory of its first phase, then puts it to work. On refusal does what
/// the model's on_vram_oom says.
void start_memory_batch(World& world, ReplicaId replica, QueryId head, double size);
/// The batch's part that waited for the host (its host phase, a stall) is over: its work goes to the GPU.
void work_of_phase(World& world, ReplicaId replica, QueryId head);
/// The work of a phase has run. @return false if it was the last; else the next one asks for its memory when this
/// instant's releases are over
bool next_phase_begins(World& world, ReplicaId replica, QueryId head);
/// It asks now.
void demand_memory(World& world, const Scheduled& event);
/// A batch is over: the allocator keeps its high-water mark, or gives back.
void release_batch(World& world, ReplicaId replica, QueryId head);

/// Hands all back that no running batch needs, as the allocator does before it fails. @return whether that was anything
bool hand_cache_back(World& world, ReplicaId replica);

/// Whether the replica's token pool has room for the query beside `taken` blocks not yet counted.
bool has_tokens_for(const World& world, const Replica& replica, QueryId query, std::int64_t taken);
/// Whether it would have, were it empty.
bool can_ever_hold(const World& world, const Replica& replica, QueryId query);

}  // namespace windtunnel
