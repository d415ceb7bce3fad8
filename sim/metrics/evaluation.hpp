// One evaluation of a prepared query at one instant; inside sim/metrics only.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/metrics/prepared_query.hpp"
#include "sim/metrics/window_functions.hpp"

namespace windtunnel {

/// Ends an evaluation: the expression has no answer (two series match where one may).
struct EvaluationError {
  std::size_t column;
  std::string what;
};

class Evaluation {
 public:
  using Node = promql::Node;
  using Memo = PreparedQuery::Memo;
  struct Value {
    double number = 0;  ///< of a scalar
    std::vector<QueryPoint> vector;
  };

  Evaluation(PreparedQuery& prepared, std::int64_t at_ms) : prepared_(prepared), at_ms_(at_ms) {}
  Value value(const Node& node);

 private:
  Value select(const Node& node, bool times);
  std::span<const SeriesSample> window(SeriesId series, Window bounds);
  Value over_range(const Node& node);
  Value call(const Node& node);
  Value each(const Node& node);
  Value absent(const Node& node, bool is_absent);
  Value histogram_quantile(const Node& node);
  Value aggregate(const Node& node);
  Value binary(const Node& node);
  Value with_scalar(const Node& node, Value vector, double scalar, bool scalar_left);
  Value match(const Node& node, Value left, Value right);
  Value set_operation(const Node& node, Value left, const Value& right);

  SeriesStore& store() { return prepared_.store_; }
  Memo& memo(const Node& node);
  void find_series(const Node& node, Memo& memo);
  LabelId without_name(Memo& memo, LabelId labels);
  LabelId match_key(const Node& node, Memo& memo, LabelId labels);
  LabelId match_result(const Node& node, Memo& memo, LabelId many, LabelId one);

  /// `make` of the labels' set, worked out once for each.
  template <class Make>
  LabelId derive(std::vector<LabelId>& known, LabelId labels, Make make) {
    if (labels >= known.size()) known.resize(labels + 64, PreparedQuery::kUnknown);
    if (known[labels] == PreparedQuery::kUnknown) {
      const Labels made = make(store().labels()[labels]);
      const LabelId id = store().labels().intern(made);
      known[labels] = id;
    }
    return known[labels];
  }

  PreparedQuery& prepared_;
  std::int64_t at_ms_;
};

/// Those named, or all but those named; the metric's name goes with the latter.
Labels keep_labels(const Labels& labels, const std::vector<std::string>& named, bool without);

}  // namespace windtunnel
