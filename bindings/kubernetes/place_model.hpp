// From a Deployment and its autoscaler to blocks of a scenario: models.<name> and scaling.<name>.
#pragma once

#include <optional>

#include "bindings/kubernetes/assembly.hpp"
#include "bindings/kubernetes/choose_pools.hpp"

namespace windtunnel::kubernetes {

/// The model's keys over its profile's. None after a problem.
std::optional<PlacedModel> place_model(Assembly& a, const ManifestModel& model);
/// Several GPU types: a model may only run where its node selector says, so its figures for other types go.
void keep_own_gpu(PlacedModel& placed);
/// What scales it: its autoscaler, or its fixed number of replicas.
Node scaling_of(Assembly& a, const ManifestModel& model);

}  // namespace windtunnel::kubernetes
