#include "sim/simulation/map_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/suggest.hpp"

namespace windtunnel {

namespace {

constexpr std::size_t kMostShown = 5;  // labels

}  // namespace

std::vector<std::string> map_notes(const std::string& workload, const SourceCounts& counts) {
  std::vector<std::string> notes;
  const std::vector<std::string_view> others(counts.other_labels.begin(), counts.other_labels.end());
  for (const std::string& label : counts.unused_labels)
    notes.push_back(fmt::format("workload {}: no row read has the map's label \"{}\"{}", workload, label,
                                others.empty() ? "" : "; " + suggestion(label, others)));
  const auto dropped = std::find_if(counts.dropped.begin(), counts.dropped.end(),
                                    [](const auto& reason) { return reason.first == "not in map"; });
  if (dropped == counts.dropped.end() || others.empty()) return notes;
  std::string shown;
  for (std::size_t i = 0; i < std::min(others.size(), kMostShown); ++i)
    shown += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", others[i]);
  notes.push_back(fmt::format("workload {}: the map does not name {}{}; add \"*\" to keep them", workload, shown,
                              others.size() > kMostShown ? " and others" : ""));
  return notes;
}

}  // namespace windtunnel
