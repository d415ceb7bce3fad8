// No text can crash the program: expressions cut, doubled and mixed at random, from a fixed seed.
#include <gtest/gtest.h>

#include "policies/expression/formula.hpp"
#include "policies/expression/keda_formula.hpp"
#include "sim/core/rng.hpp"
#include "tests/expression/table.hpp"

namespace windtunnel::expression {
namespace {

class Mutator {
 public:
  explicit Mutator(std::vector<Row> rows) : rows_(std::move(rows)) {}

  std::string next() {
    std::string text = pick();
    for (auto changes = below(4) + 1; changes > 0; --changes) change(text);
    return text;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng_.uniform() * static_cast<double>(n)); }

 private:
  const std::string& pick() { return rows_[below(rows_.size())].expression; }
  void change(std::string& text) {
    static const std::string kBytes =
        "()[]{}#.,;:?|&!=<>+-*/%^\"'`\\ \n\xC2\xA0\xFF"
        "0123456789eExXabn_$@~";
    const std::size_t at = text.empty() ? 0 : below(text.size());
    switch (below(6)) {
      case 0: text.insert(at, 1, kBytes[below(kBytes.size())]); break;
      case 1: text.erase(at, below(4) + 1); break;
      case 2: text.insert(at, pick()); break;
      case 3: text = text.substr(0, at) + pick(); break;
      case 4: text = "(" + text + ")" + (below(2) == 0 ? "" : " < " + pick() + " < " + text); break;
      default:
        if (!text.empty()) text[at] = kBytes[below(kBytes.size())];
    }
  }
  std::vector<Row> rows_;
  Rng rng_ = RngStreams(20).stream("mutated expressions");
};

TEST(MutatedExpressions, AreEvaluatedOrRefusedWithAColumnInsideThem) {
  const std::vector<std::string> names = {"a", "b", "c"};
  Mutator mutator(read_table());
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutator.next();
    const auto compiled = Formula::compile(text, names);
    const auto* problem = std::get_if<Problem>(&compiled);
    if (problem != nullptr) {
      ASSERT_GE(problem->column, 1) << text;
      ASSERT_LE(problem->column, static_cast<int>(text.size()) + 1) << text;
      ASSERT_FALSE(problem->what.empty()) << text;
      continue;
    }
    ++accepted;
    const std::vector<Value> values = {Value(2.5), Value(), Value(-3.0)};
    const Outcome outcome = std::get<Formula>(compiled).evaluate(values);
    if (outcome.problem) {
      ASSERT_GE(outcome.problem->column, 1) << text;
    }
  }
  EXPECT_GT(accepted, 1'000);
}

}  // namespace
}  // namespace windtunnel::expression
