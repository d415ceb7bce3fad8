#include "sim/simulation/host_memory.hpp"

#include "sim/core/error.hpp"
#include "sim/simulation/memory.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

void kill_for_host(World& w, ReplicaId victim, Bytes asked, const Culprit& culprit) {
  kill_replica(w, victim,
               {.cause = KillCause::host_ram_limit,
                .mechanism = KillMechanism::sigkill,
                .exit_code = exit_status(ContainerEnd::memory_cgroup_limit).code,
                .asked = asked,
                .culprit = culprit});
}

// The kernel's badness is use over size of the node, and the kubelet takes what the pod requested off it
// (oom_score_adj): what is left is use above the request [R]. The request is taken to be the steady use [A], where
// nobody sets it.
ReplicaId worst_on_node(const World& w, const ClusterNode& node, ReplicaId asking, Bytes amount) {
  const auto excess = [&](ReplicaId id, Bytes used) { return used - host_request_of(w, w.replicas[id]); };
  ReplicaId worst = asking;
  Bytes most = excess(asking, amount);
  for (GpuId g = node.first_gpu; g < node.first_gpu + w.pools[node.pool].per_node; ++g) {
    for (const ReplicaId id : w.gpus[g].replicas) {
      if (id == asking || w.replicas[id].host.value == 0 || excess(id, w.replicas[id].host) <= most) continue;
      worst = id;
      most = excess(id, w.replicas[id].host);
    }
  }
  return worst;
}

void log_host(World& w, const Replica& r) {
  if (!w.log_memory) return;
  const NodeId id = w.gpus[r.gpu].node;
  const ClusterNode& node = w.nodes[id];
  w.options.observer->on_host_memory({.at = w.now,
                                      .model = r.model,
                                      .replica = r.ordinal,
                                      .node = id,
                                      .own_used = r.host,
                                      .own_limit = host_limit_of(w, r),
                                      .node_used = node.host_used,
                                      .node_size = w.pools[node.pool].spec->host_memory});
}

// Both ledgers have the change by now, if it was granted.
void keep_host_change(World& w, const Replica& r, Bytes change, MemoryPart part, bool refused) {
  if (!w.histories || change == Bytes{}) return;
  const NodeId node = w.gpus[r.gpu].node;
  w.histories->hosts[node].keep({.at = w.now,
                                 .model = r.model,
                                 .replica = r.ordinal,
                                 .part = part,
                                 .refused = refused,
                                 .change = change,
                                 .own_used = r.host,
                                 .total_used = w.nodes[node].host_used});
}

}  // namespace

bool hold_host(World& w, ReplicaId replica, Bytes amount, MemoryPart part) {
  Replica& r = w.replicas[replica];
  ClusterNode& node = w.nodes[w.gpus[r.gpu].node];
  const Bytes limit = host_limit_of(w, r);
  const Bytes node_size = w.pools[node.pool].spec->host_memory;
  if (limit.value > 0 && amount > limit) {
    keep_host_change(w, r, amount - r.host, part, true);
    kill_for_host(w, replica, amount, {r.model, r.ordinal});
    return false;
  }
  while (node_size.value > 0 && node.host_used - r.host + amount > node_size) {
    keep_host_change(w, r, amount - r.host, part, true);
    const ReplicaId victim = worst_on_node(w, node, replica, amount);
    kill_for_host(w, victim, amount, {});  // a full node is nobody's doing
    if (victim == replica) return false;
  }
  const Bytes change = amount - r.host;
  node.host_used += change;
  r.host = amount;
  keep_host_change(w, r, change, part, false);
  log_host(w, r);
  SIM_CHECK(node_size.value == 0 || node.host_used <= node_size, "a node's main memory was overfilled");
  return true;
}

void release_host(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const Bytes returned = r.host;
  w.nodes[w.gpus[r.gpu].node].host_used -= returned;
  r.host = {};
  keep_host_change(w, r, Bytes{} - returned, MemoryPart::process, false);
  log_host(w, r);
}

}  // namespace windtunnel
