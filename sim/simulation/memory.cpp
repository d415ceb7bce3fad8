#include "sim/simulation/memory.hpp"

#include <algorithm>
#include <cmath>

#include "sim/report/kill_names.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/serving.hpp"

namespace windtunnel {
namespace {

// PyTorch's caching allocator: requests of 10 MiB and more get segments of their own, rounded up to 2 MiB.
constexpr std::int64_t kSegment = 2 * kMiB;

Bytes work_memory(const MemorySpec& memory, double size) {
  const double bytes = static_cast<double>(memory.per_item.value) * size * memory.overhead;
  const auto segments = static_cast<std::int64_t>(std::ceil(bytes / static_cast<double>(kSegment)));
  return {segments * kSegment};
}

Bytes held(const Replica& r) {
  return r.context + r.weights + r.reserved;
}

double batch_size(World& w, QueryId head) {
  double size = 0;
  for (QueryId id = head; id != kNone; id = w.queries[id].next) size += w.queries[id].size;
  return size;
}

// The refused batch never ran; its queries fail and the server goes on.
void fail_batch(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (--r.active == 0) {
    m.busy_area += (w.now - r.busy_since).count();
    if (m.serving_clock) serving_ends(w, replica);
  }
  std::erase(r.running, head);
  for (QueryId id = head; id != kNone;) {
    const QueryId next = w.queries[id].next;
    leave_service(w, m, id);
    end_query(w, m, id, Ending::failed);
    id = next;
  }
  if (r.state == ReplicaState::draining) drain_or_remove(w, replica);
}

// The server hangs: it keeps its memory and its queries, and makes no progress until the liveness probe ends it.
void wedge(World& w, ReplicaId replica, MemoryVerdict verdict, Bytes asked) {
  Replica& r = w.replicas[replica];
  r.wedged_by = cause_of(verdict);
  r.wedged_asked = asked;
  const ModelState& m = w.models[r.model];
  r.state = ReplicaState::wedged;
  if (m.serving_clock) serving_ends(w, replica);
  for (const QueryId head : r.running) (void)w.shares.remove(r.gpu, head, w.now);
  const auto& probe = m.spec->probe;
  const Duration deaf = probe.period * probe.failure_threshold;
  w.heap.push(w.now + deaf, EventKind::readiness_failed, replica, r.generation);
  w.heap.push(w.now + deaf + probe.grace, EventKind::liveness_killed, replica, r.generation);
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
Culprit culprit_of(const World& w, const Replica& r, const KillReason& reason) {
  if (reason.culprit) return *reason.culprit;
  const Bytes host_limit = w.models[r.model].spec->host_memory.limit;
  const bool own = reason.cause == KillCause::own_vram_limit ||
                   (reason.cause == KillCause::host_ram_limit && host_limit.value > 0 && reason.asked > host_limit);
  return own ? Culprit{r.model, r.ordinal} : Culprit{};
}

KillRecord record_of(const World& w, ReplicaId replica, const KillReason& reason) {
  const Replica& r = w.replicas[replica];
  const GpuState& gpu = w.gpus[r.gpu];
  const Culprit culprit = culprit_of(w, r, reason);
  return {.at = w.now,
          .replica = r.ordinal,
          .model = r.model,
          .node = gpu.node,
          .gpu = r.gpu,
          .cause = reason.cause,
          .mechanism = reason.mechanism,
          .exit_code = reason.exit_code,
          .asked = reason.asked,
          .own_used = held(r),
          .device_used = gpu.ledger.used(),
          .device_size = gpu.ledger.size(),
          .host_used = r.host,
          .host_limit = w.models[r.model].spec->host_memory.limit,
          .queries_lost = w.outstanding[replica],
          .sharers = static_cast<std::uint32_t>(gpu.replicas.size()),
          .culprit_model = culprit.model,
          .culprit_replica = culprit.ordinal,
          .blast_radius = reason.blast_radius};
}

// Who held what on the device just before.
std::vector<DeviceHolding> holdings_of(const World& w, GpuId gpu) {
  std::vector<DeviceHolding> out;
  for (const ReplicaId id : w.gpus[gpu].replicas) {
    const Replica& r = w.replicas[id];
    out.push_back({r.model, r.ordinal, r.context, r.weights, r.reserved});
  }
  return out;
}

// Takes every query off a replica whose process is ending.
void evacuate(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  std::vector<QueryId> running;
  for (const QueryId head : r.running) {
    (void)w.shares.remove(r.gpu, head, w.now);
    for (QueryId id = head; id != kNone; id = w.queries[id].next) running.push_back(id);
  }
  r.running.clear();
  for (const QueryId id : running) {
    m.lost_work += (w.now - w.queries[id].started).count();
    leave_service(w, m, id);
  }
  if (r.active > 0) m.busy_area += (w.now - r.busy_since).count();
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

MemoryVerdict ask_device(World& w, ReplicaId replica, Bytes amount, Bytes context) {
  const Replica& r = w.replicas[replica];
  GpuState& gpu = w.gpus[r.gpu];
  const MemoryVerdict verdict = w.pools[gpu.pool].mode->admit({.asked = amount,
                                                               .own_used = held(r),
                                                               .own_context = context,
                                                               .own_limit = r.limit,
                                                               .device_used = gpu.ledger.used(),
                                                               .device_size = gpu.ledger.size()});
  if (verdict == MemoryVerdict::granted) gpu.ledger.take(amount, w.now);
  return verdict;
}

void give_back_device(World& w, ReplicaId replica, Bytes amount) {
  w.gpus[w.replicas[replica].gpu].ledger.give_back(amount, w.now);
}

bool grant_batch(World& w, ReplicaId replica, QueryId head, double size) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  const Bytes live = r.live + work_memory(m.spec->memory, size);
  if (live <= r.reserved) {  // the cache covers it
    r.live = live;
    return true;
  }
  const Bytes growth = live - r.reserved;
  const MemoryVerdict verdict = ask_device(w, replica, growth, r.context);
  if (verdict == MemoryVerdict::granted) {
    r.live = r.reserved = live;
    return true;
  }
  switch (m.spec->on_vram_oom) {
    case OnVramOom::fail_query:
      ++m.oom_events;  // survived: counted apart from kills (law 6)
      fail_batch(w, replica, head);
      break;
    case OnVramOom::wedge: wedge(w, replica, verdict, growth); break;
    case OnVramOom::exit: kill_replica(w, replica, {.cause = cause_of(verdict), .asked = growth}); break;
  }
  return false;
}

void release_batch(World& w, ReplicaId replica, QueryId head) {
  Replica& r = w.replicas[replica];
  const ModelState& m = w.models[r.model];
  r.live -= work_memory(m.spec->memory, batch_size(w, head));
  if (m.spec->memory.allocator == Allocator::caching) return;
  give_back_device(w, replica, r.reserved - r.live);
  r.reserved = r.live;
}

bool ask_host(World& w, ReplicaId replica, Bytes amount) {
  Replica& r = w.replicas[replica];
  ClusterNode& node = w.nodes[w.gpus[r.gpu].node];
  const Bytes limit = w.models[r.model].spec->host_memory.limit;
  const Bytes node_size = w.pools[node.pool].spec->host_memory;
  if (limit.value > 0 && amount > limit) return false;
  if (node_size.value > 0 && node.host_used - r.host + amount > node_size) return false;
  node.host_used += amount - r.host;
  r.host = amount;
  return true;
}

void kill_wedged(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  kill_replica(w, replica,
               {.cause = r.wedged_by, .mechanism = KillMechanism::sigkill, .exit_code = 137, .asked = r.wedged_asked});
}

void kill_replica(World& w, ReplicaId replica, const KillReason& reason) {
  const KillRecord record = record_of(w, replica, reason);
  ModelState& m = w.models[w.replicas[replica].model];
  count_kill(m.kills, record);
  if (w.options.observer != nullptr) {
    w.options.observer->on_kill(record);
    if (w.options.observer->wants_holdings()) w.options.observer->on_holdings(holdings_of(w, record.gpu));
  }
  end_process(w, replica);
  evacuate(w, replica);
  restart_or_remove(w, replica, reason.down);
}

}  // namespace windtunnel
