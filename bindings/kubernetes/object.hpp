// One Kubernetes object of a manifest: what it is, whose it is, and the tree it was written as.
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel::kubernetes {

/// What an object is to a scenario.
enum class Part : std::uint8_t {
  workload,        ///< Deployment, StatefulSet: a model
  hpa,             ///< HorizontalPodAutoscaler
  scaled_object,   ///< KEDA
  scaled_job,      ///< KEDA, a model of its own
  sharing,         ///< the device plugin's configuration, bare
  config_map,      ///< may hold that
  authentication,  ///< KEDA's TriggerAuthentication: how to log in
  none,            ///< known to Kubernetes, without a part in a simulation
};

struct Object {
  std::string kind, name;
  std::string space = "default";  ///< metadata.namespace
  Part part = Part::none;
  Node node;

  /// "Deployment/quality".
  [[nodiscard]] std::string title() const { return kind + "/" + name; }
};

/// Objects keep their address.
using Objects = std::deque<Object>;

/// Takes one document apart: an object, a List of them, or the device plugin's bare configuration. An unknown
/// apiVersion or kind is a problem.
void take_document(ProblemList& problems, Node document, Objects& out);

/// Reads manifests: each place is a file, or a folder whose .yaml, .yml and .json files are read in the order of their
/// names. Subfolders are not entered, as kubectl does without -R.
/// @param problems  of form: kinds, names; what is no YAML is in the result
Problems read_manifests(const std::vector<std::filesystem::path>& places, ProblemList& problems, Objects& out);

}  // namespace windtunnel::kubernetes
