// Arithmetic, comparisons and set operations, with vector matching.
#include <algorithm>
#include <cmath>
#include <set>

#include "sim/metrics/evaluation.hpp"

namespace windtunnel {
namespace {

using promql::BinaryOp;
using promql::Matching;

struct Outcome {
  double value = 0;
  bool keep = true;
};

Outcome operate(BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::add: return {a + b};
    case BinaryOp::sub: return {a - b};
    case BinaryOp::mul: return {a * b};
    case BinaryOp::div: return {a / b};
    case BinaryOp::mod: return {std::fmod(a, b)};
    case BinaryOp::pow: return {std::pow(a, b)};
    case BinaryOp::atan2: return {std::atan2(a, b)};
    case BinaryOp::eq: return {a, a == b};
    case BinaryOp::ne: return {a, a != b};
    case BinaryOp::gt: return {a, a > b};
    case BinaryOp::lt: return {a, a < b};
    case BinaryOp::ge: return {a, a >= b};
    case BinaryOp::le: return {a, a <= b};
    default: return {a, false};
  }
}

bool is_comparison(BinaryOp op) {
  return op >= BinaryOp::eq && op <= BinaryOp::le;
}

}  // namespace

Evaluation::Value Evaluation::binary(const Node& node) {
  Value left = value(node.children[0]);
  Value right = value(node.children[1]);
  const bool left_scalar = node.children[0].type == promql::ValueType::scalar;
  const bool right_scalar = node.children[1].type == promql::ValueType::scalar;
  if (left_scalar && right_scalar) {
    const Outcome out = operate(node.op, left.number, right.number);
    return {.number = is_comparison(node.op) ? (out.keep ? 1.0 : 0.0) : out.value, .vector = {}};
  }
  if (right_scalar) return with_scalar(node, std::move(left), right.number, false);
  if (left_scalar) return with_scalar(node, std::move(right), left.number, true);
  if (node.op >= BinaryOp::both) return set_operation(node, std::move(left), right);
  return match(node, std::move(left), std::move(right));
}

Evaluation::Value Evaluation::with_scalar(const Node& node, Value vector, double scalar, bool scalar_left) {
  Memo& m = memo(node);
  const bool drops_name = !is_comparison(node.op) || node.as_bool;
  std::size_t kept = 0;
  for (const QueryPoint point : vector.vector) {
    const Outcome out = scalar_left ? operate(node.op, scalar, point.value) : operate(node.op, point.value, scalar);
    if (!out.keep && !node.as_bool) continue;
    double result = out.value;
    if (is_comparison(node.op)) result = node.as_bool ? (out.keep ? 1 : 0) : point.value;  // the vector's, either way
    vector.vector[kept++] = {drops_name ? without_name(m, point.labels) : point.labels, result};
  }
  vector.vector.resize(kept);
  return vector;
}

LabelId Evaluation::match_key(const Node& node, Memo& memo, LabelId labels) {
  return derive(memo.derived, labels,
                [&](const Labels& all) { return keep_labels(all, node.matching.labels, !node.matching.on); });
}

LabelId Evaluation::match_result(const Node& node, Memo& memo, LabelId many, LabelId one) {
  const Matching& matching = node.matching;
  const bool drops_name = !is_comparison(node.op) || node.as_bool;
  const auto shape = [&](const Labels& all) {
    Labels out = drops_name ? keep_labels(all, {}, true) : all;
    if (matching.many != Matching::Many::none) return out;
    std::erase_if(out, [&](const auto& label) {
      return std::binary_search(matching.labels.begin(), matching.labels.end(), label.first) != matching.on;
    });
    return out;
  };
  const LabelId shaped = derive(memo.derived_too, many, shape);
  if (matching.include.empty()) return shaped;
  Labels out = store().labels()[shaped];
  for (const auto& name : matching.include) {
    std::erase_if(out, [&](const auto& label) { return label.first == name; });
    out.emplace_back(name, label_value(store().labels()[one], name));
  }
  return store().labels().intern(make_labels(std::move(out)));
}

Evaluation::Value Evaluation::match(const Node& node, Value left, Value right) {
  Memo& m = memo(node);
  const bool swapped = node.matching.many == Matching::Many::right;
  if (swapped) std::swap(left, right);
  std::vector<std::pair<LabelId, QueryPoint>> ones;
  for (const auto& point : right.vector) ones.emplace_back(match_key(node, m, point.labels), point);
  std::sort(ones.begin(), ones.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 1; i < ones.size(); ++i)
    if (ones[i].first == ones[i - 1].first)
      throw EvaluationError{node.column, "several series on the " + std::string(swapped ? "left" : "right") +
                                             "-hand side match the group {" +
                                             label_text(store().labels()[ones[i].first]) + "}"};
  Value out;
  std::set<LabelId> taken;
  for (const auto& many : left.vector) {
    const LabelId key = match_key(node, m, many.labels);
    const auto it =
        std::lower_bound(ones.begin(), ones.end(), key, [](const auto& a, LabelId k) { return a.first < k; });
    if (it == ones.end() || it->first != key) continue;
    const QueryPoint one = it->second;
    const Outcome result = swapped ? operate(node.op, one.value, many.value) : operate(node.op, many.value, one.value);
    if (!result.keep && !node.as_bool) continue;
    const LabelId labels = match_result(node, m, many.labels, one.labels);
    const bool one_to_one = node.matching.many == Matching::Many::none;
    if (!taken.insert(one_to_one ? key : labels).second)
      throw EvaluationError{node.column, "several series match {" + label_text(store().labels()[key]) + "}" +
                                             (one_to_one ? "; many to one needs group_left or group_right" : "")};
    out.vector.push_back({labels, node.as_bool ? (result.keep ? 1.0 : 0.0) : result.value});
  }
  return out;
}

Evaluation::Value Evaluation::set_operation(const Node& node, Value left, const Value& right) {
  Memo& m = memo(node);
  std::set<LabelId> keys;
  const bool either = node.op == BinaryOp::either;
  for (const auto& point : either ? left.vector : right.vector) keys.insert(match_key(node, m, point.labels));
  if (either) {
    for (const auto& point : right.vector)
      if (!keys.contains(match_key(node, m, point.labels))) left.vector.push_back(point);
    return left;
  }
  std::erase_if(left.vector, [&](const auto& point) {
    return keys.contains(match_key(node, m, point.labels)) != (node.op == BinaryOp::both);
  });
  return left;
}

}  // namespace windtunnel
