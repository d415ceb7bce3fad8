#include "policies/expression/unit.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "policies/expression/literal.hpp"

namespace windtunnel::expression {
namespace {

struct NamedUnit {
  std::string_view name;
  double factor;
  Unit unit;
};

constexpr std::array<NamedUnit, 27> kUnits = {{
    {"ns", 1e-9, kSeconds},
    {"us", 1e-6, kSeconds},
    {"ms", 1e-3, kSeconds},
    {"s", 1, kSeconds},
    {"second", 1, kSeconds},
    {"seconds", 1, kSeconds},
    {"m", 60, kSeconds},
    {"min", 60, kSeconds},
    {"h", 3600, kSeconds},
    {"d", 86400, kSeconds},
    {"query", 1, kQueries},
    {"queries", 1, kQueries},
    {"replica", 1, kReplicas},
    {"replicas", 1, kReplicas},
    {"B", 1, kBytes},
    {"byte", 1, kBytes},
    {"bytes", 1, kBytes},
    {"kB", 1e3, kBytes},
    {"MB", 1e6, kBytes},
    {"GB", 1e9, kBytes},
    {"TB", 1e12, kBytes},
    {"KiB", 1024.0, kBytes},
    {"Ki", 1024.0, kBytes},
    {"MiB", 1024.0 * 1024, kBytes},
    {"Mi", 1024.0 * 1024, kBytes},
    {"GiB", 1024.0 * 1024 * 1024, kBytes},
    {"Gi", 1024.0 * 1024 * 1024, kBytes},
}};

const NamedUnit* find_unit(std::string_view name) {
  for (const NamedUnit& row : kUnits)
    if (row.name == name) return &row;
  return nullptr;
}

std::string unit_part(std::string_view one, std::string_view many, int power) {
  std::string out(power == 1 ? many : one);
  if (power > 1) out = std::string(many) + "^" + std::to_string(power);
  return out;
}

std::string_view without_spaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string to_text(const Unit& unit) {
  struct Part {
    std::string_view one, many;
    int power;
  };
  const std::array<Part, 4> parts = {{{"query", "queries", unit.queries},
                                      {"byte", "bytes", unit.bytes},
                                      {"s", "s", unit.seconds},
                                      {"replica", "replicas", unit.replicas}}};
  std::string over, under;
  for (const Part& p : parts) {
    if (p.power <= 0) continue;
    if (!over.empty()) over.push_back('*');
    over.append(unit_part(p.one, p.many, p.power));
  }
  for (const Part& p : parts) {
    if (p.power >= 0) continue;
    under.push_back('/');
    under.append(p.one);
    if (p.power == -1) continue;
    under.push_back('^');
    under.append(std::to_string(-p.power));
  }
  return (over.empty() ? "1" : over) + under;
}

std::optional<Amount> parse_amount(std::string_view text) {
  text = without_spaces(text);
  const auto end = std::min(text.find_first_not_of("+-0123456789.eE_"), text.size());
  // "5e" of "5 e..." never begins a unit, but "1e3" holds an e: the longest prefix that is a number counts.
  std::size_t length = end;
  double value = 0;
  while (length > 0 && !parse_real(text.substr(0, length), value)) --length;
  if (length == 0 || !std::isfinite(value)) return std::nullopt;
  Amount out{.value = value};
  std::string_view rest = without_spaces(text.substr(length));
  if (rest.starts_with('/')) out.unit = kQueries;
  bool under = rest.starts_with('/');
  if (under) rest.remove_prefix(1);
  while (!rest.empty()) {
    const auto stop = std::min(rest.find_first_of("*/"), rest.size());
    const NamedUnit* unit = find_unit(without_spaces(rest.substr(0, stop)));
    if (unit == nullptr) return std::nullopt;
    out.value = under ? out.value / unit->factor : out.value * unit->factor;
    out.unit = times(out.unit, unit->unit, under ? -1 : 1);
    if (stop == rest.size()) break;
    under = rest[stop] == '/';
    rest = rest.substr(stop + 1);
    if (rest.empty()) return std::nullopt;
  }
  return out;
}

}  // namespace windtunnel::expression
