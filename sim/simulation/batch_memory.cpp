#include "sim/simulation/batch_memory.hpp"

#include <algorithm>

#include "models/memory/leak.hpp"
#include "models/memory/paging.hpp"
#include "models/memory/token_pool.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/probes.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/swapping.hpp"
#include "sim/simulation/termination.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// What a demand came to.
struct Demand {
  MemoryVerdict verdict = MemoryVerdict::granted;
  Bytes asked{};       // of the refused request
  Duration stall{};    // the allocator handed its cache back
  double page_ns = 0;  // GPU time that paging costs
};

RunningBatch& batch_of(Replica& r, QueryId head) {
  return *std::find_if(r.running.begin(), r.running.end(), [&](const RunningBatch& b) { return b.head == head; });
}

std::optional<BatchPhase> phase_of(const World& w, const Replica& r, const RunningBatch& batch) {
  const ModelState& m = w.models[r.model];
  if (m.phases != nullptr) return m.phases->phase(r.ordinal, batch.phase, w.now);
  const MemorySpec& memory = m.spec->memory;
  if (batch.phase >= std::max<std::size_t>(1, memory.phases.size())) return std::nullopt;
  const MemoryPhase phase = memory.phases.empty() ? MemoryPhase{1, memory.per_item} : memory.phases[batch.phase];
  return BatchPhase{phase.share_of_work * batch.gpu_work_ns,
                    work_memory(memory, static_cast<double>(phase.per_item.value) * batch.size)};
}

// Grows the process to `total` of work memory. Paged models take what there is.
Demand grow(World& w, ReplicaId replica, Bytes total) {
  Replica& r = w.replicas[replica];
  const double paging = w.models[r.model].spec->memory.paging_bytes_per_s;
  Demand out{.asked = total - r.reserved};
  if (out.asked.value <= 0) return out;
  if (paging > 0) {
    const SharingMode& mode = *w.pools[w.gpus[r.gpu].pool].mode;
    const Bytes miss = out.asked - grantable(mode, request_of(w, replica, out.asked, r.context));
    total -= miss;
    out.page_ns = paging_ns(miss, paging);
    out.asked -= miss;
    if (out.asked.value == 0) return out;
  }
  out.verdict = ask_device(w, replica, out.asked, r.context, MemoryPart::work);
  if (out.verdict == MemoryVerdict::granted) r.reserved = total;
  return out;
}

// Weights that found no room come in as soon as there is some; until then every batch pages them through.
double page_weights(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.paged.value == 0) return 0;
  const SharingMode& mode = *w.pools[w.gpus[r.gpu].pool].mode;
  const Bytes room = grantable(mode, request_of(w, replica, r.paged, r.context));
  if (room.value > 0 && ask_device(w, replica, room, r.context, MemoryPart::weights) == MemoryVerdict::granted) {
    r.weights += room;
    r.paged -= room;
  }
  return paging_ns(r.paged, w.models[r.model].spec->memory.paging_bytes_per_s);
}

// The batch's phase asks for its memory; what its last phase held counts as released.
Demand ask_for_phase(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  const MemorySpec& memory = m.spec->memory;
  RunningBatch* batch = &batch_of(r, head);
  r.live -= batch->held.reserved;
  batch->held = {};
  WorkMemory wanted = batch->next.memory;
  Demand out = grow(w, replica, r.live + wanted.reserved + r.leaked);
  const bool refused = out.verdict == MemoryVerdict::device_full || out.verdict == MemoryVerdict::own_limit;
  if (refused && memory.allocator == Allocator::caching) {
    const bool had_cache = hand_cache_back(w, replica);
    if (had_cache || wanted.least < wanted.reserved) {
      ++m.alloc_retries;
      wanted.reserved = wanted.least;
      out = grow(w, replica, r.live + wanted.least + r.leaked);
      out.stall = memory.give_back_stall;
    }
  }
  if (out.verdict != MemoryVerdict::granted) return out;
  batch = &batch_of(r, head);
  batch->held = wanted;
  r.live += wanted.reserved;
  const Bytes total = r.live + r.leaked;
  if (memory.allocator == Allocator::plain && total < r.reserved) {
    give_back_device(w, replica, r.reserved - total, MemoryPart::work);
    r.reserved = total;
  }
  return out;
}

