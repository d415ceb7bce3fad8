// Which pool a cluster autoscaler lets grow.
#pragma once

#include <cstdint>
#include <span>

#include "sim/cluster/node_scaler_spec.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {

/// What growing one pool would do for the pods that wait.
struct GrowthOption {
  std::uint32_t pool = 0;
  std::uint32_t nodes = 0, pods = 0;  ///< nodes ordered, and pods they take
  double waste = 0;                   ///< free share of their CPU plus that of their memory; GPUs are ignored
  double price_usd_per_hour = 0;      ///< of all those nodes
  int priority = 0;
};

/// Each expander keeps the options that are best by it and hands them on; what is left is drawn evenly.
/// @param options  at least one
/// @return index into `options`
/// price is taken per pod served. Source: kubernetes/autoscaler, cluster-autoscaler/expander.
std::size_t choose_growth(std::span<const Expander> expanders, std::span<const GrowthOption> options, Rng& rng);

}  // namespace windtunnel
