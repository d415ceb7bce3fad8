// What is recommended for one kind of memory of one model, by each rule, and how sure that is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/vertical/limit_rules.hpp"

namespace windtunnel {

enum class MemoryKind { host, gpu };

/// One rule's limit.
struct LimitAdvice {
  Bytes limit{};
  double risk = 0;             ///< share of the observed peaks above it
  Bytes wasted{};              ///< mean of limit - peak, where the peak is below
  std::optional<int> sharers;  ///< replicas with that limit in one GPU's, or one node's, memory
};

struct MemoryAdvice {
  std::string model;
  MemoryKind kind = MemoryKind::gpu;
  std::optional<Bytes> limit;  ///< as it is
  std::size_t peaks = 0;       ///< of each container and interval
  std::uint64_t samples = 0;
  Bytes p50{}, p90{}, largest{};
  std::uint64_t ooms = 0;  ///< kills for this limit
  std::array<LimitAdvice, kLimitRules.size()> by_rule{};
};

/// @param peaks  as the recommender counts them; must not be empty
/// @param room  memory that replicas share; none: not known
MemoryAdvice advise(std::string model, MemoryKind kind, std::vector<Bytes> peaks, const LimitsByRule& limits,
                    std::optional<Bytes> room);

}  // namespace windtunnel
