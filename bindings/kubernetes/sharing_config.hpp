// The NVIDIA device plugin's `sharing` block: a file of its own, or a text in a ConfigMap.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bindings/kubernetes/fields.hpp"
#include "bindings/kubernetes/object.hpp"

namespace windtunnel::kubernetes {

/// One configuration of the plugin.
struct SharingConfig {
  std::string name;                                       ///< its key in the ConfigMap; empty for a file
  std::string mode;                                       ///< time_slicing or mps; empty: nothing is shared
  Node node;                                              ///< the tree it was read from: a document of its own
  int replicas = 1;                                       ///< of nvidia.com/gpu
  bool renamed = false;                                   ///< advertised as nvidia.com/gpu.shared
  std::vector<std::pair<std::string, int>> mig_replicas;  ///< of nvidia.com/mig-<profile>
  Node replicas_at;                                       ///< where `replicas` stands
};

/// The configurations of an object of part `sharing` or `config_map`: none where the ConfigMap is about something else.
/// @param config_map_fields  marks the texts that were read
std::vector<SharingConfig> read_sharing_configs(ProblemList& problems, const Object& object, FieldReader& fields);

}  // namespace windtunnel::kubernetes
