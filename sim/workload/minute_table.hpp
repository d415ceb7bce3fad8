// A table with a row for each function and a column for each minute of a day (Azure Functions 2019).
#pragma once

#include "sim/workload/count_bins.hpp"
#include "sim/workload/record_reader.hpp"

namespace windtunnel {

/// Adds the rows up by what the map says, so that memory is minutes x rows of the map, however many functions there
/// are. Bins come minute by minute.
class MinuteTable final : public CountBins {
 public:
  MinuteTable(TextBuffer text, const FormatRow& format, const TraceSpec& spec);
  bool next(CountBin& bin) override;
  [[nodiscard]] std::string where() const override { return where_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const override { return dropped_; }

 private:
  std::string where_;
  std::vector<std::vector<std::uint64_t>> calls_;  // by row of the map, by minute
  std::size_t minute_ = 0, target_ = 0, minutes_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<std::pair<std::string, std::uint64_t>> dropped_;
};

}  // namespace windtunnel
