#include "sim/simulation/lifecycle.hpp"

#include <algorithm>
#include <utility>

#include "models/memory/paging.hpp"
#include "models/memory/token_pool.hpp"
#include "sim/simulation/anatomy.hpp"
#include "sim/simulation/endpoints.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/host_memory.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/node_life.hpp"
#include "sim/simulation/placement.hpp"
#include "sim/simulation/probes.hpp"
#include "sim/simulation/rollout.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/start_times.hpp"
#include "sim/simulation/transfers.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// Everything random about this start, keyed by who starts and which time it is (law 3).
void draw_stages(World& w, Replica& r) {
  const ModelSpec& spec = *w.models[r.model].spec;
  Rng rng = w.streams.keyed("cold_start/" + spec.name, r.ordinal, r.starts);
  const auto draw = [&rng](const Law& law) {
    LawSampler sampler(law);
    return to_duration(sampler(rng));
  };
  const ColdStartSpec& cold = spec.cold_start;
  r.stage_time[kContainer] = draw(cold.container);
  r.stage_time[kImport] = draw(cold.import_framework);
  r.stage_time[kLoad] = draw(cold.load);
  r.stage_time[kFirstBatch] = draw(cold.first_batch);
}

// How far a duty-cycle cap is off for this process.
void draw_duty(World& w, Replica& r) {
  const double error = w.gpus[r.gpu].mode->duty_error();
  if (error == 0) return;
  Rng rng = w.streams.keyed("duty/" + w.models[r.model].spec->name, r.ordinal, r.starts);
  r.duty = 1 + error * (2 * rng.uniform() - 1);
}

Bytes context_of(const World& w, const Replica& r) {
  const MemorySpec& memory = w.models[r.model].spec->memory;
  return w.gpus[r.gpu].mode->small_context() ? memory.context_mps : memory.context;
}

// Takes device memory for good, or dies of it. @return whether the process lives
bool take_or_die(World& w, ReplicaId replica, Bytes amount, Bytes Replica::* where, MemoryPart part) {
  const MemoryVerdict verdict = ask_device(w, replica, amount, context_of(w, w.replicas[replica]), part);
  if (verdict == MemoryVerdict::granted) {
    w.replicas[replica].*where = amount;
    return true;
  }
  if (verdict == MemoryVerdict::requester_evicted) return false;
  kill_replica(w, replica, {.cause = cause_of(verdict), .asked = amount});
  return false;
}

// Weights, of which an oversubscribed process leaves on the host what finds no room. @return whether the process lives
bool take_weights(World& w, ReplicaId replica) {
  const MemorySpec& memory = w.models[w.replicas[replica].model].spec->memory;
  Bytes resident = memory.weights;
  if (memory.paging_bytes_per_s > 0) {
    const SharingMode& mode = *w.gpus[w.replicas[replica].gpu].mode;
    resident = grantable(mode, request_of(w, replica, resident, context_of(w, w.replicas[replica])));
    w.replicas[replica].paged = memory.weights - resident;
  }
  return take_or_die(w, replica, resident, &Replica::weights, MemoryPart::weights);
}

// The pool is sized once, from what the process is told the device has. @return whether the process lives
bool take_pool(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const MemorySpec& memory = w.models[r.model].spec->memory;
  if (!memory.pool) return true;
  const GpuState& gpu = w.gpus[r.gpu];
  const TokenPool pool =
      size_token_pool(*memory.pool, gpu.mode->visible_memory(gpu.ledger.size(), r.limit), r.context, r.weights);
  r.blocks = pool.blocks;
  return take_or_die(w, replica, pool.bytes, &Replica::pool, MemoryPart::pool);
}

// Of a replica that serves: copies of what it swaps are kept where they are at hand.
Bytes steady_host(const ModelSpec& spec) {
  return spec.host_memory.steady + (spec.variants != nullptr ? spec.variants->host_copies() : Bytes{});
}

// What a stage's beginning asks for. @return whether the process lives
bool stage_begins(World& w, ReplicaId replica, std::uint8_t stage) {
  if (stage == kImport) start_tickers(w, replica);
  return stage != kLoad ||
         hold_host(w, replica, w.models[w.replicas[replica].model].spec->host_memory.loading, MemoryPart::loading);
}

