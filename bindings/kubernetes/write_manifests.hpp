// The way out: a scenario's policies as objects that kubectl takes, with what no manifest says beside them.
#pragma once

#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel::kubernetes {

struct WrittenFile {
  std::string name;  ///< relative to the folder, "01-quality.yaml"
  std::string text;
};

/// One file for each model (a Deployment and its autoscaler, or a ScaledJob), one with the device plugin's sharing, and
/// windtunnel/: the models' profiles and the part of the scenario that manifests do not say. load_manifests() on the
/// folder gives the same scenario back.
/// @return one Error for each model whose policy no object of Kubernetes has
Result<std::vector<WrittenFile>> write_manifests(const Scenario& scenario);

/// The pod template of a model: {metadata, spec}. @param model  its resolved block  @param pools  cluster.node_pools
Node write_pod_template(const std::string& name, const Node& model, const Node& pools, bool job);

/// The autoscaler of a model: an object, or null for a fixed size. @param scaling  its resolved entry
Node write_autoscaler(const std::string& name, const Node& scaling, const Node& pod_template);

/// The ConfigMap with the device plugin's configuration of each pool that shares; null where none does.
Node write_sharing(const Node& pools);

}  // namespace windtunnel::kubernetes
