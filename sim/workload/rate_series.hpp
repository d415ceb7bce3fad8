// Recorded rates (an answer of Prometheus' query_range) replayed as traffic.
#pragma once

#include "sim/workload/count_bins.hpp"
#include "sim/workload/label_counts.hpp"

namespace windtunnel {

/// Each sample speaks for the time to the next step: `values: per_second` is a rate, `per_step` an increase. Several
/// series add up by what the map says about their label (label_column names it). Numbers that are not whole are carried
/// over to the next step, so that sums are kept. At most five million samples, which are held in memory.
class RateSeries final : public CountBins {
 public:
  /// @throws InputError when `values` does not say what a sample means
  RateSeries(TextBuffer text, const TraceSpec& spec);
  bool next(CountBin& bin) override;
  [[nodiscard]] std::string where() const override { return where_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const override { return dropped_; }
  [[nodiscard]] bool is_wall_clock() const override { return true; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> labels() const override {
    return labels_.by_label();
  }
  void note_unused(SourceCounts& counts) const override { labels_.note_unused(counts); }

 private:
  std::string where_;
  LabelCounts labels_;
  std::vector<std::int64_t> steps_ns_;         // the instants there are, ascending
  std::vector<std::vector<double>> expected_;  // queries by row of the map, by step
  std::vector<double> carried_;
  std::int64_t step_ns_ = 0;
  std::size_t step_ = 0, target_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped_;
};

}  // namespace windtunnel
