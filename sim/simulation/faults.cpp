#include "sim/simulation/faults.hpp"

#include <algorithm>

#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/termination.hpp"

namespace windtunnel {
namespace {

constexpr std::array kEvents = {EventKind::pause_due, EventKind::crash_due, EventKind::fatal_fault_due};
constexpr std::array<std::string_view, kFaultKinds> kPurposes = {"fault/pause/", "fault/crash/", "fault/fatal/"};

struct Clock {
  const Law* up = nullptr;  // null: the model has no such fault
  FaultClock runs = FaultClock::while_serving;
};

Clock clock_of(const FaultsSpec& faults, FaultKind kind) {
  switch (kind) {
    case kPause: return faults.pause ? Clock{&faults.pause->up, faults.pause->clock} : Clock{};
    case kCrash: return faults.crash ? Clock{&faults.crash->up, faults.crash->clock} : Clock{};
    default: return faults.fatal_fault ? Clock{&faults.fatal_fault->up} : Clock{};
  }
}

// Keyed by who it happens to and which time it is (law 3): neither company nor policy moves it.
Duration draw(const World& w, const Replica& r, std::string_view purpose, std::uint32_t occurrence, const Law& law) {
  Rng rng = w.streams.keyed(std::string(purpose) + w.models[r.model].spec->name, r.ordinal, occurrence);
  LawSampler sampler(law);
  return to_duration(sampler(rng));
}

Duration served(const FaultState& f, SimTime now) {
  return f.is_serving ? f.served + (now - f.serving_since) : f.served;
}

void push(World& w, ReplicaId replica, FaultKind kind, Duration left) {
  w.faults[replica].is_due[kind] = true;
  w.heap.push(w.now + left, kEvents[kind], replica, w.replicas[replica].generation);
}

// The clock of one kind begins anew.
void wind(World& w, ReplicaId replica, FaultKind kind) {
  const Replica& r = w.replicas[replica];
  const Clock clock = clock_of(w.models[r.model].spec->faults, kind);
  if (clock.up == nullptr) return;
  FaultState& f = w.faults[replica];
  const Duration up =
      std::max(draw(w, r, kPurposes[kind], f.occurrence[kind]++, *clock.up), Duration{1});  // time must go on
  f.is_due[kind] = false;
  if (clock.runs == FaultClock::always) {
    push(w, replica, kind, up);
    return;
  }
  f.strikes_at[kind] = served(f, w.now) + up;
  if (f.is_serving) push(w, replica, kind, up);
}

bool runs_while_serving(const World& w, const Replica& r, FaultKind kind) {
  const Clock clock = clock_of(w.models[r.model].spec->faults, kind);
  return clock.up != nullptr && clock.runs == FaultClock::while_serving;
}

void pause(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  SIM_CHECK(r.state == ReplicaState::ready || r.state == ReplicaState::draining,
            "replica " + std::to_string(replica) + " paused while it did not run");
  FaultState& f = w.faults[replica];
  ModelState& m = w.models[r.model];
  f.before = r.state;
  r.state = ReplicaState::paused;
  ++m.pauses;
  m.paused.add(1, w.now);
  serving_ends(w, replica);
  for (const RunningBatch& batch : r.running)
    if (const auto left = w.shares.remove(r.gpu, batch.head, w.now))
      f.held.push_back({batch.head, HeldUntil::gpu, *left});
  const Duration down = draw(w, r, "fault/pause_length/", f.occurrence[kPause], m.spec->faults.pause->down);
  w.heap.push(w.now + down, EventKind::pause_over, replica, r.generation);
}

void crash(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  const CrashSpec& spec = *w.models[r.model].spec->faults.crash;
  KillReason reason{.cause = KillCause::crash, .exit_code = spec.exit_code, .culprit = Culprit{r.model, r.ordinal}};
  if (spec.down) reason.down = draw(w, r, "fault/crash_length/", w.faults[replica].occurrence[kCrash], *spec.down);
  kill_replica(w, replica, reason);
}

// A process with a CUDA context on the device: from the end of its import on.
bool is_client(const Replica& r) {
  switch (r.state) {
    case ReplicaState::starting: return r.stage > kImport;
    case ReplicaState::ready:
    case ReplicaState::paused:
    case ReplicaState::draining:
    case ReplicaState::wedged: return true;
    default: return false;
  }
}

void fatal_fault(World& w, ReplicaId culprit) {
  const Replica& r = w.replicas[culprit];
  GpuState& gpu = w.gpus[r.gpu];
  const int exit_code = w.models[r.model].spec->faults.fatal_fault->exit_code;
  std::vector<ReplicaId> victims;
  if (const auto spread = gpu.mode->fault_spread()) {
    gpu.takes_clients_at = w.now + *spread;
    for (const ReplicaId id : gpu.replicas)
      if (id != culprit && is_client(w.replicas[id])) victims.push_back(id);
    std::sort(victims.begin(), victims.end());
  }
  KillReason reason{.cause = KillCause::gpu_fault,
                    .exit_code = exit_code,
                    .culprit = Culprit{r.model, r.ordinal},
                    .blast_radius = static_cast<std::uint32_t>(victims.size())};
  kill_replica(w, culprit, reason);
  reason.cause = KillCause::neighbour_fault;
  reason.exit_code = kExitError;
  for (const ReplicaId id : victims) kill_replica(w, id, reason);
}

}  // namespace

void start_fault_clocks(World& w, ReplicaId replica) {
  for (const FaultKind kind : {kPause, kCrash, kFatalFault}) wind(w, replica, kind);
}

void stop_fault_clocks(World& w, ReplicaId replica) {
  FaultState& f = w.faults[replica];
  if (w.replicas[replica].state == ReplicaState::paused) w.models[w.replicas[replica].model].paused.add(-1, w.now);
  f.held.clear();
  f.is_due = {};
  f.is_serving = false;
  f.served = {};
}

void serving_begins(World& w, ReplicaId replica) {
  FaultState& f = w.faults[replica];
  f.is_serving = true;
  f.serving_since = w.now;
  for (const FaultKind kind : {kPause, kCrash, kFatalFault})
    if (!f.is_due[kind] && runs_while_serving(w, w.replicas[replica], kind))
      push(w, replica, kind, f.strikes_at[kind] - f.served);
}

// What is on its way stays so, and is looked at again when it is due: one event a clock, however short the services.
void serving_ends(World& w, ReplicaId replica) {
  FaultState& f = w.faults[replica];
  f.served = served(f, w.now);
  f.is_serving = false;
}

void fault_due(World& w, ReplicaId replica, FaultKind kind) {
  FaultState& f = w.faults[replica];
  f.is_due[kind] = false;
  const ReplicaState state = w.replicas[replica].state;
  if (state == ReplicaState::wedged) return;  // hangs already, until its probe ends it
  if (runs_while_serving(w, w.replicas[replica], kind)) {
    if (const Duration left = f.strikes_at[kind] - served(f, w.now); left > Duration{}) {
      if (f.is_serving) push(w, replica, kind, left);
      return;
    }
  }
  switch (kind) {
    case kPause: pause(w, replica); break;
    case kCrash: crash(w, replica); break;
    default: fatal_fault(w, replica); break;
  }
}

void pause_over(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  FaultState& f = w.faults[replica];
  w.models[r.model].paused.add(-1, w.now);
  r.state = f.before;
  wind(w, replica, kPause);  // first: a clock that runs while serving must not strike again at its old mark
  if (r.active > 0) serving_begins(w, replica);
  std::vector<FaultState::Held> held;
  held.swap(f.held);
  for (const auto& [head, next, work_ns] : held) {
    switch (next) {
      case HeldUntil::gpu: w.shares.add(r.gpu, head, replica, work_ns, w.now); break;
      case HeldUntil::gpu_work: begin_gpu_work(w, replica, head); break;
      case HeldUntil::memory: w.heap.push(w.now, EventKind::memory_demanded, head, r.generation); break;
    }
  }
  if (r.state == ReplicaState::ready) {
    offer(w, replica);
  } else {
    if (!r.queue.empty()) offer(w, replica);
    drain_or_remove(w, replica);
  }
}

void hold_batch(World& w, ReplicaId replica, QueryId head, HeldUntil next) {
  w.faults[replica].held.push_back({head, next});
}

SimTime takes_clients_at(const World& w, ReplicaId replica) {
  return w.gpus[w.replicas[replica].gpu].takes_clients_at;
}

}  // namespace windtunnel
