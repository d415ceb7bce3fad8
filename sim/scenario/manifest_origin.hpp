// What a scenario made from Kubernetes manifests came from: the objects read, the fields without effect, the
// assumptions.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

struct ManifestOrigin {
  struct Object {
    std::string kind, name, file;
    int line = 0;
    std::string model;  ///< empty: not simulated
  };
  /// A key of the scenario that no manifest says.
  struct Assumed {
    std::string path, value, why;
  };
  std::vector<Object> objects;
  std::vector<PassedOver> not_modelled;
  std::vector<Assumed> assumed;
};

}  // namespace windtunnel
