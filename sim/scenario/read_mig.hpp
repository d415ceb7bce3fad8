// Reads what `sharing: {mode: mig}` says beyond its parameters: the layout of each card.
#pragma once

#include "sim/scenario/block_reader.hpp"
#include "sim/scenario/readers.hpp"

namespace windtunnel {

/// Puts the instances into the pool's sharing, by start.
/// @param sharing  the block as the file has it  @param gpu  as the file calls it, where it is known
/// @return false with problems: no MIG on such a card, an unknown profile, a layout that cannot be placed
bool read_mig(ProblemList& problems, const Node& sharing, const std::string& path, NodePoolSpec& pool, Node& resolved);

/// The pool as one device of each kind it has: itself, or one for each of its MIG instances.
std::vector<NodePoolSpec> devices_of(const NodePoolSpec& pool);
/// Whether that device may take the model at all, room aside: a model that asks for a profile takes no other.
bool takes(const NodePoolSpec& device, const ModelSpec& model);

}  // namespace windtunnel
