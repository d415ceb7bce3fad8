#include "sim/metrics/prepared_query.hpp"

#include <algorithm>

#include "policies/promql/lexer.hpp"
#include "sim/metrics/evaluation.hpp"

namespace windtunnel {

PreparedQuery::PreparedQuery(promql::Query query, SeriesStore& store, std::int64_t look_back_ms)
    : query_(std::move(query)), store_(store), look_back_ms_(look_back_ms), memos_(query_.nodes) {
  store_.keep_for(reach_ms());
}

std::int64_t PreparedQuery::reach_ms() const {
  std::int64_t reach = look_back_ms_;
  for (const auto* selector : query_.selectors())
    reach = std::max(reach, selector->offset_ms + std::max(selector->range_ms, look_back_ms_));
  return reach;
}

QueryAnswer PreparedQuery::at(std::int64_t at_ms) {
  QueryAnswer answer;
  try {
    Evaluation evaluation(*this, at_ms);
    auto value = evaluation.value(query_.root);
    answer.scalar = query_.root.type == promql::ValueType::scalar;
    answer.number = value.number;
    answer.vector = std::move(value.vector);
  } catch (const EvaluationError& error) {
    answer.error = promql::column_text(error.column) + ": " + error.what;
    for (auto& memo : memos_) std::fill(memo.slots.begin(), memo.slots.end(), kUnknown);
  }
  return answer;
}

}  // namespace windtunnel
