// What a scenario says about GPUs, nodes and money.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// A GPU type of the catalogue.
struct GpuType {
  std::string name;
  std::string architecture;
  int sms = 0;
  Bytes memory{};          ///< as the driver reports it
  Bytes driver_reserve{};  ///< kept by the driver with no process on the device
  bool mps = true;         ///< Volta and newer
  std::string source;
};

/// A sharing mode: a row of the sharing registry with its own block's parameters.
struct SharingSpec {
  std::string mode = "exclusive";
  int replicas = 1;  ///< how many replicas the device plugin advertises for one GPU
  ParamSet params;
};

enum class Placement { spread, pack };  // of replicas on GPUs

struct NodePoolSpec {
  std::string name;
  GpuType gpu;
  int gpus = 1;
  SharingSpec sharing;
  int min_nodes = 0, max_nodes = 1, initial_nodes = 0;
  Law provision;  ///< seconds from order to a schedulable node
  Duration scale_down_after = std::chrono::minutes(10);
  double price_usd_per_hour = 0;
  Duration minimum_billing = std::chrono::seconds(60);
  Bytes host_memory{};  ///< 0 means not limited
  Placement placement = Placement::spread;
};

}  // namespace windtunnel
