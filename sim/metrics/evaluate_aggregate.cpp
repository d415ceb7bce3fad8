// sum, avg, ... by or without labels.
#include <cmath>

#include "sim/metrics/evaluation.hpp"

namespace windtunnel {
namespace {

using promql::AggregateOp;

/// One group on its way, as Prometheus 2.42 adds it up: sums plainly, means and variances one by one.
struct AggregateGroup {
  LabelId labels = 0;
  double count = 0, value = 0, mean = 0, squares = 0;
  std::vector<double> values;

  void add(AggregateOp op, double v) {
    ++count;
    switch (op) {
      case AggregateOp::sum: value += v; break;
      case AggregateOp::avg: add_to_mean(v); break;
      case AggregateOp::min: value = count == 1 || v < value || std::isnan(value) ? v : value; break;
      case AggregateOp::max: value = count == 1 || v > value || std::isnan(value) ? v : value; break;
      case AggregateOp::stddev:
      case AggregateOp::stdvar: {
        const double delta = v - mean;
        mean += delta / count;
        squares += delta * (v - mean);
        break;
      }
      case AggregateOp::quantile: values.push_back(v); break;
      default: break;
    }
  }

  double result(AggregateOp op, double parameter) {
    switch (op) {
      case AggregateOp::avg: return mean;
      case AggregateOp::count: return count;
      case AggregateOp::group: return 1;
      case AggregateOp::stddev: return std::sqrt(squares / count);
      case AggregateOp::stdvar: return squares / count;
      case AggregateOp::quantile: return quantile_of(parameter, values);
      default: return value;
    }
  }

 private:
  void add_to_mean(double v) {
    if (count == 1) {
      mean = v;
      return;
    }
    if (std::isinf(mean)) {
      if (std::isinf(v) && (mean > 0) == (v > 0)) return;
      if (!std::isinf(v) && !std::isnan(v)) return;
    }
    mean += v / count - mean / count;
  }
};

}  // namespace

Evaluation::Value Evaluation::aggregate(const Node& node) {
  const Value inner = value(node.children[0]);
  const double parameter = node.children.size() > 1 ? value(node.children[1]).number : 0;
  Value out;
  if (inner.vector.empty()) return out;
  if (node.grouping.empty() && !node.without) {
    AggregateGroup all{.labels = store().labels().intern({}), .values = {}};
    for (const auto& point : inner.vector) all.add(node.aggregate, point.value);
    out.vector.push_back({all.labels, all.result(node.aggregate, parameter)});
    return out;
  }
  Memo& m = memo(node);
  std::vector<AggregateGroup> groups;
  for (const auto& point : inner.vector) {
    const LabelId labels = derive(m.derived, point.labels,
                                  [&](const Labels& all) { return keep_labels(all, node.grouping, node.without); });
    if (labels >= m.slots.size()) m.slots.resize(labels + 64, PreparedQuery::kUnknown);
    if (m.slots[labels] == PreparedQuery::kUnknown) {
      m.slots[labels] = static_cast<std::uint32_t>(groups.size());
      groups.push_back({.labels = labels, .values = {}});
    }
    groups[m.slots[labels]].add(node.aggregate, point.value);
  }
  for (auto& group : groups) {
    out.vector.push_back({group.labels, group.result(node.aggregate, parameter)});
    m.slots[group.labels] = PreparedQuery::kUnknown;
  }
  return out;
}

}  // namespace windtunnel
