#include "sim/scenario/value_reader.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53: whole numbers are exact up to here

Result<double> parse_amount(ParamType type, std::string_view text) {
  switch (type) {
    case ParamType::duration:
    case ParamType::durations:
    case ParamType::time_law: return parse_duration_s(text);
    case ParamType::bytes: return parse_bytes(text);
    case ParamType::bandwidth: return parse_bandwidth(text);
    case ParamType::rate: return parse_rate(text);
    case ParamType::price: return parse_price(text);
    default: return parse_number(text);
  }
}

bool has_unit(ParamType type) {
  return type == ParamType::duration || type == ParamType::durations || type == ParamType::time_law ||
         type == ParamType::bytes || type == ParamType::bandwidth || type == ParamType::rate ||
         type == ParamType::price;
}

bool is_whole(ParamType type) {
  return type == ParamType::integer || type == ParamType::count;
}

struct Limits {
  double min, max;
  bool min_exclusive;
};

/// The declared limits, narrowed by what the type itself means.
Limits limits_of(const Param& param) {
  Limits limits{param.min, param.max, param.min_exclusive};
  if (param.type == ParamType::share) {
    if (limits.min <= 0) limits.min_exclusive = limits.min_exclusive || param.min < 0;
    limits.min = std::max(limits.min, 0.0);
    limits.max = std::min(limits.max, 1.0);
  } else if (has_unit(param.type)) {
    limits.min = std::max(limits.min, 0.0);
  } else if (param.type == ParamType::count) {
    limits.min = std::max(limits.min, 1.0);
  }
  return limits;
}

}  // namespace

std::string format_amount(ParamType type, double value) {
  switch (type) {
    case ParamType::duration:
    case ParamType::durations:
    case ParamType::time_law: return format_duration(value);
    case ParamType::bytes: return format_bytes(value);
    case ParamType::bandwidth: return format_bandwidth(value);
    case ParamType::rate: return format_rate(value);
    case ParamType::price: return format_price(value);
    case ParamType::integer:
    case ParamType::count: return fmt::format("{:.0f}", value);
    default: return format_number(value);
  }
}

std::optional<double> ValueReader::amount(const Node& node) {
  if (!node.is(Node::Kind::scalar)) return fail(node, fmt::format("is {}, not {}", node.describe(), wanted()), {});
  if (node.quoted && !has_unit(param_.type))
    return fail(node, fmt::format("\"{}\" is text in quotes, not {}", node.text, wanted()), "write it without quotes");
  auto parsed = parse_amount(param_.type, node.text);
  if (!parsed) {
    const Error& error = parsed.problems().front();
    const bool other_unit = error.what.find(" is a ") != std::string::npos;
    return fail(node, error.what,
                other_unit && !param_.wrong_unit_hint.empty() ? std::string(param_.wrong_unit_hint) : error.hint);
  }
  const double value = *parsed;
  if (is_whole(param_.type) && (value != std::floor(value) || std::abs(value) > kLargestWhole))
    return fail(node, fmt::format("{} is not a whole number", node.text), {});
  const Limits limits = limits_of(param_);
  if (value < limits.min || (limits.min_exclusive && value <= limits.min) || value > limits.max)
    return fail(node,
                fmt::format("{} is {} {}", node.text, limits.max < kNoLimit ? "outside" : "not", limits_text(param_)),
                out_of_range_hint(value));
  return value;
}

std::optional<std::vector<double>> ValueReader::amounts() {
  if (!node_.is(Node::Kind::sequence)) {
    fail(node_, fmt::format("is {}, not {}", node_.describe(), wanted()), "write [a, b, c]");
    return std::nullopt;
  }
  std::vector<double> out;
  for (const auto& item : node_.items)
    if (const auto value = amount(item)) out.push_back(*value);
  return out;
}

std::optional<bool> ValueReader::boolean() {
  if (node_.is(Node::Kind::scalar) && !node_.quoted && (node_.text == "true" || node_.text == "false"))
    return node_.text == "true";
  fail(node_, fmt::format("{} is not true or false", node_.describe()), "write true or false");
  return std::nullopt;
}

std::optional<std::string> ValueReader::text() {
  if (node_.is(Node::Kind::scalar) && !node_.text.empty()) return node_.text;
  fail(node_, fmt::format("is {}, not a text", node_.is(Node::Kind::scalar) ? "empty" : node_.describe()), {});
  return std::nullopt;
}

std::optional<std::string> ValueReader::choice() {
  if (node_.is(Node::Kind::scalar) &&
      std::find(param_.choices.begin(), param_.choices.end(), node_.text) != param_.choices.end())
    return node_.text;
  fail(node_, fmt::format("{} is not one of its values", node_.describe()),
       suggestion(node_.is(Node::Kind::scalar) ? node_.text : std::string(), param_.choices, true));
  return std::nullopt;
}

std::nullopt_t ValueReader::fail(const Node& node, std::string what, std::string hint) {
  if (node.is(Node::Kind::null)) {
    what = "has no value";
    if (hint.empty()) hint = "give one or remove the key";
  }
  ok_ = false;
  problems_.add(node, path_, std::move(what), std::move(hint));
  return std::nullopt;
}
std::string ValueReader::wanted() const {
  switch (param_.type) {
    case ParamType::duration: return "a duration such as 5s";
    case ParamType::durations: return "a list of durations such as [1s, 5s]";
    case ParamType::bytes: return "a size such as 16GiB";
    case ParamType::bandwidth: return "a bandwidth such as 200MB/s";
    case ParamType::rate: return "a rate such as 0.8/s";
    case ParamType::price: return "a price such as 1.01/h";
    case ParamType::integer: return "a whole number";
    case ParamType::count: return fmt::format("a whole number or {}", param_.choices.front());
    case ParamType::numbers: return "a list of numbers";
    default: return "a number";
  }
}
std::string ValueReader::out_of_range_hint(double value) const {
  if (param_.type == ParamType::share && value > 1 && value <= 100)
    return fmt::format("{} % is written {:.6g}", format_number(value), value / 100);
  if (param_.type == ParamType::count && value == 0)
    return fmt::format("write {} for no limit", param_.choices.front());
  return std::string(param_.doc);
}

double harmless(const Param& param) {
  const Limits limits = limits_of(param);
  return std::isfinite(limits.min) ? (limits.min_exclusive ? std::min(limits.min + 1, limits.max) : limits.min) : 0.0;
}

Node write_amounts(ParamType type, const std::vector<double>& values) {
  Node list = Node::sequence();
  for (const double value : values) list.items.push_back(Node::scalar(format_amount(type, value)));
  return list;
}

std::string limits_text(const Param& param) {
  const Limits limits = limits_of(param);
  const auto show = [&](double v) { return format_amount(param.type, v); };
  const bool low = std::isfinite(limits.min), high = std::isfinite(limits.max);
  if (low && high)
    return fmt::format("{}{}, {}]", limits.min_exclusive ? '(' : '[', show(limits.min), show(limits.max));
  if (low) return limits.min_exclusive ? "above " + show(limits.min) : "at least " + show(limits.min);
  if (high) return "at most " + show(limits.max);
  return "";
}

}  // namespace windtunnel
