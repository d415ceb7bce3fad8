// Manifests as read and joined: models with their templates, and the autoscaler of each.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/kubernetes/fields.hpp"
#include "bindings/kubernetes/object.hpp"
#include "bindings/kubernetes/pod_template.hpp"
#include "bindings/kubernetes/sharing_config.hpp"
#include "sim/scenario/policy_blocks.hpp"

namespace windtunnel::kubernetes {

/// An HPA, a ScaledObject or a ScaledJob.
struct Autoscaler {
  const Object* object = nullptr;
  std::string target_kind, target_name;  ///< scaleTargetRef; a ScaledJob has none
  Field target_at;
  Node scaling = Node::map();  ///< the entry of `scaling`: policy, spec, annotations
  int least = 0, most = 1;     ///< replicas
  bool by_cpu = false;         ///< one of its metrics is the CPU of the pods
};

/// A Deployment, a StatefulSet, or a ScaledJob's template.
struct ManifestModel {
  std::string name;
  const Object* object = nullptr;
  PodTemplate pod;
  std::optional<Said<std::int64_t>> replicas;
  std::string profile;  ///< annotation of the object or its pods; empty: none
  Field profile_at;
  const Autoscaler* scaler = nullptr;
  bool job = false;

  [[nodiscard]] int most_replicas() const {
    return scaler != nullptr ? scaler->most : static_cast<int>(replicas ? replicas->value : 1);
  }
};

struct ManifestSet {
  Objects objects;
  std::deque<Autoscaler> scalers;
  std::deque<ManifestModel> models;  ///< those that run here, in the order of the files
  std::vector<SharingConfig> sharing;
};

/// Reads every object, joins autoscalers with what they scale, and lists what is not modelled.
/// @param named  models whose profile was named: they run even where no GPU is asked for
void join_objects(ProblemList& problems, ManifestSet& set, const std::vector<std::string>& named);

/// One autoscaler object; adds to `set`. @return its entry, or nullptr after a problem
Autoscaler* read_autoscaler(ProblemList& problems, FieldReader& reader, const Object& object, ManifestSet& set);

}  // namespace windtunnel::kubernetes
