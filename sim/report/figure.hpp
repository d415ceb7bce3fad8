// Reads figures out of a summary: the value, and its interval where there are replications.
#pragma once

#include <cmath>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace windtunnel {

/// A value and the half width of its 95 % interval; NaN where the summary says nothing.
struct Figure {
  double value = std::numeric_limits<double>::quiet_NaN();
  double ci95 = std::numeric_limits<double>::quiet_NaN();
  [[nodiscard]] bool is_known() const { return std::isfinite(value); }
  [[nodiscard]] bool is_nonzero() const { return is_known() && value != 0; }
};

/// What stands at that path, or nullptr.
inline const nlohmann::ordered_json* find_path(const nlohmann::ordered_json& from,
                                               std::initializer_list<std::string_view> path) {
  const nlohmann::ordered_json* at = &from;
  for (const std::string_view key : path) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(key));
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

/// The figure `key` of the object at that path.
inline Figure figure_at(const nlohmann::ordered_json& from, std::initializer_list<std::string_view> path,
                        std::string_view key) {
  const auto* object = find_path(from, path);
  if (object == nullptr || !object->is_object()) return {};
  const auto read = [&](const std::string& name) {
    const auto found = object->find(name);
    return found != object->end() && found->is_number() ? found->get<double>()
                                                        : std::numeric_limits<double>::quiet_NaN();
  };
  return {read(std::string(key)), read(std::string(key) + "_ci95")};
}

/// The sum of some figures of one object, without an interval: parts of one run are not independent.
inline double sum_at(const nlohmann::ordered_json& from, std::initializer_list<std::string_view> path,
                     std::initializer_list<std::string_view> keys) {
  double sum = 0;
  for (const std::string_view key : keys) {
    const Figure part = figure_at(from, path, key);
    if (part.is_known()) sum += part.value;
  }
  return sum;
}

}  // namespace windtunnel
