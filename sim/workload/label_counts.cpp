#include "sim/workload/label_counts.hpp"

#include <cmath>

#include "sim/workload/trace_window.hpp"

namespace windtunnel {

LabelCounts::LabelCounts(const TraceSpec& spec)
    : map_(spec.map),
      mapped_(!spec.map.empty()),
      from_ns_(spec.from.value_or(Duration{}).count()),
      to_ns_(spec.to.value_or(Duration{kNoEndNs}).count()) {}

std::uint32_t LabelCounts::number(std::string_view label) {
  const std::uint32_t number = labels_.number(label);
  if (number == LabelTable::kFull || number < targets_.size()) return number;
  // Without a map there is nothing to take; what carries no label is no other label.
  targets_.push_back(mapped_ && !label.empty() ? map_.take(label) : map_.of(label));
  queries_.push_back(0);
  return number;
}

std::vector<std::pair<std::string, std::uint64_t>> LabelCounts::by_label() const {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (std::uint32_t number = 0; number < queries_.size(); ++number)
    out.emplace_back(labels_.text(number), static_cast<std::uint64_t>(std::llround(queries_[number])));
  return out;
}

void LabelCounts::note_unused(SourceCounts& counts) const {
  if (mapped_) map_.note_unused(counts);
}

}  // namespace windtunnel
