#include "sim/metrics/evaluation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

namespace windtunnel {

using promql::FunctionId;
using promql::NodeKind;
using promql::ValueType;

Labels keep_labels(const Labels& labels, const std::vector<std::string>& named, bool without) {
  Labels out;
  for (const auto& label : labels) {
    const bool listed = std::binary_search(named.begin(), named.end(), label.first);
    if (without ? !listed && label.first != promql::kMetricName : listed) out.push_back(label);
  }
  return out;
}

Evaluation::Value Evaluation::value(const Node& node) {
  switch (node.kind) {
    case NodeKind::number: return {.number = node.number, .vector = {}};
    case NodeKind::text: return {};
    case NodeKind::selector: return select(node, false);
    case NodeKind::call: return call(node);
    case NodeKind::binary: return binary(node);
    case NodeKind::aggregate: return aggregate(node);
    case NodeKind::negate: {
      Value inner = value(node.children[0]);
      inner.number = -inner.number;
      Memo& m = memo(node);
      for (auto& point : inner.vector) point = {without_name(m, point.labels), -point.value};
      return inner;
    }
  }
  return {};
}

Evaluation::Memo& Evaluation::memo(const Node& node) {
  Memo& m = prepared_.memos_[node.id];
  if (m.pool_version != store().pool_version()) {
    m = {};
    m.pool_version = store().pool_version();
  }
  return m;
}

LabelId Evaluation::without_name(Memo& memo, LabelId labels) {
  return derive(memo.derived, labels, [](const Labels& all) { return keep_labels(all, {}, true); });
}

void Evaluation::find_series(const Node& node, Memo& memo) {
  memo.series.clear();
  memo.of_series.clear();
  memo.several_names = false;
  const auto consider = [&](const std::vector<SeriesId>& ids) {
    const std::size_t before = memo.series.size();
    for (const SeriesId id : ids) {
      const Labels& labels = store().labels_of(id);
      if (std::all_of(node.matchers.begin(), node.matchers.end(),
                      [&](const auto& m) { return m.matches(label_value(labels, m.label)); }))
        memo.series.push_back(id);
    }
    memo.several_names = memo.several_names || (before > 0 && memo.series.size() > before);
  };
  const auto& by_name = store().by_name();
  const auto& first = node.matchers.front();
  if (first.label == promql::kMetricName && first.op == promql::MatchOp::equal) {
    if (const auto it = by_name.find(first.value); it != by_name.end()) consider(it->second);
  } else {
    for (const auto& [name, ids] : by_name) consider(ids);
  }
  for (const SeriesId id : memo.series)
    memo.of_series.push_back(
        derive(memo.derived, store().label_id_of(id), [](const Labels& all) { return keep_labels(all, {}, true); }));
  memo.version = store().version();
}

Evaluation::Value Evaluation::select(const Node& node, bool times) {
  Memo& m = memo(node);
  if (m.version != store().version()) find_series(node, m);
  Value out;
  out.vector.reserve(m.series.size());
  const std::int64_t at = at_ms_ - node.offset_ms;
  for (const SeriesId id : m.series) {
    const auto samples = store().samples(id);
    std::size_t i = samples.size();
    while (i > 0 && samples[i - 1].at_ms > at) --i;
    if (i == 0 || samples[i - 1].at_ms < at - prepared_.look_back_ms_ || is_stale_marker(samples[i - 1].value))
      continue;
    const SeriesSample& s = samples[i - 1];
    out.vector.push_back({store().label_id_of(id), times ? static_cast<double>(s.at_ms) / 1000 : s.value});
  }
  return out;
}

// Samples in [start, end], stale markers left out.
std::span<const SeriesSample> Evaluation::window(SeriesId series, Window bounds) {
  const auto samples = store().samples(series);
  std::size_t end = samples.size();
  while (end > 0 && samples[end - 1].at_ms > bounds.end_ms) --end;
  std::size_t begin = end;
  bool markers = false;
  while (begin > 0 && samples[begin - 1].at_ms >= bounds.start_ms) {
    --begin;
    markers = markers || is_stale_marker(samples[begin].value);
  }
  const auto inside = samples.subspan(begin, end - begin);
  if (!markers) return inside;
  auto& scratch = prepared_.scratch_;
  scratch.clear();
  for (const auto& s : inside)
    if (!is_stale_marker(s.value)) scratch.push_back(s);
  return scratch;
}

Evaluation::Value Evaluation::over_range(const Node& node) {
  const FunctionId function = node.function->id;
  const bool has_level = function == FunctionId::quantile_over_time;
  const double level = has_level ? value(node.children[0]).number : 0;
  const Node& selector = node.children[has_level ? 1 : 0];
  Memo& m = memo(selector);
  if (m.version != store().version()) find_series(selector, m);
  if (m.several_names && function != FunctionId::last_over_time) {
    std::set<LabelId> seen(m.of_series.begin(), m.of_series.end());
    if (seen.size() < m.of_series.size())
      throw EvaluationError{node.column, "several series have the same labels once their names are gone"};
  }
  const std::int64_t end = at_ms_ - selector.offset_ms;
  const Window bounds{end - selector.range_ms, end};
  Value out;
  out.vector.reserve(m.series.size());
  for (std::size_t i = 0; i < m.series.size(); ++i) {
    const auto samples = window(m.series[i], bounds);
    if (samples.empty()) continue;
    std::optional<double> result;
    switch (function) {
      case FunctionId::rate: result = extrapolated_change(samples, bounds, true, true); break;
      case FunctionId::increase: result = extrapolated_change(samples, bounds, true, false); break;
      case FunctionId::delta: result = extrapolated_change(samples, bounds, false, false); break;
      case FunctionId::irate: result = instant_change(samples, true); break;
      case FunctionId::idelta: result = instant_change(samples, false); break;
      default: result = over_time(function, level, samples); break;
    }
    const bool keeps_name = function == FunctionId::last_over_time;
    if (result) out.vector.push_back({keeps_name ? store().label_id_of(m.series[i]) : m.of_series[i], *result});
  }
  return out;
}

Evaluation::Value Evaluation::call(const Node& node) {
  switch (node.function->id) {
    case FunctionId::time: return {.number = static_cast<double>(at_ms_) / 1000, .vector = {}};
    case FunctionId::vector: return {.vector = {{store().labels().intern({}), value(node.children[0]).number}}};
    case FunctionId::scalar: {
      const Value inner = value(node.children[0]);
      const bool one = inner.vector.size() == 1;
      return {.number = one ? inner.vector.front().value : std::numeric_limits<double>::quiet_NaN(), .vector = {}};
    }
    case FunctionId::absent: return absent(node, value(node.children[0]).vector.empty());
    case FunctionId::absent_over_time: {
      const Node& selector = node.children[0];
      Memo& m = memo(selector);
      if (m.version != store().version()) find_series(selector, m);
      const std::int64_t end = at_ms_ - selector.offset_ms;
      return absent(node, std::all_of(m.series.begin(), m.series.end(),
                                      [&](SeriesId id) { return window(id, {end - selector.range_ms, end}).empty(); }));
    }
    case FunctionId::histogram_quantile: return histogram_quantile(node);
    default: break;
  }
  const bool of_range = std::find(node.function->takes.begin(), node.function->takes.end(), ValueType::range) !=
                        node.function->takes.end();
  return of_range ? over_range(node) : each(node);
}

// One element with the labels that the selector says for certain.
Evaluation::Value Evaluation::absent(const Node& node, bool is_absent) {
  if (!is_absent) return {};
  const Node& of = node.children[0];
  Labels labels;
  if (of.kind == NodeKind::selector)
    for (const auto& m : of.matchers) {
      const auto same = std::count_if(of.matchers.begin(), of.matchers.end(),
                                      [&](const auto& other) { return other.label == m.label; });
      if (m.op == promql::MatchOp::equal && m.label != promql::kMetricName && same == 1)
        labels.emplace_back(m.label, m.value);
    }
  return {.vector = {{store().labels().intern(make_labels(std::move(labels))), 1}}};
}

// Functions of each element by itself.
Evaluation::Value Evaluation::each(const Node& node) {
  const FunctionId function = node.function->id;
  const Node& of = node.children[0];
  const bool times = function == FunctionId::timestamp && of.kind == NodeKind::selector;
  Value out = times ? select(of, true) : value(of);
  double first = 0, second = 0;
  if (node.children.size() > 1) first = value(node.children[1]).number;
  if (node.children.size() > 2) second = value(node.children[2]).number;
  if (function == FunctionId::round && node.children.size() == 1) first = 1;
  if (function == FunctionId::clamp && second < first) return {};
  // As Go's math.Max and math.Min: NaN wins.
  const auto larger = [](double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : std::max(a, b); };
  const auto smaller = [](double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : std::min(a, b); };
  const auto apply = [&](double v) -> double {
    switch (function) {
      case FunctionId::abs: return std::fabs(v);
      case FunctionId::ceil: return std::ceil(v);
      case FunctionId::floor: return std::floor(v);
      case FunctionId::exp: return std::exp(v);
      case FunctionId::ln: return std::log(v);
      case FunctionId::log2: return std::log2(v);
      case FunctionId::log10: return std::log10(v);
      case FunctionId::sqrt: return std::sqrt(v);
      case FunctionId::sgn: return v < 0 ? -1 : v > 0 ? 1 : v;
      case FunctionId::round: return std::floor(v * (1 / first) + 0.5) / (1 / first);
      case FunctionId::clamp_min: return larger(first, v);
      case FunctionId::clamp_max: return smaller(first, v);
      case FunctionId::clamp: return larger(first, smaller(second, v));
      case FunctionId::timestamp: return times ? v : static_cast<double>(at_ms_) / 1000;
      default: return v;
    }
  };
  Memo& m = memo(node);
  for (auto& point : out.vector) point = {without_name(m, point.labels), apply(point.value)};
  return out;
}

Evaluation::Value Evaluation::histogram_quantile(const Node& node) {
  const double level = value(node.children[0]).number;
  const Value buckets = value(node.children[1]);
  Memo& m = memo(node);
  std::vector<std::pair<LabelId, std::vector<std::pair<double, double>>>> groups;
  for (const auto& point : buckets.vector) {
    const std::string_view le = label_value(store().labels()[point.labels], "le");
    double bound = std::numeric_limits<double>::infinity();
    if (le != "+Inf" && le != "Inf") {
      const auto read = std::from_chars(le.data(), le.data() + le.size(), bound);
      if (read.ec != std::errc{} || read.ptr != le.data() + le.size()) continue;  // no bucket: Prometheus leaves it out
    }
    const LabelId group =
        derive(m.derived, point.labels, [](const Labels& all) { return keep_labels(all, {"le"}, true); });
    auto it = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == group; });
    if (it == groups.end()) it = groups.insert(groups.end(), {group, {}});
    it->second.emplace_back(bound, point.value);
  }
  Value out;
  for (auto& [labels, of] : groups) out.vector.push_back({labels, bucket_quantile(level, of)});
  return out;
}

}  // namespace windtunnel
