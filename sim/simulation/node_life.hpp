// A node's life: ordered, ready, cordoned, given back or lost.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Orders a node; it is paid for from now on. @param at_once  there at time 0
void order_node(World& world, NodeId node, bool at_once = false);
/// An ordered node can be used.
void node_ready(World& world, NodeId node);
/// An order has become no node in time: it is given back, and its pool left alone for a while.
void order_failed(World& world, NodeId node);

/// A node without pods: what is to become of it.
void watch_idle(World& world, NodeId node);
/// A replica left the node.
void release_slot(World& world, NodeId node, const Replica& replica);
/// Looks whether an empty node goes: it is drained, or was empty for its pool's scale_down_after (on_demand).
void node_idle(World& world, NodeId node);

/// No more pods; those on it are deleted and replaced.
/// @param grace  most that their grace periods may last; none: what they say themselves
void empty_node_of_pods(World& world, NodeId node, std::optional<Duration> grace);
/// The same, and the node goes as soon as the last has left, or after `most`, where that is given.
void drain_node(World& world, NodeId node, std::optional<Duration> most, std::string_view reason);
/// It is gone, with all that is still on it.
void node_lost(World& world, NodeId node);
/// Nothing is on it: it is paid for no more.
void give_back_node(World& world, NodeId node);

/// A node of the pool that may be ordered now, or kNone: all are there, their zones are out, or the pool is left alone.
NodeId orderable_node(const World& world, const NodePool& pool);
/// Nodes of the pool that may be ordered now.
std::uint32_t orderable_nodes(const World& world, const NodePool& pool);
/// Orders what the pool lacks of its minimum, as the cloud's group does whoever scales it.
void keep_minimum(World& world, const NodePool& pool);

void log_node(World& world, NodeId node, std::string_view what, std::string_view reason = {});

}  // namespace windtunnel
