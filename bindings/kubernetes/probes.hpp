// Probes, grace period and preStop hook: from a pod's spec to the blocks `probe` and `termination` of a model.
#pragma once

#include "bindings/kubernetes/fields.hpp"

namespace windtunnel::kubernetes {

/// Adds to `model`. @param spec  of the pod  @param container  the one that serves
void read_pod_life(FieldReader& reader, const Field& spec, const Field& container, Node& model);

}  // namespace windtunnel::kubernetes
