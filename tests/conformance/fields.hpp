// A JSON object of a vector file read field by field. Fields nobody asks for are remarks.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/core/time.hpp"

namespace windtunnel::conformance {

/// The row breaks the format: a field is missing or of the wrong kind. Such a row fails.
class MalformedRow : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The row asks for something no checker has a rule for. Counted, never guessed.
class NotUnderstood : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Fields {
 public:
  /// @throws MalformedRow when `object` is no JSON object; all readers throw it for what is missing or of another kind
  Fields(const nlohmann::json& object, std::string path);

  /// Whether the field is there and not null, which means absent.
  [[nodiscard]] bool has(const std::string& name) const;
  [[nodiscard]] const nlohmann::json& at(const std::string& name) const;
  [[nodiscard]] Fields object(const std::string& name) const;
  [[nodiscard]] std::vector<Fields> objects(const std::string& name) const;
  [[nodiscard]] const nlohmann::json& list(const std::string& name) const;
  [[nodiscard]] double number(const std::string& name) const;
  [[nodiscard]] double number(const std::string& name, double fallback) const;
  [[nodiscard]] std::int64_t integer(const std::string& name) const;
  [[nodiscard]] std::int64_t integer(const std::string& name, std::int64_t fallback) const;
  [[nodiscard]] std::optional<std::int64_t> optional_integer(const std::string& name) const;
  /// A replica count, 32 bits.
  [[nodiscard]] std::int32_t count(const std::string& name) const;
  [[nodiscard]] std::int32_t count(const std::string& name, std::int32_t fallback) const;
  [[nodiscard]] bool boolean(const std::string& name) const;
  [[nodiscard]] bool boolean(const std::string& name, bool fallback) const;
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::string text(const std::string& name, const std::string& fallback) const;
  [[nodiscard]] Duration seconds(const std::string& name) const;
  [[nodiscard]] Duration seconds(const std::string& name, Duration fallback) const;
  /// Entries [whole number, age in seconds].
  struct Aged {
    std::int32_t value;
    Duration age;
  };
  [[nodiscard]] std::vector<Aged> aged(const std::string& name) const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[noreturn]] void refuse(const std::string& name, const char* rule) const;

  const nlohmann::json* object_;
  std::string path_;
};

/// A JSON value alone, by the same rules.
[[nodiscard]] std::int64_t whole_number(const nlohmann::json& value, const std::string& path);
[[nodiscard]] Duration span_of_seconds(const nlohmann::json& value, const std::string& path);

}  // namespace windtunnel::conformance
