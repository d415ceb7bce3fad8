#include "sim/simulation/extrapolation.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace windtunnel {
namespace {

MeasuredRange range_of(const MeasuredTimes& table) {
  const auto& points = table.points();
  MeasuredRange range{points.front().items, points.front().items, points.front().share, points.back().share};
  for (const auto& point : points) {
    range.least_items = std::min(range.least_items, point.items);
    range.most_items = std::max(range.most_items, point.items);
  }
  return range;
}

std::string text_of(const MeasuredRange& range) {
  std::string out = std::isfinite(range.most_items)
                        ? fmt::format("{:g} to {:g} items a batch", range.least_items, range.most_items)
                        : fmt::format("{:g} items a batch and more", range.least_items);
  if (range.least_share > 0 || range.most_share < 1)
    out += fmt::format(", {:.3g} to {:.3g} of the SMs", range.least_share, range.most_share);
  return out;
}

bool in_cluster(const World& w, const std::string& gpu) {
  return gpu == "*" ||
         std::any_of(w.pools.begin(), w.pools.end(), [&](const NodePool& p) { return p.spec->gpu.name == gpu; });
}

std::string ranges_of(const World& w, const ModelSpec& spec) {
  std::string out;
  for (const auto& [gpu, latency] : spec.latency) {
    const bool has_table = latency.time && latency.time->table() != nullptr;
    if ((!latency.measured && !has_table) || !in_cluster(w, gpu)) continue;
    const MeasuredRange range = latency.measured ? *latency.measured : range_of(*latency.time->table());
    if (!out.empty()) out += "; ";
    if (gpu != "*") out += gpu + ": ";
    out += text_of(range);
  }
  return out;
}

}  // namespace

std::vector<std::string> extrapolation_notes(const World& w) {
  std::vector<std::string> notes;
  for (const ModelState& m : w.models) {
    if (m.begun_outside == 0) continue;
    const double share = static_cast<double>(m.begun_outside) / static_cast<double>(m.begun);
    notes.push_back(
        fmt::format("models.{}: {:.3g} % of the queries ran outside what was measured ({}): their times are "
                    "extrapolated",
                    m.spec->name, 100 * share, ranges_of(w, *m.spec)));
  }
  return notes;
}

}  // namespace windtunnel
