// Who orders nodes for pods that fit nowhere and gives back those nobody needs. Last in the order of an instant (law
// 8).
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Sets the scaler's loops going.
void start_node_scaler(World& world);
/// Pods were scheduled and some are left. @param fresh  of them for the first time
void pods_found_no_room(World& world, std::uint32_t fresh);
/// A pool may be ordered from again at that time: what waits is looked at then.
void look_again_at(World& world, SimTime at);

/// The cluster autoscaler's loop, or a look at what was held back. @param tag  as scheduled
void scan_nodes(World& world, std::uint32_t tag);
/// Karpenter's window closes. @param tag  as scheduled
void pods_batched(World& world, std::uint32_t tag);
/// Karpenter looks at what can go.
void disrupt_nodes(World& world);

// Their parts, each in a file of its own.
/// A node for every pod that fits nowhere, at once, in the order of the file's pools.
void order_on_demand(World& world);
/// One loop of the cluster autoscaler. @return whether it did something
bool autoscaler_loop(World& world);
/// Orders for what pods wait, the cheapest pools that take them.
void provision_by_karpenter(World& world);
/// Gives nodes back, or orders a cheaper one for them.
void consolidate(World& world);

}  // namespace windtunnel
