// Bytes a start waits for: its image, which a node pulls once for all, and weights from the store that replicas share.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Begins the pull of the replica's image, or waits for the rest of one that its node has begun. The pull belongs to
/// the node: it goes on whatever becomes of the replica.
/// @return false if the node has the image already
bool await_image(World& world, ReplicaId replica);
/// Begins to load the replica's weights from the store. Only where its model says so.
void load_weights(World& world, ReplicaId replica);
/// The process ends: a load it has begun stops.
void stop_loading(World& world, ReplicaId replica);

/// The node is given back: its images and pulls are gone.
void forget_images(World& world, NodeId node);
/// Transfers of a node, or of the store (entity kNone), are done.
void transfers_done(World& world, const Scheduled& event);

}  // namespace windtunnel
