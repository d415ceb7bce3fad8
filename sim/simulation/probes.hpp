// Startup, readiness and liveness probes with tickers of their own.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The container has started: tickers get their phases, keyed by replica and start (law 3), and the probe that ends it
/// if it takes too long to serve is set.
void start_tickers(World& world, ReplicaId replica);
/// It can serve from now on. @return whether its readiness is still to come: readiness_reached is on its way
bool await_readiness(World& world, ReplicaId replica);
/// From now on probes are sent that can fail.
void watch_by_probes(World& world, ReplicaId replica);
/// Too late to serve: its startup or liveness has failed too often.
void startup_failed(World& world, ReplicaId replica);
/// A tick, and the time-out of what it sent.
void send_probe(World& world, ReplicaId replica, ProbeKind kind);
void probe_answered(World& world, ReplicaId replica, ProbeKind kind);

/// How long a replica that goes deaf now is taken for well by the probe of that kind.
Duration deaf_time(const World& world, const Replica& replica, ProbeKind kind);

}  // namespace windtunnel
