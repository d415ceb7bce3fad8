// A table of counts with a stamp each: a row counts what came from its stamp to the next one.
#pragma once

#include <optional>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/label_counts.hpp"
#include "sim/workload/record_reader.hpp"
#include "sim/workload/stamp_reader.hpp"

namespace windtunnel {

/// Labels stand in a column (rows of one stamp then count different ones), or head the columns, or there are none. The
/// last stretch is as long as the one before it. Streams, one row ahead.
class TimedCounts final : public CountBins {
 public:
  TimedCounts(TextBuffer text, const FormatRow& format, const TraceSpec& spec);
  bool next(CountBin& bin) override;
  [[nodiscard]] std::string where() const override { return records_.where(); }
  [[nodiscard]] std::uint64_t rows() const override { return records_.records(); }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const override;
  [[nodiscard]] bool is_wall_clock() const override { return stamps_.is_wall_clock(); }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> labels() const override {
    return labels_.by_label();
  }
  void note_unused(SourceCounts& counts) const override { labels_.note_unused(counts); }

 private:
  struct Count {
    std::uint32_t label;
    std::uint64_t queries;
  };
  /// What one stamp has: of a row, or of all rows of that stamp.
  struct Stretch {
    std::int64_t at_ns = 0;
    std::vector<Count> counts;
  };
  void find_counts(const FormatRow& format, const TraceSpec& spec);
  [[nodiscard]] std::uint32_t number_of(std::string_view label);
  bool read_row();
  bool next_stretch();
  [[nodiscard]] std::int64_t width_of_stretch();

  RecordReader records_;
  std::size_t time_;
  StampReader stamps_;
  LabelCounts labels_;
  std::vector<std::size_t> columns_;  // of counts
  std::vector<std::uint32_t> heads_;  // labels of these columns
  RecordReader::Column label_;        // or the column in which they stand
  Stretch row_;                       // the row that was read last, which belongs to the stretch after now
  bool row_waits_ = false;
  std::vector<std::uint64_t> now_;  // queries by row of the map
  std::size_t target_ = 0;          // the next of them
  std::int64_t base_ns_ = 0, now_ns_ = 0, width_ns_ = 0;
  std::uint64_t unmapped_ = 0;
};

}  // namespace windtunnel