void forget_batch(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  const auto it =
      std::find_if(r.running.begin(), r.running.end(), [&](const RunningBatch& b) { return b.head == head; });
  r.live -= it->held.reserved;
  r.blocks_used -= it->blocks;
  if (it->variant != kNone) r.residents.release(it->variant);
  r.running.erase(it);
  if (w.models[r.model].spec->memory.allocator != Allocator::plain) return;
  const Bytes total = r.live + r.leaked;
  if (total >= r.reserved) return;
  give_back_device(w, replica, r.reserved - total, MemoryPart::work);
  r.reserved = total;
}

// The server survives the refusal: the batch's queries fail, what it had worked is lost.
void fail_batch(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (--r.active == 0) {
    end_busy(w, m, r);
    if (m.serving_clock) serving_ends(w, replica);
  }
  const bool had_begun = batch_of(r, head).phase > 0;
  forget_batch(w, replica, head);
  for (QueryId id = head; id != kNone;) {
    const QueryId next = w.queries[id].next;
    m.lost_work += (w.now - w.queries[id].started).count();
    leave_service(w, m, id);
    end_query(w, m, id, Ending::failed);
    id = next;
  }
  if (had_begun && (r.state != ReplicaState::draining || !r.queue.empty())) offer(w, replica);
  if (r.state == ReplicaState::draining) drain_or_remove(w, replica);
}

// The server hangs: it keeps its memory and its queries, and makes no progress until the liveness probe ends it.
void wedge(World& w, ReplicaId replica, const Demand& demand) {
  Replica& r = w.replicas[replica];
  r.wedge = wedge_record(w, replica, cause_of(demand.verdict), demand.asked);
  const ModelState& m = w.models[r.model];
  r.state = ReplicaState::wedged;
  if (m.serving_clock) serving_ends(w, replica);
  for (const RunningBatch& batch : r.running) (void)w.shares.remove(r.gpu, batch.head, w.now);
  w.heap.push(w.now + deaf_time(w, r, kReadinessProbe), EventKind::readiness_failed, replica, r.generation);
  w.heap.push(w.now + deaf_time(w, r, kLivenessProbe) + m.spec->probe.grace, EventKind::liveness_killed, replica,
              r.generation);
}

void refuse_batch(World& w, ReplicaId replica, QueryId head, const Demand& demand) {
  ModelState& m = w.models[w.replicas[replica].model];
  switch (m.spec->on_vram_oom) {
    case OnVramOom::fail_query:
      ++m.oom_events;  // survived: counted apart from kills (law 6)
      note_oom(w, replica, cause_of(demand.verdict));
      fail_batch(w, replica, head);
      break;
    case OnVramOom::wedge: wedge(w, replica, demand); break;
    case OnVramOom::exit: kill_replica(w, replica, {.cause = cause_of(demand.verdict), .asked = demand.asked}); break;
  }
}

// Asks for the memory of the batch's phase and puts the phase to work, after `host` time where there is some.
void run_phase(World& w, ReplicaId replica, QueryId head, Duration host, bool through_host) {
  const Demand demand = ask_for_phase(w, replica, head);
  if (demand.verdict == MemoryVerdict::requester_evicted) return;  // and its batches with it
  if (demand.verdict != MemoryVerdict::granted) return refuse_batch(w, replica, head, demand);
  Replica& r = w.replicas[replica];
  batch_of(r, head).next.work_ns += demand.page_ns;
  const Duration wait = host + demand.stall;
  if (RunningBatch& batch = batch_of(r, head); batch.loading) [[unlikely]] {
    batch.after_load = wait;
    return;
  }
  if (through_host || wait > Duration{}) {
    w.heap.push(w.now + wait, EventKind::host_phase_finished, head, r.generation);
  } else {
    work_of_phase(w, replica, head);
  }
}

}  // namespace

