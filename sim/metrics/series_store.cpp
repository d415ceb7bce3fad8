#include "sim/metrics/series_store.hpp"

#include <algorithm>

namespace windtunnel {

SeriesId SeriesStore::open(const Labels& labels) {
  const LabelId label_id = pool_.intern(labels);
  if (const auto it = by_labels_.find(label_id); it != by_labels_.end()) return it->second;
  SeriesId id = static_cast<SeriesId>(series_.size());
  if (spare_.empty()) {
    series_.emplace_back();
  } else {
    id = spare_.back();
    spare_.pop_back();
  }
  series_[id] = {.labels = label_id, .present = true, .first = 0, .samples = {}};
  by_labels_[label_id] = id;
  by_name_[std::string(label_value(labels, "__name__"))].push_back(id);
  ++present_;
  ++version_;
  return id;
}

void SeriesStore::append(SeriesId series, std::int64_t at_ms, double value) {
  Kept& s = series_[series];
  if (s.samples.size() > s.first && s.samples.back().at_ms >= at_ms) return;
  s.samples.push_back({at_ms, value});
  while (s.samples[s.first].at_ms < at_ms - keep_ms_) ++s.first;
  if (s.first > 16 && s.first * 2 > s.samples.size()) {
    s.samples.erase(s.samples.begin(), s.samples.begin() + static_cast<std::ptrdiff_t>(s.first));
    s.first = 0;
  }
}

void SeriesStore::drop_old(std::int64_t now_ms) {
  bool dropped = false;
  for (auto it = by_name_.begin(); it != by_name_.end();) {
    auto& ids = it->second;
    const auto gone = [&](SeriesId id) {
      Kept& s = series_[id];
      const bool old = s.samples.empty() || s.samples.back().at_ms < now_ms - keep_ms_;
      if (!old) return false;
      by_labels_.erase(s.labels);
      s = {};
      spare_.push_back(id);
      --present_;
      return true;
    };
    const auto before = ids.size();
    std::erase_if(ids, gone);
    dropped = dropped || ids.size() != before;
    it = ids.empty() ? by_name_.erase(it) : std::next(it);
  }
  if (!dropped) return;
  ++version_;
  if (pool_.size() > 8 * present_ + 4096) renumber_labels();
}

// Label sets of series long gone, and what queries derived from them, would pile up over a long run.
void SeriesStore::renumber_labels() {
  std::vector<std::pair<SeriesId, Labels>> kept;
  for (SeriesId id = 0; id < series_.size(); ++id)
    if (series_[id].present) kept.emplace_back(id, pool_[series_[id].labels]);
  pool_.clear();
  by_labels_.clear();
  for (const auto& [id, labels] : kept) {
    series_[id].labels = pool_.intern(labels);
    by_labels_[series_[id].labels] = id;
  }
  ++pool_version_;
}

}  // namespace windtunnel
