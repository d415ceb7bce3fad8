// From a folder of Kubernetes manifests, and what they do not say, to a scenario's tree.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/manifest_origin.hpp"

namespace windtunnel::kubernetes {

struct ManifestOptions {
  std::vector<std::filesystem::path> places;  ///< files and folders
  /// Part of a scenario that lies over what the manifests say; none: windtunnel/scenario.yaml of the first folder,
  /// where it is.
  std::optional<std::filesystem::path> part;
  std::optional<std::filesystem::path> trace;
  std::vector<std::pair<std::string, std::string>> map;       ///< label of the trace: model
  std::vector<std::pair<std::string, std::string>> profiles;  ///< model: catalogue entry, or file
  std::optional<std::string> gpu;                             ///< in place of every node selector
  std::optional<std::pair<int, int>> nodes;                   ///< of a pool: least and most
};

/// A scenario as its reader takes it (load_tree); each value knows the file and line it came from.
struct ManifestScenario {
  Node root;
  std::string name;
  std::filesystem::path folder;  ///< what files named in the part are relative to
  ManifestOrigin origin;
};

/// @return the tree, or every problem with the manifests. What only a whole scenario shows (does a model fit on a GPU?)
///         is left to the scenario's reader.
Result<ManifestScenario> load_manifests(const ManifestOptions& options);

/// Problems of the scenario's reader in the manifests' words: the path of a value that stands in an autoscaler's spec
/// begins with `spec`.
Problems in_manifest_words(const ManifestScenario& scenario, Problems problems);

}  // namespace windtunnel::kubernetes
