// The order of a pipeline's stages, or the cycle that keeps them from having one.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace windtunnel {

using StageEdge = std::pair<std::string, std::string>;

struct StageOrder {
  std::vector<std::string> stages;  ///< every edge leads forward; among equals as first named in the edges
  std::vector<std::string> cycle;   ///< a -> b -> a, where there is one: then there is no order
};

StageOrder order_stages(const std::vector<StageEdge>& edges);

/// Whether the edges are one chain through all stages.
bool is_one_chain(const std::vector<StageEdge>& edges);

}  // namespace windtunnel
