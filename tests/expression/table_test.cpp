#include "tests/expression/table.hpp"

#include <cmath>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>

#include "policies/expression/formula.hpp"
#include "policies/expression/keda_formula.hpp"

namespace windtunnel::expression {
namespace {

/// What we say of a row.
struct Answer {
  bool accepted = false;
  std::optional<Problem> problem = {};
  Value value = {};
};

Answer answer_of(const Row& row) {
  if (row.keda) {
    const auto compiled = KedaFormula::compile(row.expression, row.names);
    if (const auto* problem = std::get_if<Problem>(&compiled)) return {.problem = *problem};
    const auto result = std::get<KedaFormula>(compiled).evaluate(row.values);
    return {.accepted = true, .problem = result.problem, .value = result.value ? Value(*result.value) : Value()};
  }
  const auto compiled = Formula::compile(row.expression, row.names);
  if (const auto* problem = std::get_if<Problem>(&compiled)) return {.problem = *problem};
  std::vector<Value> values;
  for (const auto& value : row.values) values.push_back(value ? Value(*value) : Value());
  Outcome outcome = std::get<Formula>(compiled).evaluate(values);
  return {.accepted = true, .problem = outcome.problem, .value = outcome.value};
}

/// A power with a broken exponent goes through exp and log, which are not the same function in two libraries.
bool goes_through_exp(const Row& row) {
  static const std::set<std::string> kRows = {"2 ** 0.25", "trig_one ** 0.3"};
  return kRows.contains(row.expression);
}

bool same_value(const Row& row, const nlohmann::json& expected, const Value& value) {
  if (expected.contains("nil")) return value.is_nil();
  if (expected.contains("bool")) return value.boolean() != nullptr && *value.boolean() == expected["bool"];
  if (expected.contains("int"))
    return value.integer() != nullptr && std::to_string(*value.integer()) == expected["int"].get<std::string>();
  if (expected.contains("string"))
    return value.text() != nullptr && *value.text() == expected["string"].get<std::string>();
  if (expected.contains("float")) {
    if (value.real() == nullptr) return false;
    const double wanted = std::strtod(expected["float"].get<std::string>().c_str(), nullptr);
    if (std::isnan(wanted)) return std::isnan(*value.real());
    if (goes_through_exp(row)) return std::abs(*value.real() - wanted) <= 1e-15 * std::abs(wanted);
    return *value.real() == wanted && std::signbit(*value.real()) == std::signbit(wanted);
  }
  if (!expected.contains("array") || value.array() == nullptr) return false;
  const auto& items = expected["array"];
  if (items.size() != value.array()->size()) return false;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!same_value(row, items[i], (*value.array())[i])) return false;
  return true;
}

std::multiset<std::string> listed_as_not_modelled() {
  std::multiset<std::string> out;
  std::ifstream file(table_folder() / "not_modelled.txt");
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && !line.starts_with("// ")) out.insert(line);
  return out;
}

TEST(ExpressionTable, EveryRowIsAcceptedOrRefusedWithTheValueTheGoLibraryGives) {
  const auto rows = read_table();
  ASSERT_GE(rows.size(), 500U);
  auto listed = listed_as_not_modelled();
  const std::size_t allowed = listed.size();
  std::size_t passed = 0, not_modelled = 0, refused_by_both = 0;
  for (const auto& row : rows) {
    const Answer answer = answer_of(row);
    const std::string said = answer.problem ? answer.problem->message() : to_text(answer.value);
    if (row.accepted && answer.problem && answer.problem->not_modelled) {
      ++not_modelled;
      const auto it = listed.find(row.expression);
      EXPECT_NE(it, listed.end()) << row.text() << ": not in not_modelled.txt: " << said;
      if (it != listed.end()) listed.erase(it);
      continue;
    }
    bool right = answer.accepted == row.accepted;
    if (row.accepted && right) right = answer.problem.has_value() == row.fails;
    if (row.accepted && right && !row.fails) right = same_value(row, row.value, answer.value);
    EXPECT_TRUE(right) << row.text()
                       << "\n  library: " << (row.accepted ? row.fails ? "fails" : row.value.dump() : "refused")
                       << "\n  here: " << said;
    passed += right ? 1 : 0;
    refused_by_both += right && !row.accepted ? 1 : 0;
  }
  EXPECT_TRUE(listed.empty()) << "not_modelled.txt lists " << (listed.empty() ? "" : *listed.begin())
                              << ", which is modelled";
  std::printf("expressions: %zu passed / %zu total (%zu of them refused by both), %zu not modelled\n", passed,
              rows.size(), refused_by_both, not_modelled);
  EXPECT_EQ(passed + not_modelled, rows.size());
  EXPECT_LE(allowed, rows.size() / 40);  // few
}

TEST(ExpressionTable, HoldsRefusalsFailuresAndMissingValues) {
  std::size_t refused = 0, fails = 0, with_nil = 0, keda = 0;
  for (const auto& row : read_table()) {
    refused += row.accepted ? 0 : 1;
    fails += row.fails ? 1 : 0;
    keda += row.keda ? 1 : 0;
    for (const auto& value : row.values) with_nil += value ? 0 : 1;
  }
  EXPECT_GE(refused, 100U);
  EXPECT_GE(fails, 30U);
  EXPECT_GE(with_nil, 30U);
  EXPECT_GE(keda, 40U);
}

}  // namespace
}  // namespace windtunnel::expression
