// Selectors of a query: matchers of labels, a range, an offset.
#include <algorithm>
#include <utility>

#include "policies/promql/query_parser.hpp"

namespace windtunnel::promql {

Node QueryParser::selector(const std::string& metric, std::size_t column) {
  Node node = make(NodeKind::selector, column, ValueType::vector);
  if (!metric.empty()) node.matchers.push_back({.label = std::string(kMetricName), .value = metric});
  if (accept("{")) {
    while (!accept("}")) {
      node.matchers.push_back(matcher(!metric.empty()));
      if (!is_sign("}")) expect(",");
    }
  }
  if (std::all_of(node.matchers.begin(), node.matchers.end(), [](const Matcher& m) { return m.matches(""); }))
    fail(column, "a selector needs a matcher that does not match the empty text", "name the metric");
  return node;
}

Matcher QueryParser::matcher(bool has_name) {
  const Token label = take();
  if (label.kind != TokenKind::name || label.text.find(':') != std::string::npos)
    fail(label.column, "expected a label, found \"" + label.text + "\"");
  if (has_name && label.text == kMetricName) fail(label.column, "the metric's name is given twice");
  const Token op = take();
  const Token value = take();
  Matcher out{.label = label.text, .value = value.text};
  if (op.kind != TokenKind::sign || (op.text != "=" && op.text != "!=" && op.text != "=~" && op.text != "!~"))
    fail(op.column, "expected =, !=, =~ or !~, found \"" + op.text + "\"");
  if (value.kind != TokenKind::text) fail(value.column, "expected a quoted text, found \"" + value.text + "\"");
  out.op = op.text == "="    ? MatchOp::equal
           : op.text == "!=" ? MatchOp::not_equal
           : op.text == "=~" ? MatchOp::regex
                             : MatchOp::not_regex;
  if (op.text.ends_with('~')) {
    auto pattern = Pattern::compile(value.text);
    if (!pattern) {
      const Error& error = pattern.problems().front();
      fail(value.column, "the pattern \"" + value.text + "\" " + error.what + " (" + error.where + ")", error.hint);
    }
    out.pattern = std::move(*pattern);
  }
  return out;
}

void QueryParser::range(Node& node) {
  const Token bracket = take();
  const Token length = take();
  if (length.kind != TokenKind::duration)
    fail(length.column, "expected a duration such as 5m, found \"" + length.text + "\"");
  if (is_sign(":")) fail(bracket.column, "a subquery is not evaluated here", "take the function of a series itself");
  expect("]");
  if (node.kind != NodeKind::selector || node.type != ValueType::vector || node.offset_ms != 0)
    fail(bracket.column, "a range stands behind a selector only, and before its offset");
  if (length.duration_ms == 0) fail(length.column, "a range must be above 0");
  node.range_ms = length.duration_ms;
  node.type = ValueType::range;
}

void QueryParser::offset(Node& node) {
  const Token word = take();
  const bool back = accept("-");
  const Token length = take();
  if (length.kind != TokenKind::duration)
    fail(length.column, "expected a duration such as 5m, found \"" + length.text + "\"");
  if (node.kind != NodeKind::selector || node.offset_ms != 0)
    fail(word.column, "offset stands once, behind a selector");
  if (back) fail(word.column, "a negative offset looks into the future");
  node.offset_ms = length.duration_ms;
}

}  // namespace windtunnel::promql
