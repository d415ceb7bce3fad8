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
/// Begins to bring a variant in: from the store, or over the card's own link, which replicas of one card share.
/// @param rest  from its last byte until it can be used
void load_variant(World& world, ReplicaId replica, std::uint32_t variant, Duration rest);
/// It is not wanted any more.
void stop_variant(World& world, ReplicaId replica, std::uint32_t variant);
/// A link for each card, as fast as the fastest swap from the host.
void make_card_links(World& world);

/// The process ends: loads it has begun stop.
void stop_loading(World& world, ReplicaId replica);

/// The node is given back: its images and pulls are gone.
void forget_images(World& world, NodeId node);
/// Transfers of a node, of the store (entity kNone) or of a card (nodes + its first GPU) are done.
void transfers_done(World& world, const Scheduled& event);

}  // namespace windtunnel
