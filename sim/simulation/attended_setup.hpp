// Sets up what brokers, clients and forked pipelines need.
#pragma once

#include <memory>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Whether any client, queue or pipeline of the scenario does more than wait for a query.
bool needs_attention(const Scenario& scenario);
void add_broker(World& world, ModelState& model);
std::unique_ptr<ClientState> make_clients(World& world, const WorkloadSpec& spec);
std::unique_ptr<GraphState> make_graph(const PipelineSpec& spec);
/// The ring of that delay and kind, one for all that share both; kNone for no delay.
std::uint32_t link_of(World& world, Duration delay, EventKind kind);

}  // namespace windtunnel
