// What a pod template says that a scenario can say: what a replica asks for, its probes, how it ends, where it may run.
#pragma once

#include <optional>
#include <string>

#include "bindings/kubernetes/fields.hpp"

namespace windtunnel::kubernetes {

/// A value, and where it stood.
template <class T>
struct Said {
  T value{};
  Field at;
};

struct PodTemplate {
  Node model = Node::map();       ///< keys of models.<name>: requests, probe, termination
  Field memory_limit;             ///< of the model's container
  std::string memory_limit_text;  ///< the same in a scenario's words
  bool asks_for_gpu = false;      ///< any nvidia.com resource
  bool shared_name = false;       ///< nvidia.com/gpu.shared
  Field gpu;                      ///< the resource
  std::string mig_profile;        ///< of nvidia.com/mig-<profile>
  std::optional<Said<std::int64_t>> hami_memory_mib, hami_memory_percent, hami_cores_percent;
  std::optional<Said<std::string>> product;        ///< the catalogue's name of the GPU a node selector asks for
  std::optional<Said<std::string>> plugin_config;  ///< label nvidia.com/device-plugin.config
  std::optional<Said<std::string>> gke_strategy;   ///< time-sharing or mps
  std::optional<Said<std::int64_t>> gke_clients;   ///< max-shared-clients-per-gpu
  std::string profile;                             ///< annotation windtunnel/profile
};

/// @param pod  of spec.template (metadata and spec)
PodTemplate read_pod_template(FieldReader& reader, const Field& pod);

/// The annotation that names a model's profile.
inline constexpr std::string_view kProfileAnnotation = "windtunnel/profile";

/// A scalar that stands where `at` stood.
Node scalar_at(const Field& at, std::string text);

}  // namespace windtunnel::kubernetes
