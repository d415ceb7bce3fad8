// Makes sharing modes by name with their defaults.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/sharing/sharing_mode.hpp"
#include "tests/core/default_params.hpp"

namespace windtunnel::testing_support {

inline const SharingEntry& mode_entry(std::string_view name) {
  const auto* entry = find_entry(sharing_registry(), name);
  if (entry == nullptr) throw std::runtime_error("no sharing mode " + std::string(name));
  return *entry;
}

inline std::unique_ptr<SharingMode> mode(std::string_view name, int replicas = 4, const Given& given = {}) {
  const auto& entry = mode_entry(name);
  return entry.make({.mode = std::string(name), .replicas = replicas, .params = params_of(entry.params, given)});
}

inline std::vector<double> rates(const SharingMode& mode, const std::vector<Sharer>& busy) {
  std::vector<double> out(busy.size());
  mode.rates(busy, out);
  return out;
}

}  // namespace windtunnel::testing_support
