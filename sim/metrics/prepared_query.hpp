// A query over one store, asked again and again: which series it takes and how labels group is worked out once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "policies/promql/query.hpp"
#include "sim/metrics/series_store.hpp"

namespace windtunnel {

/// One element of an instant vector.
struct QueryPoint {
  LabelId labels = 0;
  double value = 0;
};

/// An instant vector, a scalar, or an error: the three ways a query ends.
struct QueryAnswer {
  bool scalar = false;
  double number = 0;
  std::vector<QueryPoint> vector;
  std::string error;  ///< "column N: ..."; empty: there is an answer, if an empty one
};

class PreparedQuery {
 public:
  /// @param look_back_ms  how old an instant selector's sample may be; Prometheus: 5 min
  PreparedQuery(promql::Query query, SeriesStore& store, std::int64_t look_back_ms = 5 * 60 * 1000);
  PreparedQuery(const PreparedQuery&) = delete;  // nodes are referred to by address
  PreparedQuery& operator=(const PreparedQuery&) = delete;

  /// The value at that instant. Closed windows on both sides, counters extrapolated, stale markers heeded as in
  /// Prometheus 2.42.
  [[nodiscard]] QueryAnswer at(std::int64_t at_ms);
  [[nodiscard]] const promql::Query& query() const { return query_; }
  /// How far back it looks.
  [[nodiscard]] std::int64_t reach_ms() const;

  /// What is remembered of one node between evaluations.
  struct Memo {
    std::uint64_t version = 0, pool_version = 0;
    std::vector<SeriesId> series;      ///< selector: which ones match
    bool several_names = false;        ///< selector: of series of more than one name
    std::vector<LabelId> of_series;    ///< selector: their labels without the metric's name
    std::vector<LabelId> derived;      ///< by label set: its group, or itself less some labels; kUnknown where not yet
    std::vector<LabelId> derived_too;  ///< a second such map
    std::vector<std::uint32_t> slots;  ///< by label set: its place in a result being made; kUnknown between evaluations
  };
  static constexpr LabelId kUnknown = ~LabelId{0};

 private:
  friend class Evaluation;
  promql::Query query_;
  SeriesStore& store_;
  std::int64_t look_back_ms_;
  std::vector<Memo> memos_;
  std::vector<SeriesSample> scratch_;
};

}  // namespace windtunnel
