#include "tests/conformance/fields.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace windtunnel::conformance {
namespace {

[[noreturn]] void refuse_value(const nlohmann::json& value, const std::string& path, const char* rule) {
  throw MalformedRow(path + " is " + value.dump().substr(0, 60) + ", not " + rule);
}

std::int32_t as_count(std::int64_t value, const std::string& path) {
  if (value < std::numeric_limits<std::int32_t>::min() || value > std::numeric_limits<std::int32_t>::max()) {
    throw MalformedRow(path + " is " + std::to_string(value) + ", beyond 32 bits");
  }
  return static_cast<std::int32_t>(value);
}

}  // namespace

std::int64_t whole_number(const nlohmann::json& value, const std::string& path) {
  if (value.is_number_unsigned()) {
    if (value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      refuse_value(value, path, "a number of 64 bits");
    }
    return value.get<std::int64_t>();
  }
  if (value.is_number_integer()) return value.get<std::int64_t>();
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(std::abs(number) <= 9.0e15) || number != std::floor(number)) refuse_value(value, path, "a whole number");
  return static_cast<std::int64_t>(number);
}

Duration span_of_seconds(const nlohmann::json& value, const std::string& path) {
  if (!value.is_number()) refuse_value(value, path, "a number of seconds");
  const double seconds = value.get<double>();
  if (!(std::abs(seconds) <= kMaxSeconds)) refuse_value(value, path, "within 146 years");
  return to_duration(seconds);
}

Fields::Fields(const nlohmann::json& object, std::string path) : object_(&object), path_(std::move(path)) {
  if (!object.is_object()) throw MalformedRow(path_ + " is no object");
}

void Fields::refuse(const std::string& name, const char* rule) const {
  refuse_value(at(name), path_ + "." + name, rule);
}

bool Fields::has(const std::string& name) const {
  const auto it = object_->find(name);
  return it != object_->end() && !it->is_null();
}

const nlohmann::json& Fields::at(const std::string& name) const {
  const auto it = object_->find(name);
  if (it == object_->end()) throw MalformedRow(path_ + "." + name + " is missing");
  return *it;
}

Fields Fields::object(const std::string& name) const {
  return Fields(at(name), path_ + "." + name);
}

const nlohmann::json& Fields::list(const std::string& name) const {
  if (!at(name).is_array()) refuse(name, "a list");
  return at(name);
}

std::vector<Fields> Fields::objects(const std::string& name) const {
  std::vector<Fields> out;
  for (const auto& entry : list(name))
    out.emplace_back(entry, path_ + "." + name + "[" + std::to_string(out.size()) + "]");
  return out;
}

double Fields::number(const std::string& name) const {
  if (!at(name).is_number()) refuse(name, "a number");
  return at(name).get<double>();
}
double Fields::number(const std::string& name, double fallback) const {
  return has(name) ? number(name) : fallback;
}

std::int64_t Fields::integer(const std::string& name) const {
  return whole_number(at(name), path_ + "." + name);
}
std::int64_t Fields::integer(const std::string& name, std::int64_t fallback) const {
  return has(name) ? integer(name) : fallback;
}
std::optional<std::int64_t> Fields::optional_integer(const std::string& name) const {
  if (!has(name)) return std::nullopt;
  return integer(name);
}

std::int32_t Fields::count(const std::string& name) const {
  return as_count(integer(name), path_ + "." + name);
}
std::int32_t Fields::count(const std::string& name, std::int32_t fallback) const {
  return has(name) ? count(name) : fallback;
}

bool Fields::boolean(const std::string& name) const {
  if (!at(name).is_boolean()) refuse(name, "true or false");
  return at(name).get<bool>();
}
bool Fields::boolean(const std::string& name, bool fallback) const {
  return has(name) ? boolean(name) : fallback;
}

std::string Fields::text(const std::string& name) const {
  if (!at(name).is_string()) refuse(name, "a text");
  return at(name).get<std::string>();
}
std::string Fields::text(const std::string& name, const std::string& fallback) const {
  return has(name) ? text(name) : fallback;
}

Duration Fields::seconds(const std::string& name) const {
  return span_of_seconds(at(name), path_ + "." + name);
}
Duration Fields::seconds(const std::string& name, Duration fallback) const {
  return has(name) ? seconds(name) : fallback;
}

std::vector<Fields::Aged> Fields::aged(const std::string& name) const {
  std::vector<Aged> out;
  for (const auto& entry : list(name)) {
    const std::string path = path_ + "." + name + "[" + std::to_string(out.size()) + "]";
    if (!entry.is_array() || entry.size() != 2) refuse_value(entry, path, "a pair [value, age]");
    out.push_back({.value = as_count(whole_number(entry[0], path), path), .age = span_of_seconds(entry[1], path)});
  }
  return out;
}

}  // namespace windtunnel::conformance
