#include "sim/report/metric_path.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "sim/report/metric_shape.hpp"
#include "sim/scenario/overlay.hpp"
#include "sim/scenario/problem_list.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;
using Parts = std::vector<std::string>;

constexpr std::string_view kHalfWidth = "_ci95";

std::string joined(const Parts& parts, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out = join_path(out, parts[i]);
  return out;
}

/// Counts whose keys only a run knows: what it never saw is 0 and is not in the summary.
bool is_open(const Parts& parts, std::size_t depth) {
  if (depth == 0) return false;
  return parts[depth - 1] == "by_exit_code" || (depth == 3 && parts[0] == "sources" && parts[2] == "dropped");
}

bool is_exit_code(const std::string& text) {
  int code = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  return error == std::errc{} && end == text.data() + text.size() && code >= 0 && code <= 255 &&
         std::to_string(code) == text;
}

/// What stands under `part`, or nullptr.
const Json* step(const Json& from, const std::string& part) {
  if (from.is_object()) {
    const auto found = from.find(part);
    return found == from.end() ? nullptr : &*found;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool is_index = error == std::errc{} && end == part.data() + part.size();
  return from.is_array() && is_index && index < from.size() ? &from[index] : nullptr;
}

const Json* walk(const Json& from, const Parts& parts, std::size_t count) {
  const Json* at = &from;
  for (std::size_t i = 0; i < count && at != nullptr; ++i) at = step(*at, parts[i]);
  return at;
}

/// A name that holds dots was written without its quotes: the path with them, or empty.
std::string quoted_path(const Json& shape, const Parts& parts, std::size_t depth) {
  Parts mended(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(depth + 1));
  for (std::size_t i = depth + 1; i < parts.size(); ++i) {
    mended[depth] += "." + parts[i];
    if (walk(shape, mended, depth + 1) == nullptr) continue;
    mended.insert(mended.end(), parts.begin() + static_cast<std::ptrdiff_t>(i + 1), parts.end());
    return joined(mended, mended.size());
  }
  return {};
}

/// The way out for a part that is not there: the path with its nearest neighbour put right, a longer path that ends
/// like this one, or the names there are.
std::string nearest_path(const Json& shape, const Parts& parts, std::size_t depth) {
  const std::vector<std::string> here = metric_names(*walk(shape, parts, depth));
  const std::vector<std::string_view> known(here.begin(), here.end());
  Parts mended = parts;
  mended[depth] = nearest(parts[depth], known);
  std::string path = quoted_path(shape, parts, depth);
  if (path.empty() && !mended[depth].empty() && walk(shape, mended, mended.size()) != nullptr)
    path = joined(mended, mended.size());
  if (path.empty() && depth == 0) path = metric_ending_in(shape, joined(parts, parts.size()));
  return path.empty() ? suggestion(parts[depth], known, true) : fmt::format("did you mean {}?", path);
}

Error not_there(const Json& shape, const Parts& parts, std::size_t depth) {
  const Json& parent = *walk(shape, parts, depth);
  const std::string place = depth == 0 ? "summary.json" : joined(parts, depth);
  if (is_open(parts, depth))
    return {"", fmt::format("\"{}\" is no exit code", parts[depth]), "an exit code is a whole number from 0 to 255"};
  if (parent.is_array())
    return {"", fmt::format("\"{}\" is no index into {}, which has {}", parts[depth], place, parent.size()),
            "indices count from 0"};
  if (!parent.is_structured())
    return {"", fmt::format("{} is a figure: nothing stands below it", place), "end the path there"};
  return {"", fmt::format("{} has no \"{}\"", place, parts[depth]), nearest_path(shape, parts, depth)};
}

/// Null in the shape: this scenario gives nothing to measure it against.
Error never_measured(const Parts& parts) {
  const std::string& last = parts.back();
  const std::string owner = joined(parts, 2);
  if (last == "slowdown_mean")
    return {"", "is only kept for models with thresholds",
            fmt::format("add thresholds: {{response_time: [1s]}} to {}", owner)};
  return {"", fmt::format("is never measured here: {} has no target for its response time", owner),
          fmt::format("add slo: {{response_time_p95: 5s}} to {}", owner)};
}

/// What is wrong with a path that leads to `at`; nullopt when a measured figure stands there.
std::optional<Error> not_a_figure(const Json& shape, const Parts& parts, const Json& at) {
  const std::string path = joined(parts, parts.size());
  if (at.is_array()) {
    const bool has_blocks = !at.empty() && at[0].is_object();
    return Error{"", "is a list, not a figure",
                 has_blocks ? fmt::format("write {}.0.{}", path, metric_names(at[0]).back()) : ""};
  }
  if (at.is_object()) {
    std::string first;
    for (const std::string& name : metric_names(at)) first += (first.empty() ? "" : ", ") + name;
    return Error{"", "is a block, not a figure", first.empty() ? "" : fmt::format("it holds: {}", first)};
  }
  if (at.is_string()) return Error{"", "is a text, not a figure", ""};
  Parts half_width = parts;
  half_width.back() += kHalfWidth;
  if (walk(shape, half_width, half_width.size()) == nullptr)  // what has no interval is not measured
    return Error{"", "is given by the scenario, not measured", "bound what a run measures, e.g. totals.kills.oom"};
  if (at.is_null()) return never_measured(parts);
  return std::nullopt;
}

}  // namespace

Result<bool> check_metric_path(const Json& shape, std::string_view path) {
  const auto split = split_path(path);
  if (!split)
    return Error{"", fmt::format("\"{}\" is not a path", path), "write totals.kills.oom; quote a name that holds dots"};
  const Parts& parts = *split;
  if (parts[0] == "engine")
    return Error{"", "engine figures differ between runs of the same scenario", "bound what the run measures instead"};
  if (parts.back().ends_with(kHalfWidth))
    return Error{"", "is the half-width of an interval, not a figure",
                 "bound the figure itself: the interval is taken into account"};
  const Json* at = &shape;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (is_open(parts, i) && i + 1 == parts.size() && (parts[i - 1] == "dropped" || is_exit_code(parts[i])))
      return true;
    const Json* next = step(*at, parts[i]);
    if (next == nullptr) return not_there(shape, parts, i);
    at = next;
  }
  if (auto error = not_a_figure(shape, parts, *at)) return *error;
  return true;
}

Figure metric_at(const Json& summary, std::string_view path) {
  const auto split = split_path(path);
  if (!split) return {};
  const Parts& parts = *split;
  const Json* parent = walk(summary, parts, parts.size() - 1);
  if (parent == nullptr) return {};
  if (parent->is_object() && !parent->contains(parts.back()) && is_open(parts, parts.size() - 1))
    return {.value = 0, .ci95 = 0};
  return figure_at(*parent, {}, parts.back());
}

}  // namespace windtunnel
