// Capacity that its owner takes back: nodes one by one, or a zone's all together.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Sets the pools' zones up and their first reclaims.
void start_spot_clocks(World& world);
/// A node is ready: its own reclaim is set, where its pool has such.
void watch_for_reclaim(World& world, NodeId node);
/// The owner says that a node goes after the notice.
void reclaim_node(World& world, NodeId node, std::string_view reason);
/// All nodes of one zone, at once. @param entity  as scheduled
void reclaim_zone(World& world, std::uint32_t entity);

}  // namespace windtunnel
