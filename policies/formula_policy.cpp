#include "policies/formula_policy.hpp"

#include <algorithm>
#include <cmath>

#include "policies/expression/units_of.hpp"
#include "policies/response_time.hpp"
#include "policies/signals.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

expression::Formula compiled_formula(const std::string& text) {
  std::vector<std::string> names;
  for (const auto& variable : signal_variables()) names.push_back(variable.name);
  auto formula = expression::Formula::compile(text, names);
  if (const auto* problem = std::get_if<expression::Problem>(&formula))
    SIM_CHECK(false, "a formula was not checked: " + problem->message());
  return std::get<expression::Formula>(std::move(formula));
}

/// What would mend the commonest wrong units.
std::string unit_way_out(const expression::Unit& is, const expression::Unit& wanted) {
  const std::string unit = expression::to_text(wanted);
  if (wanted == expression::kSeconds && is == expression::kQueriesPerSecond)
    return "backlog / processing_time is a rate; a time is backlog * processing_time / (ready_replicas * concurrency), "
           "or backlog / throughput";
  if (wanted == expression::kSeconds && is == expression::times(expression::kSeconds, expression::kQueriesPerReplica))
    return "divide by concurrency as well, which is in queries/replica";
  if (wanted == expression::kReplicas && is == expression::kQueries)
    return "say how many queries a replica shall have: ... / (5 * query / replica), or / concurrency";
  if (wanted == expression::kReplicas && is == expression::kPlain) return "multiply by replica, which is one replica";
  return "rewrite it so that it comes out in " + unit + " (list signals shows the unit of each)";
}

std::string wrong_unit(std::string_view key, const std::string& text, const expression::Unit& wanted,
                       std::string_view of) {
  const auto found = expression::dimension_of(text, signal_variables());
  if (const auto* problem = std::get_if<expression::Problem>(&found))
    return std::string(key) + ": " + problem->message();
  const auto& dimension = std::get<expression::Dimension>(found);
  const std::string where = std::string(key) + ": column 1: the formula comes out in ";
  if (dimension.kind == expression::Dimension::Kind::truth)
    return where + "true or false, not in " + expression::to_text(wanted) + "; write condition ? one : other";
  if (dimension.kind == expression::Dimension::Kind::figure || dimension.unit == wanted) return {};
  return where + expression::to_text(dimension.unit) + ", " + std::string(of) + " is in " +
         expression::to_text(wanted) + "; " + unit_way_out(dimension.unit, wanted);
}

/// The unit may be right and the formula still be refused for what only compiling shows (5 % 0).
std::string compile_problem(std::string_view key, const std::string& text) {
  std::vector<std::string> names;
  for (const auto& variable : signal_variables()) names.push_back(variable.name);
  const auto formula = expression::Formula::compile(text, names);
  const auto* problem = std::get_if<expression::Problem>(&formula);
  return problem == nullptr ? std::string() : std::string(key) + ": " + problem->message();
}

}  // namespace

std::vector<Param> FormulaPolicy::params() {
  return with_smoothing(
      {{.name = "value",
        .type = ParamType::text,
        .doc = "formula compared with target, in the language of KEDA's scalingModifiers over the signals of `list "
               "signals`, e.g. backlog * processing_time / (max(1, ready_replicas) * concurrency)",
        .optional = true},
       {.name = "target",
        .type = ParamType::text,
        .doc = "what value shall be, with its unit: 3s, 5 queries, 4 queries/replica, 0.8/s, 0.7, 16GiB",
        .optional = true},
       {.name = "replicas",
        .type = ParamType::text,
        .doc = "or a formula that gives the replicas, rounded up: backlog / (5 * query / replica)",
        .optional = true},
       {.name = "window",
        .type = ParamType::duration,
        .doc = "window of rates and times",
        .fallback = "1m",
        .min = 0,
        .min_exclusive = true,
        .source = "[A] the usual rate window of a Prometheus rule"},
       {.name = "statistic",
        .type = ParamType::choice,
        .doc = "what response_time is of the response times in the window",
        .fallback = "p95",
        .choices = {"mean", "p50", "p95", "p99"},
        .source = "[A]"}},
      "0", "[A] none: the formula is exact");
}

std::string FormulaPolicy::check(const ParamSet& params) {
  const bool value = params.has("value"), replicas = params.has("replicas");
  if (value == replicas)
    return value ? "value and replicas are both given; keep value with target, or replicas, the count itself"
                 : "neither value nor replicas is given; write value: \"...\" with target: ..., or replicas: \"...\"";
  if (replicas) {
    if (params.has("target")) return "target means nothing with replicas, which is the count itself; drop it";
    const std::string& text = params.text("replicas");
    const std::string unit = wrong_unit("replicas", text, expression::kReplicas, "a count of replicas");
    return unit.empty() ? compile_problem("replicas", text) : unit;
  }
  if (!params.has("target")) return "value needs a target; write target: 3s";
  const auto target = expression::parse_amount(params.text("target"));
  if (!target)
    return "target: \"" + params.text("target") +
           "\" is no figure with a unit known here; write 3s, 5 queries, "
           "4 queries/replica, 0.8/s or 0.7";
  if (!(target->value > 0)) return "target: " + params.text("target") + " is not above 0; write e.g. 3s";
  const std::string unit = wrong_unit("value", params.text("value"), target->unit, "target");
  return unit.empty() ? compile_problem("value", params.text("value")) : unit;
}

FormulaPolicy::FormulaPolicy(const ParamSet& params)
    : counts_(params.has("replicas")),
      target_(counts_ ? 1
                      : expression::parse_amount(params.text("target")).value_or(expression::Amount{.value = 1}).value),
      formula_(compiled_formula(params.text(counts_ ? "replicas" : "value"))),
      needs_(needs_of(formula_.text(), params.duration("window"), quantile_of(params.text("statistic")))),
      smoothing_(params) {}

ScalingDecision FormulaPolicy::decide(const Observation& seen) {
  const auto values = signal_values(seen);
  const expression::Outcome outcome = formula_.evaluate(values);
  if (outcome.problem) return Smoothing::keep(seen, "no value: " + outcome.problem->message());
  if (!outcome.value.is_number() || std::isnan(outcome.value.number())) return Smoothing::keep(seen, "no value");
  const double value = outcome.value.number();
  if (!counts_) return smoothing_.settle_ratio(seen, value, target_);
  return smoothing_.settle(
      seen, {.value = value, .target = static_cast<double>(std::max(1, seen.current_replicas)), .wanted = value});
}

}  // namespace windtunnel