bool hand_cache_back(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  Bytes needed = r.leaked;
  for (RunningBatch& batch : r.running) {
    batch.held.reserved = batch.held.least;
    needed += batch.held.least;
  }
  r.live = needed - r.leaked;
  if (needed >= r.reserved) return false;
  give_back_device(w, replica, r.reserved - needed, MemoryPart::work);
  r.reserved = needed;
  return true;
}

void start_memory_batch(World& w, ReplicaId replica, QueryId head, double size) {
  Replica& r = w.replicas[replica];
  const ModelState& m = w.models[r.model];
  const MemorySpec& memory = m.spec->memory;
  RunningBatch batch{.head = head, .size = size};
  const bool has_host_phase = r.gpu_active < 1;
  const double noise = w.queries[head].noise;
  Duration host = has_host_phase ? to_duration(host_ns(r, size) * noise * 1e-9) : Duration{};
  batch.gpu_work_ns = r.special ? gpu_work_ns(w, r, head, size) : solo_ns(r, size) * noise;
  for (QueryId id = head; id != kNone; id = w.queries[id].next) {
    ++r.served;
    if (m.token_pool) batch.blocks += blocks_for(*memory.pool, w.queries[id].size);
  }
  r.blocks_used += batch.blocks;
  r.leaked = leaked(memory.leak, r.served, to_seconds(w.now - r.ready_since));
  const auto first = phase_of(w, r, batch);
  SIM_CHECK(first.has_value(), "a batch without a first phase");
  batch.next = *first;
  if (r.paged.value > 0) batch.next.work_ns += page_weights(w, replica);
  r.running.push_back(batch);
  if (m.spec->variants != nullptr) [[unlikely]] {
    const std::uint32_t variant = w.queries.extra(head).variant;
    const SwapIn swap = swap_in(w, replica, variant);
    if (swap.verdict == MemoryVerdict::requester_evicted) return;  // and its batches with it
    if (swap.verdict != MemoryVerdict::granted)
      return refuse_batch(w, replica, head, {.verdict = swap.verdict, .asked = swap.asked});
    RunningBatch& mine = batch_of(w.replicas[replica], head);
    mine.variant = variant;
    mine.loading = swap.loading;
    host += swap.wait;
    run_phase(w, replica, head, host, has_host_phase);
    if (w.replicas[replica].state != ReplicaState::wedged && w.replicas[replica].active > 0) fetch_ahead(w, replica);
    return;
  }
  run_phase(w, replica, head, host, has_host_phase);
}

void work_of_phase(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  const RunningBatch& batch = batch_of(r, head);
  r.items_on_gpu = batch.size;
  w.shares.add(r.gpu, head, replica, batch.next.work_ns, w.now);
}

bool next_phase_begins(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  const ModelState& m = w.models[r.model];
  if (m.phases == nullptr && m.spec->memory.phases.size() < 2) return false;
  RunningBatch& batch = batch_of(r, head);
  ++batch.phase;
  const auto next = phase_of(w, r, batch);
  if (!next) return false;
  batch.next = *next;
  w.heap.push(w.now, EventKind::memory_demanded, head, r.generation);
  return true;
}

void demand_memory(World& w, const Scheduled& event) {
  const Query& q = w.queries[event.entity];
  if (q.state != QueryState::in_service || w.replicas[q.replica].generation != event.tag) return;
  const ReplicaState state = w.replicas[q.replica].state;
  if (state == ReplicaState::wedged) return;  // it hangs
  if (state == ReplicaState::paused) return hold_batch(w, q.replica, event.entity, HeldUntil::memory);
  run_phase(w, q.replica, event.entity, Duration{}, false);
}

void release_batch(World& w, ReplicaId replica, QueryId head) {
  forget_batch(w, replica, head);
}

bool has_tokens_for(const World& w, const Replica& r, QueryId query, std::int64_t taken) {
  const auto blocks = blocks_for(*w.models[r.model].spec->memory.pool, w.queries[query].size);
  return r.blocks_used + taken + blocks <= r.blocks;
}

bool can_ever_hold(const World& w, const Replica& r, QueryId query) {
  return blocks_for(*w.models[r.model].spec->memory.pool, w.queries[query].size) <= r.blocks;
}

}  // namespace windtunnel
