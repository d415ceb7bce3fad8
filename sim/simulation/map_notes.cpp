#include "sim/simulation/map_notes.hpp"

#include <fmt/format.h>

#include "sim/scenario/suggest.hpp"

namespace windtunnel {

std::vector<std::string> map_notes(const std::string& workload, const SourceCounts& counts) {
  std::vector<std::string> notes;
  const std::vector<std::string_view> others(counts.other_labels.begin(), counts.other_labels.end());
  for (const std::string& label : counts.unused_labels)
    notes.push_back(fmt::format("workload {}: no row read has the map's label \"{}\"{}", workload, label,
                                others.empty() ? "" : "; " + suggestion(label, others)));
  return notes;
}

}  // namespace windtunnel
