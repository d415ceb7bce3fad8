// A PromQL expression, parsed and typed. The subset of Prometheus 2.42 that scaling queries use; what is outside it is
// an error that names the construct and its column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policies/promql/functions.hpp"
#include "policies/promql/pattern.hpp"
#include "sim/core/error.hpp"

namespace windtunnel::promql {

inline constexpr std::string_view kMetricName = "__name__";

enum class MatchOp : std::uint8_t { equal, not_equal, regex, not_regex };

struct Matcher {
  std::string label, value;
  MatchOp op = MatchOp::equal;
  Pattern pattern{};
  /// A label that a series has not is the empty text.
  [[nodiscard]] bool matches(std::string_view text) const {
    switch (op) {
      case MatchOp::equal: return text == value;
      case MatchOp::not_equal: return text != value;
      case MatchOp::regex: return pattern.matches(text);
      case MatchOp::not_regex: return !pattern.matches(text);
    }
    return false;
  }
};

enum class NodeKind : std::uint8_t { number, text, selector, call, negate, binary, aggregate };
enum class BinaryOp : std::uint8_t {
  add,
  sub,
  mul,
  div,
  mod,
  pow,
  atan2,
  eq,
  ne,
  gt,
  lt,
  ge,
  le,
  both,
  either,
  unless
};
enum class AggregateOp : std::uint8_t { sum, avg, min, max, count, group, stddev, stdvar, quantile };

/// How the two sides of a binary operation find each other.
struct Matching {
  bool on = false;  ///< by these labels; else by all but these
  std::vector<std::string> labels{};
  enum class Many : std::uint8_t { none, left, right } many = Many::none;  ///< group_left, group_right
  std::vector<std::string> include{};
};

struct Node {
  NodeKind kind = NodeKind::number;
  ValueType type = ValueType::scalar;
  std::size_t column = 1;
  std::uint32_t id = 0;  ///< 0, 1, ... within the query
  double number = 0;
  std::string text{};
  // selector: the metric's name is a matcher of __name__
  std::vector<Matcher> matchers{};
  std::int64_t range_ms = 0, offset_ms = 0;
  const FunctionRow* function = nullptr;
  BinaryOp op = BinaryOp::add;
  bool as_bool = false;
  Matching matching{};
  AggregateOp aggregate = AggregateOp::sum;
  bool without = false;  ///< aggregate: by all but `grouping`
  std::vector<std::string> grouping{};
  std::vector<Node> children{};  ///< arguments in order; of an aggregate: its parameter, if any, last
};

struct Query {
  std::string text;
  Node root;
  std::uint32_t nodes = 0;
  std::vector<const Node*> selectors() const;
};

/// @return the query, or one Error whose `where` is "column N"
Result<Query> parse_query(std::string_view text);

/// Durations as PromQL writes them: 5m, 1h30m, 100ms. Milliseconds; -1 for anything else.
std::int64_t parse_prom_duration(std::string_view text);

}  // namespace windtunnel::promql
