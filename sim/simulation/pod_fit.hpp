// Whether pods would fit, tried on a copy of what is free: what every node scaler does before it acts.
#pragma once

#include <span>

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// What one node, there or imagined, has free.
struct FreeNode {
  std::uint32_t pool = 0;
  NodeId node = kNone;               ///< none: imagined
  std::vector<std::uint32_t> slots;  ///< by GPU
  std::vector<Bytes> unpromised;     ///< the same, where the pool goes by limits too; else empty
  std::int64_t milli_cpu = 0;
  Bytes memory{};
};

/// A new node of the pool; one with that of its MIG layouts.
FreeNode empty_node(const World& world, std::uint32_t pool);
FreeNode empty_node(const World& world, std::uint32_t pool, std::uint32_t layout);
/// What the node has free now; all of it if it is on order.
FreeNode free_on(const World& world, NodeId node);
/// Nodes that take pods, or will: ready or on order, and not on their way out.
std::vector<FreeNode> free_nodes(const World& world);

/// Takes room for the pod on one node. @return whether there was some
bool take_room(const World& world, FreeNode& node, const Replica& pod);
/// The same on the first of them that has room, the smallest MIG instance of all before others.
/// @param except  not there
bool take_room(const World& world, std::span<FreeNode> nodes, const Replica& pod, NodeId except = kNone);

/// Pending pods for which there is no room even on nodes that are on order, in their order.
std::vector<ReplicaId> pods_without_room(const World& world);

}  // namespace windtunnel
