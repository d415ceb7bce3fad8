// One description of a parameter, from which the reader's errors, the JSON Schema, `list` and `--help` are made.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// How a value is written in a scenario, and what it becomes.
enum class ParamType {
  duration,   ///< "5s", "250ms", "1h30m"; held in seconds
  bytes,      ///< "16GiB", "1.13GB", "500Mi"; held in bytes
  rate,       ///< "0.8/s", "40/h"; held per second
  price,      ///< "1.01/h": USD per hour; held in USD per hour
  number,     ///< a plain number
  integer,    ///< a whole number
  share,      ///< a number in (0, 1]
  boolean,    ///< true or false
  text,       ///< a name or a path
  choice,     ///< one of `choices`
  numbers,    ///< a list of plain numbers
  bandwidth,  ///< "200MB/s"; held in bytes per second
  durations,  ///< a list of durations; held in seconds
  law,        ///< a plain number, or a law of numbers: {law: lognormal, mean: 1, scv: 0.3}
  time_law,   ///< a duration, or a law of durations: {law: lognormal, mean: 22s, scv: 0.1}
  count,      ///< a whole number from 1, or the word choices[0] for "no limit"; held as 0 then
  block,      ///< a nested block with a table of its own
};

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// One parameter. `fallback` is the default as a user would write it; empty means the parameter must be given,
/// unless `optional`. `source` says where the default comes from (with its tag, where it is a figure).
struct Param {
  std::string_view name;
  ParamType type = ParamType::number;
  std::string_view doc;
  std::string_view fallback = {};
  bool optional = false;
  double min = -kNoLimit;  ///< in the held unit, inclusive unless min_exclusive
  double max = kNoLimit;
  bool min_exclusive = false;
  std::vector<std::string_view> choices = {};
  std::string_view source = {};
  std::string_view unit = {};             ///< what a plain number counts, where that needs saying
  std::string_view wrong_unit_hint = {};  ///< the way out when the value carries another unit, e.g. a rate for a time
};

/// What a reader of its own made of a nested block, for a factory that knows its type.
struct MadeBlock {
  virtual ~MadeBlock() = default;
};

/// The values of one block, checked against its parameters: every one that has a default is present.
class ParamSet {
 public:
  /// A made block is shared by all copies of the set, and never changes.
  using Value = std::variant<double, std::string, bool, std::vector<double>, std::shared_ptr<const MadeBlock>>;

  void set(std::string_view name, Value value, bool given) { values_[std::string(name)] = {std::move(value), given}; }
  [[nodiscard]] bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// True if the user wrote it, false if it is the default.
  [[nodiscard]] bool given(std::string_view name) const {
    const auto it = values_.find(name);
    return it != values_.end() && it->second.given;
  }
  /// As if the user had written what is there.
  void mark_given(std::string_view name) {
    if (const auto it = values_.find(name); it != values_.end()) it->second.given = true;
  }
  [[nodiscard]] double number(std::string_view name) const { return std::get<double>(at(name)); }
  [[nodiscard]] int integer(std::string_view name) const { return static_cast<int>(number(name)); }
  [[nodiscard]] Duration duration(std::string_view name) const { return to_duration(number(name)); }
  [[nodiscard]] Bytes bytes(std::string_view name) const { return {std::llround(number(name))}; }
  [[nodiscard]] bool boolean(std::string_view name) const { return std::get<bool>(at(name)); }
  [[nodiscard]] const std::string& text(std::string_view name) const { return std::get<std::string>(at(name)); }
  [[nodiscard]] const std::vector<double>& numbers(std::string_view name) const {
    return std::get<std::vector<double>>(at(name));
  }
  template <class Made>
  [[nodiscard]] const Made& made(std::string_view name) const {
    return dynamic_cast<const Made&>(*std::get<std::shared_ptr<const MadeBlock>>(at(name)));
  }

 private:
  struct Held {
    Value value;
    bool given;
  };
  [[nodiscard]] const Value& at(std::string_view name) const;
  std::map<std::string, Held, std::less<>> values_;
};

/// A row of a registry: something a scenario may name, with its parameters.
/// `Factory` makes the thing from its checked parameters.
template <class Factory>
struct RegistryEntry {
  std::string_view name;
  std::string_view doc;
  std::vector<Param> params;
  Factory make;
};

/// The row of that name, or nullptr.
template <class Factory>
const RegistryEntry<Factory>* find_entry(std::span<const RegistryEntry<Factory>> rows, std::string_view name) {
  for (const auto& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace windtunnel
