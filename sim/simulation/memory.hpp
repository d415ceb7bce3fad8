// The device's ledger: who asks, who is refused, and how a process ends.
#pragma once

#include "sim/cluster/exit_status.hpp"
#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Asks the ledger for `amount` more on the replica's GPU. Grants it, if need be by evicting replicas above their soft
/// limit, the one who asks included (requester_evicted: its process has ended); or leaves everything as it was.
/// @param context  the replica's context, held or part of what is asked for: limits differ in whether it counts
/// @param part  what it is for
MemoryVerdict ask_device(World& world, ReplicaId replica, Bytes amount, Bytes context, MemoryPart part);
/// Returns part of what the replica holds on its device.
void give_back_device(World& world, ReplicaId replica, Bytes amount, MemoryPart part);

/// The request as the ledgers have it; nothing happens.
MemoryRequest request_of(const World& world, ReplicaId replica, Bytes amount, Bytes context);
/// All that the replica's process holds on its device.
Bytes held(const Replica& replica);

/// Whose doing a kill was. By ordinal, because a slot may have gone to another replica by the time it is read.
struct Culprit {
  ModelId model = kNone;
  std::uint32_t ordinal = kNone;
};

/// What a kill is made of, beyond what the ledgers say.
struct KillReason {
  KillCause cause = KillCause::device_full;
  KillMechanism mechanism = KillMechanism::process_exit;
  int exit_code = kPythonErrorCode;  ///< a refused allocation that nobody caught
  Bytes asked{};
  std::optional<Culprit> culprit{};    ///< none: the victim where it went over a limit of its own, else nobody
  std::uint32_t blast_radius = 0;      ///< others that die of the same event
  const WedgeRecord* wedge = nullptr;  ///< the ledger as it was then
  std::optional<Duration> down{};      ///< until it is ready again, where neither back-off nor cold start decides
};
KillCause cause_of(MemoryVerdict verdict);
/// The replica's process ends: memory back, queries redelivered or failed, restart held by the back-off.
void kill_replica(World& world, ReplicaId replica, const KillReason& reason);
/// What a replica that wedges now will have died of.
std::unique_ptr<WedgeRecord> wedge_record(const World& world, ReplicaId replica, KillCause cause, Bytes asked);
/// The liveness probe ends a wedged replica: SIGKILL, 137; the cause stays what wedged it.
void kill_wedged(World& world, ReplicaId replica);

}  // namespace windtunnel
