// Which GPU a replica gets, and which nodes there are.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Pods are scheduled once at the end of this instant.
void request_scheduling(World& world);
/// Places pending replicas in order of creation, and orders nodes for those that fit nowhere.
void schedule_pods(World& world);
/// Gives the replica the slot its pool's placement prefers. @return false if no ready node has one
bool place(World& world, ReplicaId replica);

/// An ordered node can be used.
void node_ready(World& world, NodeId node);
/// Orders a node; it is paid for from now on. @param at_once  there at time 0
void order_node(World& world, NodeId node, bool at_once = false);
/// A replica left the node; an empty node is given back after its pool's scale_down_after.
void release_slot(World& world, NodeId node, ModelId model);
void node_idle(World& world, NodeId node);

}  // namespace windtunnel
