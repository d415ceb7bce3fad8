// Strict reading of the reference files.
#include "tests/theory/fields.hpp"

#include <cmath>
#include <utility>

namespace windtunnel::theory {

Fields::Fields(const nlohmann::json& object, std::string path) : object_(&object), path_(std::move(path)) {
  if (!object.is_object()) throw NotUnderstood(path_ + " is no object");
}

const nlohmann::json& Fields::at(const std::string& name) {
  const auto it = object_->find(name);
  if (it == object_->end()) throw NotUnderstood(path_ + "." + name + " is missing");
  read_.insert(name);
  return *it;
}

Fields Fields::object(const std::string& name) {
  return Fields(at(name), path_ + "." + name);
}

double Fields::number(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    throw NotUnderstood(path_ + "." + name + " is no finite number: " + value.dump());
  }
  return value.get<double>();
}

int Fields::integer(const std::string& name) {
  const double value = number(name);
  if (value != std::floor(value) || std::abs(value) > 1e9) {
    throw NotUnderstood(path_ + "." + name + " is no whole number: " + at(name).dump());
  }
  return static_cast<int>(value);
}

bool Fields::boolean(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_boolean()) throw NotUnderstood(path_ + "." + name + " is neither true nor false: " + value.dump());
  return value.get<bool>();
}

std::string Fields::text(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_string()) throw NotUnderstood(path_ + "." + name + " is no text: " + value.dump());
  return value.get<std::string>();
}

std::optional<double> Fields::number_or_null(const std::string& name) {
  if (at(name).is_null()) return std::nullopt;
  return number(name);
}

void Fields::skip(std::initializer_list<const char*> names) {
  for (const char* name : names) read_.insert(name);
}

void Fields::finish() const {
  for (const auto& [name, value] : object_->items()) {
    if (!read_.contains(name)) throw NotUnderstood("unknown field " + path_ + "." + name);
  }
}

}  // namespace windtunnel::theory
