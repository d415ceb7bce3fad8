// A ParamSet from a parameter table, for tests that go without the scenario reader: defaults, and what a test gives.
#pragma once

#include <charconv>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/param.hpp"

namespace windtunnel::testing_support {

using Given = std::vector<std::pair<std::string_view, ParamSet::Value>>;

/// The few spellings that tables use: a number, then s, ms, us or m for durations.
inline ParamSet::Value parse_default(const Param& param) {
  switch (param.type) {
    case ParamType::boolean: return param.fallback == "true";
    case ParamType::text:
    case ParamType::choice: return std::string(param.fallback);
    default: break;
  }
  double value = 0;
  const char* const end = param.fallback.data() + param.fallback.size();
  const auto [rest, error] = std::from_chars(param.fallback.data(), end, value);
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  const bool has_unit = param.type == ParamType::duration;
  if (error == std::errc{} && !has_unit && unit.empty()) return value;
  if (error == std::errc{} && has_unit) {
    if (unit == "s") return value;
    if (unit == "ms") return value * 1e-3;
    if (unit == "us") return value * 1e-6;
    if (unit == "m") return value * 60;
  }
  throw std::runtime_error("cannot read default \"" + std::string(param.fallback) + "\" of " + std::string(param.name));
}

/// @throws std::runtime_error for a given name that is not in the table, or a required one that is not given
inline ParamSet params_of(std::span<const Param> table, const Given& given = {}) {
  ParamSet out;
  for (const auto& param : table)
    if (!param.fallback.empty()) out.set(param.name, parse_default(param), false);
  for (const auto& [name, value] : given) {
    bool known = false;
    for (const auto& param : table) known = known || param.name == name;
    if (!known) throw std::runtime_error("no parameter " + std::string(name));
    out.set(name, value, true);
  }
  for (const auto& param : table)
    if (!param.optional && !out.has(param.name)) throw std::runtime_error(std::string(param.name) + " must be given");
  return out;
}

/// What every table must keep: names once each, a doc, defaults that can be read and lie within their limits, a source
/// for every default. @return one line per breach
inline std::vector<std::string> breaches(std::span<const Param> table) {
  std::vector<std::string> out;
  const auto breach = [&](const Param& p, const char* what) { out.push_back(std::string(p.name) + ": " + what); };
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Param& p = table[i];
    for (std::size_t j = 0; j < i; ++j)
      if (table[j].name == p.name) breach(p, "named twice");
    if (p.doc.empty()) breach(p, "no doc");
    if (p.fallback.empty()) continue;
    if (p.source.empty()) breach(p, "a default without a source");
    const auto value = parse_default(p);
    if (const auto* number = std::get_if<double>(&value)) {
      const bool share = p.type == ParamType::share;
      const double low = share ? 0 : p.min, high = share ? 1 : p.max;
      if (*number < low || *number > high || (*number == low && (p.min_exclusive || share)))
        breach(p, "default out of limits");
    }
    if (p.type != ParamType::choice) continue;
    bool known = false;
    for (const auto choice : p.choices) known = known || choice == p.fallback;
    if (!known) breach(p, "default is none of its choices");
  }
  return out;
}

}  // namespace windtunnel::testing_support
