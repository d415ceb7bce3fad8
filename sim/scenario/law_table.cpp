#include "sim/scenario/law_table.hpp"

#include <fmt/format.h>

namespace windtunnel {
namespace {

std::vector<LawRow> make_rows(bool time) {
  const ParamType amount = time ? ParamType::duration : ParamType::number;
  const Param mean = {.name = "mean", .type = amount, .doc = "mean", .min = 0, .max = 1e9, .min_exclusive = true};
  const Param scv = {.name = "scv",
                     .type = ParamType::number,
                     .doc = "squared coefficient of variation: variance over squared mean",
                     .min = 0,
                     .max = 1e6};
  Param fixed_scv = scv;  // may be said, must then be the law's own
  fixed_scv.optional = true;
  const Param values = {.name = "values",
                        .type = time ? ParamType::durations : ParamType::numbers,
                        .doc = "the values drawn from",
                        .min = 0,
                        .max = 1e9};
  const Param weights = {.name = "weights",
                         .type = ParamType::numbers,
                         .doc = "how often each value is drawn, relative to the others; left out: equally often",
                         .optional = true,
                         .min = 0};
  std::vector<LawRow> rows = {
      {"deterministic", LawKind::deterministic, "always the mean", {mean, fixed_scv}},
      {"exponential", LawKind::exponential, "memoryless; scv 1", {mean, fixed_scv}},
      {"gamma", LawKind::gamma, "shape 1/scv; Erlang for scv = 1/k", {mean, scv}},
      {"lognormal", LawKind::lognormal, "exp of a normal; a long right tail", {mean, scv}},
      {"hyperexponential",
       LawKind::hyperexponential,
       "two exponential phases with balanced means; scv >= 1",
       {mean, scv}},
  };
  if (!time) rows.push_back({"geometric", LawKind::geometric, "on 1, 2, ...; mean >= 1", {mean}});
  rows.push_back({"discrete", LawKind::discrete, "one of the given values", {values, weights}});
  return rows;
}

}  // namespace

std::span<const LawRow> law_table() {
  static const std::vector<LawRow> rows = make_rows(false);
  return rows;
}

std::span<const LawRow> time_law_table() {
  static const std::vector<LawRow> rows = make_rows(true);
  return rows;
}

std::string check_law(const Law& law, bool scv_given) {
  switch (law.kind) {
    case LawKind::deterministic:
      if (scv_given && law.scv != 0)
        return fmt::format("scv: {} does not fit law deterministic, whose scv is 0; leave it out or say law: gamma",
                           law.scv);
      return {};
    case LawKind::exponential:
      if (scv_given && law.scv != 1)
        return fmt::format("scv: {} does not fit law exponential, whose scv is 1; leave it out or say law: gamma",
                           law.scv);
      return {};
    case LawKind::gamma:
    case LawKind::lognormal:
      if (law.scv <= 0) return fmt::format("scv: {} is not above 0; without variation say law: deterministic", law.scv);
      return {};
    case LawKind::hyperexponential:
      if (law.scv < 1)
        return fmt::format("scv: {} is below 1; a hyperexponential law has scv >= 1 (gamma and lognormal go below)",
                           law.scv);
      return {};
    case LawKind::geometric:
      if (law.mean < 1) return fmt::format("mean: {} is below 1; a geometric law lives on 1, 2, ...", law.mean);
      return {};
    case LawKind::discrete: break;
  }
  if (law.values.empty()) return "values is empty; give at least one";
  if (!law.weights.empty() && law.weights.size() != law.values.size())
    return fmt::format("{} weights for {} values; give one for each", law.weights.size(), law.values.size());
  double total = law.weights.empty() ? 1 : 0;
  for (const double weight : law.weights) total += weight;
  if (!(total > 0)) return "the weights sum to 0; make at least one larger";
  return {};
}

}  // namespace windtunnel
