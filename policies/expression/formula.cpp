#include "policies/expression/formula.hpp"

#include "policies/expression/program.hpp"
#include "sim/core/error.hpp"

namespace windtunnel::expression {

std::variant<Formula, Problem> Formula::compile(const std::string& text, const std::vector<std::string>& variables) {
  if (text.size() > kLongestFormula)
    return Problem{
        .column = 1, .what = "the formula is longer than 20000 bytes", .hint = "shorten it", .not_modelled = true};
  try {
    NodePtr root = parse(text, variables);
    check(*root, variables);
    fold(root);
    return Formula(text, variables.size(), std::make_shared<const Program>(assemble(*root)));
  } catch (const Refused& refused) {
    return refused.problem();
  }
}

Outcome Formula::evaluate(std::span<const Value> values) const {
  SIM_CHECK(values.size() == variables_, "a formula was given another number of values than it has variables");
  try {
    return {.value = run(*program_, values)};
  } catch (const Refused& refused) {
    return {.problem = refused.problem()};
  }
}

}  // namespace windtunnel::expression
