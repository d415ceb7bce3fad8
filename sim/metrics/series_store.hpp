// What Prometheus has scraped: series of samples, each kept as long as some query looks back.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/metrics/label_pool.hpp"

namespace windtunnel {

using SeriesId = std::uint32_t;
inline constexpr SeriesId kNoSeries = ~SeriesId{0};

struct SeriesSample {
  std::int64_t at_ms = 0;
  double value = 0;
};

/// Ends a series, as Prometheus writes it where a target or a series is gone (model/value: StaleNaN).
inline const double kStaleMarker = std::bit_cast<double>(std::uint64_t{0x7ff0000000000002});
inline bool is_stale_marker(double value) {
  return std::bit_cast<std::uint64_t>(value) == 0x7ff0000000000002ULL;
}

class SeriesStore {
 public:
  /// How long samples are kept; ended series go with their last one. Only ever grows.
  void keep_for(std::int64_t ms) { keep_ms_ = std::max(keep_ms_, ms); }
  [[nodiscard]] std::int64_t kept_for() const { return keep_ms_; }

  /// The series of these labels, the metric's name among them; one that had ended goes on.
  SeriesId open(const Labels& labels);
  /// Samples come in order of time; one not after the last is dropped, as Prometheus drops it.
  void append(SeriesId series, std::int64_t at_ms, double value);
  /// Marks it stale: it is no longer there at once, not after the look-back.
  void end(SeriesId series, std::int64_t at_ms) { append(series, at_ms, kStaleMarker); }
  /// Forgets series whose last sample is older than what is kept.
  void drop_old(std::int64_t now_ms);

  /// Rises whenever series come or go: what was looked up before is to be looked up again.
  [[nodiscard]] std::uint64_t version() const { return version_; }
  /// Rises when label numbers change their meaning.
  [[nodiscard]] std::uint64_t pool_version() const { return pool_version_; }
  [[nodiscard]] LabelPool& labels() { return pool_; }
  [[nodiscard]] const Labels& labels_of(SeriesId id) const { return pool_[series_[id].labels]; }
  [[nodiscard]] LabelId label_id_of(SeriesId id) const { return series_[id].labels; }
  [[nodiscard]] std::span<const SeriesSample> samples(SeriesId id) const {
    const Kept& s = series_[id];
    return std::span(s.samples).subspan(s.first);
  }
  /// Series present, in order of their names, then of their coming.
  [[nodiscard]] const std::map<std::string, std::vector<SeriesId>, std::less<>>& by_name() const { return by_name_; }
  [[nodiscard]] std::size_t size() const { return present_; }

 private:
  struct Kept {
    LabelId labels = 0;
    bool present = false;
    std::size_t first = 0;  // samples before it are dropped; cut off now and then
    std::vector<SeriesSample> samples;
  };
  void renumber_labels();

  std::int64_t keep_ms_ = 5 * 60 * 1000;
  std::vector<Kept> series_;
  std::vector<SeriesId> spare_;
  std::map<LabelId, SeriesId> by_labels_;
  std::map<std::string, std::vector<SeriesId>, std::less<>> by_name_;
  LabelPool pool_;
  std::uint64_t version_ = 1, pool_version_ = 1;
  std::size_t present_ = 0;
};

}  // namespace windtunnel
