// Where the profile of a model comes from: what a replica takes of time and memory, which no manifest says.
#pragma once

#include <optional>

#include "bindings/kubernetes/load_manifests.hpp"
#include "bindings/kubernetes/manifest_set.hpp"

namespace windtunnel::kubernetes {

/// Keys of a model: {profile: <catalogue entry>}, or a file's own.
struct Profile {
  Node block;
  std::string why;  ///< not empty: it was found by the model's name alone
};

/// Looked for in this order: --profile, the annotation windtunnel/profile, windtunnel/models/<name>.yaml in the folder
/// of the manifest, the catalogue's entry of that name.
/// @return nothing, with a problem, where there is none
std::optional<Profile> find_profile(ProblemList& problems, const ManifestModel& model, const ManifestOptions& options);

/// The GPU types a profile has figures for; empty: any.
std::vector<std::string> gpus_of(const Node& block);

}  // namespace windtunnel::kubernetes
