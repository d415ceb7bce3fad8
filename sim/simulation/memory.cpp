#include "sim/simulation/memory.hpp"

#include <algorithm>

#include "sim/cluster/exit_status.hpp"
#include "sim/report/kill_names.hpp"
#include "sim/simulation/eviction.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

// `r` still has what it had before the change.
void log_memory(World& w, const Replica& r, Bytes change, bool refused) {
  const DeviceLedger& ledger = w.gpus[r.gpu].ledger;
  w.options.observer->on_memory({.at = w.now,
                                 .replica = r.ordinal,
                                 .model = r.model,
                                 .gpu = r.gpu,
                                 .refused = refused,
                                 .change = change,
                                 .own_used = refused ? held(r) : held(r) + change,
                                 .device_used = ledger.used(),
                                 .device_size = ledger.size(),
                                 .own_limit = w.gpus[r.gpu].mode->whole_limit(r.limit)});
}

bool is_memory(KillCause cause) {
  return cause == KillCause::device_full || cause == KillCause::own_vram_limit || cause == KillCause::host_ram_limit ||
         cause == KillCause::soft_limit_eviction;
}

void count_kill(KillCounts& kills, const KillRecord& record) {
  ++kills.total;
  if (is_memory(record.cause)) ++kills.oom;
  if (record.exit_code == 137) ++kills.exit_137;
  ++kills.by_cause[std::string(to_string(record.cause))];
  ++kills.by_exit_code[std::to_string(record.exit_code)];
}

// A device that is full is nobody's doing: whoever asks next is refused, neither the largest nor the newest.
Culprit culprit_of(const Replica& r, const KillReason& reason) {
  if (reason.culprit) return *reason.culprit;
  const bool own = reason.cause == KillCause::own_vram_limit || reason.cause == KillCause::soft_limit_eviction;
  return own ? Culprit{r.model, r.ordinal} : Culprit{};
}

std::string_view shown_reason(const KillReason& reason) {
  return reason.cause == KillCause::host_ram_limit ? exit_status(ContainerEnd::memory_cgroup_limit).reason
                                                   : exit_status(ContainerEnd::other_error, reason.exit_code).reason;
}

KillRecord record_of(const World& w, ReplicaId replica, const KillReason& reason) {
  const Replica& r = w.replicas[replica];
  const GpuState& gpu = w.gpus[r.gpu];
  const Culprit culprit = culprit_of(r, reason);
  const WedgeRecord* wedge = reason.wedge;
  return {.at = w.now,
          .replica = r.ordinal,
          .model = r.model,
          .node = gpu.node,
          .gpu = r.gpu,
          .cause = reason.cause,
          .mechanism = reason.mechanism,
          .exit_code = reason.exit_code,
          .reason = shown_reason(reason),
          .ledger_at = wedge != nullptr ? wedge->at : w.now,
          .asked = reason.asked,
          .own_used = wedge != nullptr ? wedge->own_used : held(r),
          .device_used = wedge != nullptr ? wedge->device_used : gpu.ledger.used(),
          .device_size = gpu.ledger.size(),
          .host_used = r.host,
          .host_limit = host_limit_of(w, r),
          .queries_lost = w.outstanding[replica],
          .sharers = wedge != nullptr ? wedge->sharers : static_cast<std::uint32_t>(gpu.replicas.size()),
          .culprit_model = culprit.model,
          .culprit_replica = culprit.ordinal,
          .blast_radius = reason.blast_radius};
}

// The replica's memory is still what it was before the change; the ledger has it.
void keep_device_change(World& w, ReplicaId replica, Bytes change, MemoryPart part, MemoryVerdict verdict) {
  if (verdict == MemoryVerdict::requester_evicted || change == Bytes{}) return;
  const Replica& r = w.replicas[replica];
  const bool refused = verdict != MemoryVerdict::granted;
  w.histories->devices[r.gpu].keep({.at = w.now,
                                    .model = r.model,
                                    .replica = r.ordinal,
                                    .part = part,
                                    .refused = refused,
                                    .change = change,
                                    .own_used = refused ? held(r) : held(r) + change,
                                    .total_used = w.gpus[r.gpu].ledger.used()});
}

// Of the ledger that the kill is about.
std::vector<LedgerChange> history_of(const World& w, const KillRecord& kill) {
  const LedgerHistories& all = *w.histories;
  return kill.cause == KillCause::host_ram_limit ? all.hosts[kill.node].rows() : all.devices[kill.gpu].rows();
}

// Who holds what on the device.
std::vector<DeviceHolding> holdings_of(const World& w, GpuId gpu) {
  std::vector<DeviceHolding> out;
  for (const ReplicaId id : w.gpus[gpu].replicas) {
    const Replica& r = w.replicas[id];
    out.push_back({r.model, r.ordinal, r.context, r.weights + r.variants, r.reserved + r.pool, r.held_since});
  }
  return out;
}