// @return whether the process lives and goes on at once
bool stage_ends(World& w, ReplicaId replica, std::uint8_t stage) {
  Replica& r = w.replicas[replica];
  const ModelSpec& spec = *w.models[r.model].spec;
  switch (stage) {
    case kPull: w.nodes[w.gpus[r.gpu].node].images.insert(r.model); return true;
    case kImport:
      if (const SimTime at = takes_clients_at(w, replica); at > w.now) {  // tries again until it is let in
        --r.stage;
        w.heap.push(at, EventKind::replica_stage_done, replica, r.generation);
        return false;
      }
      return take_or_die(w, replica, context_of(w, r), &Replica::context, MemoryPart::context);
    case kLoad:
      return take_weights(w, replica) && take_pool(w, replica) &&
             hold_host(w, replica, steady_host(spec), MemoryPart::serving);
    default: return true;
  }
}

// Sees to it that the stage's end is heard of. @return false if it is over at once
bool takes_time(World& w, ReplicaId replica, std::uint8_t stage) {
  const Replica& r = w.replicas[replica];
  if (stage == kPull) return await_image(w, replica);
  if (stage == kLoad && w.models[r.model].spec->cold_start.weights) {
    load_weights(w, replica);
    return true;
  }
  if (r.stage_time[stage] == Duration{}) return false;
  w.heap.push(w.now + r.stage_time[stage], EventKind::replica_stage_done, replica, r.generation);
  return true;
}

// Runs stages until one takes time, or the replica is ready.
void go_on(World& w, ReplicaId replica) {
  while (w.replicas[replica].stage < kColdStages) {
    Replica& r = w.replicas[replica];
    const std::uint8_t stage = r.stage;
    if (!stage_begins(w, replica, stage)) return;
    r.stage_began = w.now;
    if (takes_time(w, replica, stage)) return;
    ++r.stage;
    if (!stage_ends(w, replica, stage)) return;
  }
  Replica& ready = w.replicas[replica];
  ready.ready_since = w.now;
  if (ready.times_start && await_readiness(w, replica)) {  // whoever pulls does not ask for readiness
    ready.state = ReplicaState::ready;
    offer(w, replica);
  } else {
    ready.ready_at = w.now;
    if (ready.times_start) count_start(w.models[ready.model], ready);
    if (ready.scale_up != kNone) scale_up_served(w, replica);
    join_ready(w, replica);
  }
  if (w.any_faults) start_fault_clocks(w, replica);
  watch_by_probes(w, replica);
}

void leave_gpu(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  GpuState& gpu = w.gpus[r.gpu];
  std::erase(gpu.replicas, replica);
  gpu.promised -= r.limit.value_or(Bytes{});
  release_slot(w, gpu.node, r);
  w.models[r.model].placed.add(-1, w.now);
  r.gpu = kNone;
  ++w.fleet_changes;
}

}  // namespace

void join_ready(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  r.state = ReplicaState::ready;
  mark_ready(w, replica);
  offer(w, replica);
  if (!m.pull) dispatch_waiting(w, m);
}

void readiness_reached(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  if (r.state != ReplicaState::ready && r.state != ReplicaState::paused) return;
  if (r.deleted || r.termination_tag != 0) return;
  r.ready_at = w.now;
  r.times.probe = r.ready_at - r.ready_since;
  count_start(w.models[r.model], r);
  if (r.scale_up != kNone) scale_up_served(w, replica);
  become_ready(w, replica);
}

void remove_pod(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (r.scale_up != kNone) scale_up_given_up(w, replica);
  if (r.gpu != kNone) leave_gpu(w, replica);
  forget_pod(w, r);
  r.state = ReplicaState::gone;
  std::erase(m.replicas, replica);
  if (!r.listed) m.spare_slots.push_back(replica);  // else once the dispatcher's list has heard of it
  w.room_came = true;
  request_scheduling(w);
  rollout_moved(w, m);
}

ReplicaId create_replica(World& w, ModelState& m) {
  m.current.add(1, w.now);
  return replace_replica(w, m);
}

