#include "tests/conformance/check_row.hpp"

#include <cmath>
#include <exception>

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

constexpr const char* kBurst = "excess_burst_capacity";
constexpr const char* kBurstSlack = "excess_burst_capacity_tolerance";
constexpr double kSixDecimals = 0.5000001e-6;

bool equal_numbers(const json& expected, const json& got, double slack) {
  if (slack == 0 && expected.is_number_integer() && got.is_number_integer()) return expected == got;
  const double a = expected.get<double>(), b = got.get<double>();
  return a == b || std::abs(a - b) <= slack;
}

/// What a set of `expect` keys says about the results.
std::string object_difference(const json& expected, const json& got, const std::string& path, double slack,
                              double burst_slack) {
  for (const auto& [key, value] : expected.items()) {
    if (key == kBurstSlack) continue;
    const auto it = got.find(key);
    if (it == got.end() && !value.is_null()) return path + key + ": no such result";
    auto text = difference(value, it == got.end() ? json() : *it, path + key, key == kBurst ? burst_slack : slack);
    if (!text.empty()) return text;
  }
  return {};
}

std::string expect_difference(const json& holder, const json& got, const std::string& path, double slack,
                              double burst_slack) {
  const auto& expected = holder.at("expect");
  if (!expected.is_object()) return difference(expected, got, path + "result", slack);
  if (!got.is_object()) return path + "expect: no such results";
  return object_difference(expected, got, path, slack, burst_slack);
}

std::string steps_difference(const json& steps, const json& got, double slack, double burst_slack) {
  bool any = false;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].is_object() || !steps[i].contains("expect")) continue;
    any = true;
    const std::string path = "steps[" + std::to_string(i) + "].";
    auto text = expect_difference(steps[i], i < got.size() ? got[i] : json(), path, slack, burst_slack);
    if (!text.empty()) return text;
  }
  return any ? "" : "nothing is expected";
}

std::string row_difference(const Fields& row, const json& source, const std::string& rule, const json& got) {
  const double slack = rule == "window_average" ? kSixDecimals : 0;
  double burst_slack = row.number(kBurstSlack, 0);
  if (source.contains("expect")) {
    const auto& expected = source.at("expect");
    if (expected.is_object() && expected.contains(kBurstSlack)) burst_slack = row.object("expect").number(kBurstSlack);
    return expect_difference(source, got, "", slack, burst_slack);
  }
  if (row.has("steps")) return steps_difference(row.list("steps"), got, slack, burst_slack);
  throw MalformedRow(row.path() + " has neither expect nor steps");
}

void check_into(RowVerdict& verdict, const json& source, const std::string& place, const Registry& registry) {
  const Fields row(source, place);
  verdict.id = row.text("id", place);
  const std::string rule = row.has("op") ? row.text("op") : row.text("metric");
  const auto checker = registry.find(rule);
  if (checker == registry.end()) throw NotUnderstood("no rule \"" + rule + "\"");
  verdict.note = row_difference(row, source, rule, checker->second(row));
  if (!verdict.note.empty()) verdict.state = RowState::failed;
}

}  // namespace

std::string difference(const json& expected, const json& got, const std::string& path, double slack) {
  bool same = false;
  if (expected.is_number() && got.is_number()) {
    same = equal_numbers(expected, got, slack);
  } else if (expected.is_object() && got.is_object()) {
    return object_difference(expected, got, path + ".", slack, slack);
  } else if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      auto text = difference(expected[i], got[i], path + "[" + std::to_string(i) + "]", slack);
      if (!text.empty()) return text;
    }
    same = true;
  } else {
    same = expected == got;
  }
  return same ? "" : path + ": expected " + expected.dump() + ", got " + got.dump();
}

RowVerdict check_row(const json& row, const std::string& place, const Registry& registry) {
  RowVerdict verdict;
  verdict.id = place;
  try {
    check_into(verdict, row, place, registry);
  } catch (const NotUnderstood& why) {
    verdict.state = RowState::not_understood;
    verdict.note = why.what();
  } catch (const std::exception& why) {
    verdict.state = RowState::failed;
    verdict.note = why.what();
  }
  return verdict;
}

}  // namespace windtunnel::conformance
