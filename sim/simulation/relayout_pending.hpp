// Cutting MIG cards anew for pods that find no place.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Pods wait: where a pool cuts its cards anew for such, they are looked at after a while.
void watch_layouts(World& world);
/// Looks at them. One node at a time is cut, into the layout that most of those find a place in, at the cost of fewest
/// that have to move; never so that a model would have fewer places there than it has.
void review_layouts(World& world);

}  // namespace windtunnel
