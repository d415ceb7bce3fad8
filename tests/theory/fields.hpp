// A JSON object read field by field: whatever nobody asked for means the file says more than we understand.
#pragma once

#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace windtunnel::theory {

/// A case or row says something this runner has no rule for. It is counted, never guessed.
class NotUnderstood : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads one object. Every reader marks its field; finish() throws NotUnderstood for those left over.
class Fields {
 public:
  /// @throws NotUnderstood when `object` is no JSON object
  Fields(const nlohmann::json& object, std::string path);

  [[nodiscard]] bool has(const std::string& name) const { return object_->contains(name); }
  /// @throws NotUnderstood when the field is missing; the same holds for all readers below
  const nlohmann::json& at(const std::string& name);
  Fields object(const std::string& name);
  double number(const std::string& name);
  int integer(const std::string& name);
  bool boolean(const std::string& name);
  std::string text(const std::string& name);
  /// Null means "no limit" in this format: nothing. A missing field is still not understood.
  std::optional<double> number_or_null(const std::string& name);

  /// Marks fields that explain and do not say what to simulate or check.
  void skip(std::initializer_list<const char*> names);
  /// @throws NotUnderstood naming the first field nobody read
  void finish() const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const nlohmann::json* object_;
  std::string path_;
  std::set<std::string> read_;
};

}  // namespace windtunnel::theory
