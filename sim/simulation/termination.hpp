// How a pod that is deleted ends: endpoints, preStop hook, SIGTERM, SIGKILL.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Deletes the replica's pod: controllers count it no more, it takes no new work once SIGTERM has reached it, keeps its
/// GPU until its process is gone, and is killed at the end of its grace period (model's `termination`).
/// @param most  a shorter grace period, as a node that goes gives; none: the model's own
void drain(World& world, ReplicaId replica, std::optional<Duration> most = {});
/// The same for a pod that another has taken the place of: whoever counts pods sees no change.
void retire_pod(World& world, ReplicaId replica);
/// Something it had is over: gone if that was the last.
void drain_or_remove(World& world, ReplicaId replica);
/// Back to work before it was gone.
void reuse(World& world, ReplicaId replica);
/// SIGTERM comes, after the preStop hook.
void sigterm_sent(World& world, ReplicaId replica);
/// SIGKILL comes.
void grace_over(World& world, ReplicaId replica);
/// Its liveness failed: SIGTERM now, SIGKILL after the probe's grace period; then it restarts.
void stop_for_probe(World& world, ReplicaId replica);

/// Deletes the pod because of its node, and has its ReplicaSet create another.
void evict_pod(World& world, ReplicaId replica, std::optional<Duration> most);
/// The node is gone and the pod with it; another is created unless it was deleted already.
void lose_pod(World& world, ReplicaId replica);

}  // namespace windtunnel
