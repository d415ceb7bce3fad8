// What a batch asks for as it goes on, by a caller's own rule in place of a model's `memory.phases`.
#pragma once

#include <cstdint>
#include <optional>

#include "models/memory/allocator.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

/// A stretch of a batch: how much work it is, and the work memory it holds meanwhile.
struct BatchPhase {
  double work_ns = 0;
  WorkMemory memory{};
};

/// Asked when a batch begins (phase 0) and whenever a phase of it has run. One for each model of each run.
class PhaseSource {
 public:
  virtual ~PhaseSource() = default;
  /// @param replica  its ordinal among its model's
  /// @return nothing: the batch is done
  virtual std::optional<BatchPhase> phase(std::uint32_t replica, std::uint32_t index, SimTime now) = 0;
};

}  // namespace windtunnel
