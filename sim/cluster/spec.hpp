// What a scenario says about GPUs, nodes and money.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/node_scaler_spec.hpp"
#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// A GPU type of the catalogue.
struct GpuType {
  std::string name;
  std::string architecture;
  int sms = 0;
  Bytes memory{};                    ///< as the driver reports it
  Bytes driver_reserve{};            ///< kept by the driver with no process on the device
  bool mps = true;                   ///< Volta and newer
  double bandwidth_bytes_per_s = 0;  ///< of the device memory
  Bytes l2{};
  std::string mig;  ///< family of its MIG profiles; empty for none
  std::string source;
};

/// A MIG profile of one family of cards.
struct MigProfile {
  std::string name;
  int compute_slices = 1, memory_slices = 1;
  Bytes memory{};  ///< usable: less than the name says
  int sms = 0, copy_engines = 0;
  std::vector<int> starts;  ///< first memory slices it may be placed at
};

/// Cards that take the same profiles.
struct MigFamily {
  std::string name;
  int compute_slices = 7, memory_slices = 8;
  std::vector<MigProfile> profiles;
  std::string source;
};

/// One MIG instance of a card: what the engine calls a GPU.
struct MigInstance {
  std::string profile;
  int start = 0;             ///< first memory slice
  double compute_share = 1;  ///< of the card: k/7, k/4 on an A30
  Bytes memory{};
  std::vector<bool> holds;   ///< by model: it may be placed here
  std::uint32_t layout = 0;  ///< of which of the pool's layouts it is one
};

/// From `at` on the pool's cards are to have another of its layouts.
struct MigRelayout {
  Duration at{};
  std::uint32_t layout = 0;
};

/// mig: pods that find no place have a node's cards cut anew, into whichever of the pool's layouts has places for them.
struct RelayoutOnPending {
  Duration after{};  ///< that they waited
  Duration keep{};   ///< a node keeps a layout at least
};

/// A sharing mode: a row of the sharing registry with its own block's parameters.
struct SharingSpec {
  std::string mode = "exclusive";
  int replicas = 1;  ///< how many replicas the device plugin advertises for one GPU
  ParamSet params;
  /// mig only: of each card, by layout and start; `replicas` is then of one instance.
  std::vector<MigInstance> instances = {};
  std::vector<MigRelayout> relayouts = {};     ///< mig only, by time
  Duration relayout_least{}, relayout_most{};  ///< mig only: to destroy and create a node's instances, drawn evenly
  Duration relayout_plugin{};                  ///< mig only: from then until its pods can have them
  std::optional<RelayoutOnPending> relayout_on_pending = {};  ///< mig only
  std::uint32_t layouts = 1;                                  ///< mig only: how many numbers of layouts there are
  int unused_compute_slices = 0;                              ///< mig only: of a card in the first layout
  int compute_slices = 0;                                     ///< mig only: of a card
  double compute_share = 1;                                   ///< of the card: what the replicas have together
};

enum class Placement { spread, pack };  // of replicas on GPUs

struct NodePoolSpec {
  std::string name;
  GpuType gpu;
  int gpus = 1;
  SharingSpec sharing;
  int min_nodes = 0, max_nodes = 1, initial_nodes = 0;
  Law provision;                ///< seconds from order to a machine that is there
  Law driver{.mean = 0};        ///< seconds from then until its GPUs can be used
  double pull_bytes_per_s = 0;  ///< of one node, its pulls together; 0: not limited
  Duration scale_down_after = std::chrono::minutes(10);
  double price_usd_per_hour = 0;
  Duration minimum_billing = std::chrono::seconds(60);
  Bytes host_memory{};  ///< 0 means not limited
  Placement placement = Placement::spread;
  bool fit_memory = false;             ///< fit: memory
  std::int64_t milli_cpu = 0;          ///< of one node; 0 means not limited
  int priority = 0;                    ///< for the expander of that name: the highest first
  double provision_failure_share = 0;  ///< of orders that never become a node
  std::optional<SpotSpec> spot;
};

}  // namespace windtunnel