ReplicaId replace_replica(World& w, ModelState& m) {
  ReplicaId id = kNone;
  if (m.spare_slots.empty()) {
    id = static_cast<ReplicaId>(w.replicas.size());
    w.replicas.emplace_back();
    w.outstanding.push_back(0);
  } else {  // slots are reused, so memory follows the replicas there are
    id = m.spare_slots.back();
    m.spare_slots.pop_back();
    const bool in_ring = w.replicas[id].in_idle_ring;
    w.replicas[id] = Replica{};
    w.replicas[id].in_idle_ring = in_ring;
  }
  if (w.any_faults) {
    w.faults.resize(w.replicas.size());
    w.faults[id] = {};
  }
  Replica& r = w.replicas[id];
  r.model = m.id;
  r.ordinal = m.created++;
  r.pod_template = newest_template(m);
  const RestartBackoffSpec& backoff = m.spec->restart_backoff;
  r.backoff = RestartBackoff(backoff.first, backoff.most, backoff.forget_after);
  r.created = w.now;
  r.generation = ++w.generations;
  m.replicas.push_back(id);
  w.pending_pods.push_back(id);
  return id;
}

void start_process(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  r.state = ReplicaState::starting;
  r.generation = ++w.generations;
  draw_stages(w, r);
  draw_duty(w, r);
  ++r.starts;
  if (w.metric_path != nullptr) (void)server_of(w, replica);
  r.stage = 0;
  r.times_start = true;
  r.times.stages = {};
  go_on(w, replica);
}

void start_ready(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  r.state = ReplicaState::starting;
  draw_duty(w, r);
  ++r.starts;
  if (w.metric_path != nullptr) (void)server_of(w, replica);
  r.times_start = false;
  start_tickers(w, replica);
  const ModelSpec& spec = *w.models[r.model].spec;
  w.nodes[w.gpus[r.gpu].node].images.insert(r.model);
  if (!take_or_die(w, replica, context_of(w, r), &Replica::context, MemoryPart::context)) return;
  if (!take_weights(w, replica) || !take_pool(w, replica) ||
      !hold_host(w, replica, steady_host(spec), MemoryPart::serving))
    return;
  r.stage = kColdStages;
  go_on(w, replica);
}

void stage_done(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const std::uint8_t stage = r.stage++;
  r.times.stages[stage] = w.now - r.stage_began;
  if (stage_ends(w, replica, stage)) go_on(w, replica);
}

void end_process(World& w, ReplicaId replica) {
  leave_ready(w, replica);
  if (w.any_faults) stop_fault_clocks(w, replica);
  stop_loading(w, replica);
  Replica& r = w.replicas[replica];
  r.generation = ++w.generations;
  give_back_device(w, replica, held(r), MemoryPart::process);
  r.context = r.weights = r.variants = r.reserved = r.pool = r.live = r.leaked = r.paged = {};
  r.residents.clear();
  r.blocks = r.blocks_used = 0;
  r.served = 0;
  r.wedge.reset();
  r.waiting_for_company = false;  // what is on its way is stale now
  release_host(w, replica);
  r.taken = 0;
  r.finishing = false;  // a job that died is tried again
  r.state = ReplicaState::backing_off;
  r.termination_tag = 0;
  r.killed_at = kNever;
}

void restart_or_remove(World& w, ReplicaId replica, std::optional<Duration> down) {
  Replica& r = w.replicas[replica];
  if (r.deleted) {
    remove_pod(w, replica);
    return;
  }
  r.state = ReplicaState::backing_off;
  if (down) {
    w.heap.push(w.now + *down, EventKind::crash_over, replica, r.generation);
    return;
  }
  w.heap.push(w.now + r.backoff.finished(w.now), EventKind::replica_restarts, replica, r.generation);
}

void restart(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ++w.models[r.model].restarts;
  r.backoff.restarted(w.now);
  r.times = {};  // from the container on
  start_process(w, replica);
}

void restart_in_place(World& w, ReplicaId replica) {
  if (const SimTime at = takes_clients_at(w, replica); at > w.now) {
    w.heap.push(at, EventKind::crash_over, replica, w.replicas[replica].generation);
    return;
  }
  ++w.models[w.replicas[replica].model].restarts;
  start_ready(w, replica);
}

void take_for_job(World& w, ReplicaId replica, std::uint32_t queries) {
  Replica& r = w.replicas[replica];
  r.taken += queries;
  if (r.taken < w.models[r.model].ends_after || r.state != ReplicaState::ready) return;
  leave_ready(w, replica);
  r.state = ReplicaState::draining;
  r.finishing = true;
}

}  // namespace windtunnel
