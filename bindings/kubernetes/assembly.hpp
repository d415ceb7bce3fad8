// A scenario in the making: the manifests' objects, the user's part, and what has come of them.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/kubernetes/load_manifests.hpp"
#include "bindings/kubernetes/manifest_set.hpp"

namespace windtunnel::kubernetes {

/// What is made of the manifests, and what the user's part of a scenario says beside them.
struct Assembly {
  const ManifestOptions& options;
  ProblemList problems{};
  ManifestSet set{};
  Node part = Node::map();
  ManifestScenario out{};

  [[nodiscard]] const Node* in_part(std::initializer_list<std::string_view> keys) const {
    const Node* at = &part;
    for (const auto key : keys) at = at == nullptr ? nullptr : at->find(key);
    return at;
  }
  void assume(std::string path, std::string value, std::string why) {
    out.origin.assumed.push_back({std::move(path), std::move(value), std::move(why)});
  }
};

}  // namespace windtunnel::kubernetes