// Takes every query off a replica whose process is ending.
void evacuate(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  std::vector<QueryId> running;
  for (const RunningBatch& batch : r.running) {
    (void)w.shares.remove(r.gpu, batch.head, w.now);
    for (QueryId id = batch.head; id != kNone; id = w.queries[id].next) running.push_back(id);
  }
  r.running.clear();
  for (const QueryId id : running) {
    m.lost_work += (w.now - w.queries[id].started).count();
    leave_service(w, m, id);
  }
  if (r.active > 0) end_busy(w, m, r);
  r.active = 0;
  while (!r.queue.empty()) {  // sent to it but never begun: not a delivery
    const QueryId id = r.queue.pop_front(w.queries);
    m.queued_area += (w.now - w.queries[id].enqueued).count();
    --m.queued;
    --w.outstanding[replica];
    if (m.queued + m.in_service == 0) m.empty_since = w.now;
    running.push_back(id);
  }
  give_back_queries(w, m, running);
}

}  // namespace

KillCause cause_of(MemoryVerdict verdict) {
  return verdict == MemoryVerdict::own_limit ? KillCause::own_vram_limit : KillCause::device_full;
}

Bytes held(const Replica& r) {
  return r.context + r.weights + r.variants + r.reserved + r.pool;
}

MemoryRequest request_of(const World& w, ReplicaId replica, Bytes amount, Bytes context) {
  const Replica& r = w.replicas[replica];
  const DeviceLedger& ledger = w.gpus[r.gpu].ledger;
  return {.asked = amount,
          .own_used = held(r),
          .own_context = context,
          .own_limit = r.limit,
          .device_used = ledger.used(),
          .device_size = ledger.size()};
}

MemoryVerdict ask_device(World& w, ReplicaId replica, Bytes amount, Bytes context, MemoryPart part) {
  const Replica& r = w.replicas[replica];
  GpuState& gpu = w.gpus[r.gpu];
  const SharingMode& mode = *w.pools[gpu.pool].mode;
  MemoryVerdict verdict = mode.admit(request_of(w, replica, amount, context));
  bool kept = false;
  if (verdict == MemoryVerdict::device_full && mode.soft_limit()) {
    if (w.histories) keep_device_change(w, replica, amount, part, verdict);  // what those evicted die of
    verdict = evict_for(w, replica, request_of(w, replica, amount, context), *mode.soft_limit());
    if (verdict == MemoryVerdict::device_full) kept = true;
  }
  if (verdict == MemoryVerdict::granted) {
    gpu.ledger.take(amount, w.now);
    w.replicas[replica].held_since = w.now;
  }
  if (w.histories && !kept) keep_device_change(w, replica, amount, part, verdict);
  if (w.log_memory && verdict != MemoryVerdict::requester_evicted)
    log_memory(w, r, amount, verdict != MemoryVerdict::granted);
  return verdict;
}

void give_back_device(World& w, ReplicaId replica, Bytes amount, MemoryPart part) {
  Replica& r = w.replicas[replica];
  w.gpus[r.gpu].ledger.give_back(amount, w.now);
  r.held_since = w.now;
  if (w.histories) keep_device_change(w, replica, Bytes{} - amount, part, MemoryVerdict::granted);
  if (w.log_memory) log_memory(w, r, Bytes{} - amount, false);
}

void kill_wedged(World& w, ReplicaId replica) {
  const auto wedge = std::move(w.replicas[replica].wedge);
  kill_replica(w, replica,
               {.cause = wedge->cause,
                .mechanism = KillMechanism::sigkill,
                .exit_code = kSigkillCode,
                .asked = wedge->asked,
                .wedge = wedge.get()});
}

std::unique_ptr<WedgeRecord> wedge_record(const World& w, ReplicaId replica, KillCause cause, Bytes asked) {
  const Replica& r = w.replicas[replica];
  const GpuState& gpu = w.gpus[r.gpu];
  auto out = std::make_unique<WedgeRecord>();
  out->at = w.now;
  out->cause = cause;
  out->asked = asked;
  out->own_used = held(r);
  out->device_used = gpu.ledger.used();
  out->sharers = static_cast<std::uint32_t>(gpu.replicas.size());
  if (w.histories) {
    out->holdings = holdings_of(w, r.gpu);
    out->history = w.histories->devices[r.gpu].rows();
  }
  return out;
}

void kill_replica(World& w, ReplicaId replica, const KillReason& reason) {
  const KillRecord record = record_of(w, replica, reason);
  ModelState& m = w.models[w.replicas[replica].model];
  count_kill(m.kills, record);
  if (record.culprit_model != kNone) note_oom(w, replica, record.cause);  // else its node or device was full
  if (w.replicas[replica].state == ReplicaState::starting) ++m.failed_starts;
  if (w.options.observer != nullptr) {
    w.options.observer->on_kill(record);
    if (w.histories) {
      w.options.observer->on_holdings(reason.wedge != nullptr ? reason.wedge->holdings : holdings_of(w, record.gpu));
      w.options.observer->on_history(reason.wedge != nullptr ? reason.wedge->history : history_of(w, record));
    }
  }
  end_process(w, replica);
  evacuate(w, replica);
  restart_or_remove(w, replica, reason.down);
}

}  // namespace windtunnel
