// A table with a row for each function and a column for each minute of a day (Azure Functions 2019).
#pragma once

#include <memory>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/duration_table.hpp"
#include "sim/workload/label_counts.hpp"
#include "sim/workload/record_reader.hpp"

namespace windtunnel {

/// Adds the rows up by what the map says, so that memory is minutes x rows of the map, however many calls there are,
/// and a name for each function. Bins come minute by minute.
///
/// With a table of durations a minute has a bin for each function that was called in it, since each has its own law:
/// memory then grows with the cells that are not 0, of which there may be twenty million. Calls of functions without a
/// duration are dropped and counted.
class MinuteTable final : public CountBins {
 public:
  MinuteTable(TextBuffer text, const FormatRow& format, const TraceSpec& spec);
  bool next(CountBin& bin) override;
  [[nodiscard]] std::string where() const override { return where_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const override { return dropped_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> labels() const override {
    return labels_.by_label();
  }
  [[nodiscard]] const DurationLaw* duration_of(std::string_view label) const override {
    return durations_ ? durations_->find(label) : nullptr;
  }
  void note_unused(SourceCounts& counts) const override { labels_.note_unused(counts); }

 private:
  struct Cell {
    std::uint32_t label, count;
  };
  void read_row(const RecordReader& records, std::size_t first, std::size_t label);
  bool next_of_functions(CountBin& bin);

  std::string where_;
  LabelCounts labels_;
  std::unique_ptr<DurationTable> durations_;       // where it was asked for
  std::vector<const DurationLaw*> laws_;           // by label
  std::vector<std::vector<std::uint64_t>> calls_;  // by row of the map, by minute; checked though cells_ count
  std::vector<std::vector<Cell>> cells_;           // by minute, with durations_ only
  std::size_t cell_count_ = 0;
  std::size_t minute_ = 0, target_ = 0, minutes_ = 0;
  std::uint64_t rows_ = 0, unmapped_ = 0, without_duration_ = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped_;
};

}  // namespace windtunnel
