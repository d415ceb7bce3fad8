// Predictions beside measurements, and what is made of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace windtunnel {

/// One predicted row. `simple` are what the simple predictors say, in the order of their names.
struct Prediction {
  double measured = 0, predicted = 0;
  std::vector<double> simple;
};

struct Baseline {
  std::string name;
  double mape = 0;
  bool simple = true;  ///< one of the two that must be beaten; else shown for comparison
};

/// Out-of-memory rows as a classification, with both kinds of mistake.
struct OomScore {
  std::size_t oom_rows = 0, missed = 0;      ///< that were out of memory; of these, said to fit
  std::size_t fitting_rows = 0, alarms = 0;  ///< that fitted; of these, said to be out of memory
  double most_missed = 1, most_alarms = 1;   ///< shares allowed
  std::size_t unknown_device = 0;            ///< rows on a GPU the catalogue does not have: left out

  [[nodiscard]] bool passed() const;
};

/// One table, or one half of what it can tell.
struct Validation {
  std::string table, kind, rule;
  std::size_t rows = 0, predicted = 0;
  double mape = 0, p90_ape = 0, bias = 0;
  std::vector<Baseline> baselines;
  std::optional<double> bound;  ///< on mape
  std::optional<OomScore> oom;
  std::optional<double>
      right_sign;  ///< pairs: share of comparisons in which the heavier partner slows more, as measured

  /// Better than both simple predictors, inside every bound.
  [[nodiscard]] bool passed() const;
};

/// Fills the errors and the baselines: the first two are the simple ones, further ones are shown.
void score(Validation& validation, const std::vector<Prediction>& predictions, const std::vector<std::string>& simple);

}  // namespace windtunnel
