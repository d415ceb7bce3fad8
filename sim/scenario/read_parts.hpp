// Reads policies inside a policy: the blocks `policies` and `of`.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/policy_blocks.hpp"

namespace windtunnel {

/// `policies: [{policy: ..., ...}, ...]`, one at least.
std::optional<ReplicaLimits> read_policies(ProblemList& problems, const Node& node, const std::string& path,
                                           Block& block);
/// `of: {policy: ..., ...}`.
std::optional<ReplicaLimits> read_of(ProblemList& problems, const Node& node, const std::string& path, Block& block);

/// What a policy's own check complains of, at the key it names ("value: column 3: ...") where it names one.
void add_policy_complaint(ProblemList& problems, const Node& node, const std::string& path, const std::string& message);

}  // namespace windtunnel
