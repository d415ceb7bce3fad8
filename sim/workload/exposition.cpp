#include "sim/workload/exposition.hpp"

#include <charconv>
#include <limits>

namespace windtunnel {
namespace {

constexpr std::size_t kMostLabels = 200;

constexpr bool is_name_char(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || (!first && c >= '0' && c <= '9');
}

/// Cuts a name off the front of `text`; empty if there is none.
std::string_view cut_name(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_name_char(text[length], length == 0)) ++length;
  const std::string_view name = text.substr(0, length);
  text.remove_prefix(length);
  return name;
}

void skip_spaces(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

bool cut(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool cut_value(std::string_view& text, std::string& value) {
  if (!cut(text, '"')) return false;
  while (!text.empty() && text.front() != '"') {
    char c = text.front();
    text.remove_prefix(1);
    if (c == '\\' && !text.empty()) {
      c = text.front() == 'n' ? '\n' : text.front();
      text.remove_prefix(1);
    }
    value += c;
  }
  return cut(text, '"');
}

}  // namespace

std::optional<double> prometheus_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::string_view parse_exposition(std::string_view line, ExpositionSample& out) {
  out.labels.clear();
  out.at_ms.reset();
  out.name = cut_name(line);
  if (out.name.empty()) return "does not begin with a metric's name";
  skip_spaces(line);
  if (cut(line, '{')) {
    skip_spaces(line);
    while (!cut(line, '}')) {
      const std::string_view name = cut_name(line);
      skip_spaces(line);
      std::string value;
      if (name.empty() || !cut(line, '=')) return "holds labels that are not name=\"value\"";
      skip_spaces(line);
      if (!cut_value(line, value)) return "holds a label without a closed value";
      if (out.labels.size() == kMostLabels) return "has over 200 labels";
      out.labels.emplace_back(name, std::move(value));
      skip_spaces(line);
      cut(line, ',');
      skip_spaces(line);
    }
  }
  skip_spaces(line);
  const std::size_t end = line.find_first_of(" \t");
  const auto value = prometheus_number(line.substr(0, end));
  if (!value) return "has no number behind the metric";
  out.value = *value;
  if (end == std::string_view::npos) return {};
  line.remove_prefix(end);
  skip_spaces(line);
  if (line.empty() || line.front() == '#') return {};  // an exemplar
  const std::string_view stamp = line.substr(0, line.find_first_of(" \t"));
  const auto at = prometheus_number(stamp);
  if (!at) return "has a time stamp that is no number";
  // Whole milliseconds in the text format, seconds with a point in OpenMetrics.
  out.at_ms = stamp.find('.') == std::string_view::npos ? *at : *at * 1000;
  return {};
}

bool looks_like_exposition(std::string_view line) {
  ExpositionSample sample;
  return line.starts_with("# HELP ") || line.starts_with("# TYPE ") || parse_exposition(line, sample).empty();
}

}  // namespace windtunnel
