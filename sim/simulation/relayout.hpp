// Changing the MIG layout of a pool's cards during a run.
#pragma once

#include <string_view>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Has the changes of layout that the scenario states come when they are due.
void start_relayout_clocks(World& world);
/// The pool is to have its layout of that number: its nodes are cut anew one after the other, each without pods.
void relayout_due(World& world, std::uint32_t pool, std::uint32_t layout);
/// Has the node cut anew into its wanted layout, as soon as its pods have left.
void relayout_node(World& world, NodeId node, std::string_view reason);
/// Its last pod has left a node that is to be cut anew: the instances are destroyed and created.
void relayout_begins(World& world, NodeId node);
/// They are there.
void relayout_done(World& world, NodeId node);
/// The node went before that: the next one's turn.
void relayout_given_up(World& world, NodeId node);

}  // namespace windtunnel
