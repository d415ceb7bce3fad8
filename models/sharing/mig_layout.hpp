// Which MIG instances a card takes together, and where.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/cluster/spec.hpp"

namespace windtunnel {

using MigLayout = std::vector<const MigProfile*>;

/// Starts for the profiles of a layout, in its order, so that no memory slice is taken twice and the compute slices are
/// enough; nothing if there are none. By the lists of starts: a gap at the wrong place takes no instance. Among several
/// placements the first, with larger profiles placed before smaller ones and low starts before high ones.
std::optional<std::vector<int>> place_mig(const MigFamily& family, std::span<const MigProfile* const> layout);

/// Why a layout cannot be placed.
struct MigMisfit {
  const MigProfile* profile = nullptr;  ///< the one that finds no start, the larger ones placed
  std::string blocked;                  ///< each of its starts, and who is there
  MigLayout nearest;                    ///< one that fits: profiles without a place made smaller, or left out
};

/// @param layout  one that place_mig() refuses
MigMisfit explain_misfit(const MigFamily& family, std::span<const MigProfile* const> layout);

}  // namespace windtunnel
