// Which GPUs the models of the manifests run on, how they are shared, and how many nodes there may be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bindings/kubernetes/load_manifests.hpp"
#include "bindings/kubernetes/manifest_set.hpp"

namespace windtunnel::kubernetes {

/// A model on its way into a scenario.
struct PlacedModel {
  const ManifestModel* model = nullptr;
  Node block;                         ///< keys of models.<name>
  std::vector<std::string> timed_on;  ///< GPU types its profile has figures for; empty: any
  std::string gpu;                    ///< of the catalogue
};

/// Sets `gpu` of each model: --gpu, its node selector, or a type that every profile has figures for.
void choose_gpus(ProblemList& problems, std::vector<PlacedModel>& models, const ManifestOptions& options,
                 ManifestOrigin& origin);

/// cluster.node_pools: one for each GPU type. Adds to each model what only its pool says: mig_profile, memory_limit.
Node make_pools(ProblemList& problems, const ManifestSet& set, std::vector<PlacedModel>& models,
                const ManifestOptions& options, ManifestOrigin& origin);

}  // namespace windtunnel::kubernetes
