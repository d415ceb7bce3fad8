// Policies whose parameters are nested blocks: who reads them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/scenario/block_reader.hpp"

namespace windtunnel {

/// Replicas at least and at most, where a policy's own block says them.
struct ReplicaLimits {
  int min = 0, max = 0;
  std::optional<int> initial = {};  ///< where the scenario does not say; none: min, or 1 when min is 0
};

/// A policy whose parameters of type `block` have a reader of their own.
struct PolicyBlocks {
  std::string_view policy;
  bool own_limits = false;  ///< its blocks say min and max; `scaling` takes neither then
  /// Makes the blocks (ParamSet::made) and completes `block.resolved`; `block.ok` is false after a problem.
  std::optional<ReplicaLimits> (*read)(ProblemList& problems, const Node& node, const std::string& path, Block& block);
};

/// The row of that policy, or nullptr: it has none.
const PolicyBlocks* policy_blocks(std::string_view policy);

/// The keys of tables::scaling_limits() that stand beside that policy: none with `fixed`.
std::span<const Param> scaling_limits_of(std::string_view policy);

}  // namespace windtunnel
