// Two different processes under caps: contention fitted on every other setting, the rest predicted.
#include <cmath>

#include "models/fit/fit_contention.hpp"
#include "models/fit/measurements.hpp"
#include "sim/validation/run_processes.hpp"
#include "sim/validation/validate.hpp"

namespace windtunnel {
namespace {

using Pairs = std::vector<PairMeasurement>;

// Its time alone under its cap is the row's own; the share it gets is that cap.
SaturatedProcess process_of(const PairMeasurement::Side& side, const ContentionFit& fit) {
  SaturatedProcess out{.latency = {}, .items = side.items, .cap = side.share};
  out.latency.time = MeasuredTimes({{side.items, side.share, side.solo_s}});
  out.latency.contention = fit.models.at(side.model);
  return out;
}

struct Outcome {
  const PairMeasurement* pair;
  std::size_t side;
  double predicted;

  [[nodiscard]] const PairMeasurement::Side& me() const { return pair->sides[side]; }
  [[nodiscard]] const PairMeasurement::Side& other() const { return pair->sides[1 - side]; }
};

// Of two rows alike but for the partner's batch, the one with the larger batch slows more: said as often as measured
// so?
std::optional<double> right_signs(const std::vector<Outcome>& outcomes) {
  std::size_t right = 0, all = 0;
  for (const auto& x : outcomes) {
    for (const auto& y : outcomes) {
      const bool alike = x.me().model == y.me().model && x.me().items == y.me().items && x.me().share == y.me().share &&
                         x.other().model == y.other().model && x.other().share == y.other().share;
      if (!alike || x.other().items >= y.other().items) continue;
      ++all;
      if ((y.predicted > x.predicted) == (y.me().company_s > x.me().company_s)) ++right;
    }
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(right) / static_cast<double>(all);
}

}  // namespace

Result<std::vector<Validation>> validate_pairs(const CsvTable& table) {
  const auto rows = pair_measurements(table);
  if (!rows) return rows.problems();
  Pairs given, asked;
  for (std::size_t i = 0; i < rows->size(); ++i) (i % 2 == 0 ? given : asked).push_back((*rows)[i]);
  if (asked.empty()) return Error{table.file, "has one row: nothing is left to predict", "give two pairs and more"};
  const ContentionFit fit = fit_contention(given);
  std::vector<Prediction> predictions;
  std::vector<Outcome> outcomes;
  for (const auto& pair : asked) {
    if (!fit.models.contains(pair.sides[0].model) || !fit.models.contains(pair.sides[1].model)) continue;
    const std::vector<SaturatedProcess> processes = {process_of(pair.sides[0], fit), process_of(pair.sides[1], fit)};
    const auto times = run_processes(processes);
    for (const std::size_t i : {0U, 1U}) {
      const auto& side = pair.sides[i];
      predictions.push_back({.measured = side.company_s,
                             .predicted = times[i],
                             .simple = {side.solo_s, 2 * side.solo_s, fit.constant * side.solo_s}});
      outcomes.push_back({&pair, i, times[i]});
    }
  }
  Validation v;
  v.kind = "pairs";
  v.rule = "contention fitted on every other setting, the rest predicted";
  score(v, predictions, {"no interference", "n x solo", "best constant of the same half"});
  v.bound = v.baselines.back().mape;  // better than the best constant fitted on the same half
  v.right_sign = right_signs(outcomes);
  return std::vector<Validation>{std::move(v)};
}

}  // namespace windtunnel
