// A table of counts with a stamp each: a row counts what came from its stamp to the next row's.
#pragma once

#include <optional>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/record_reader.hpp"
#include "sim/workload/stamp_reader.hpp"

namespace windtunnel {

/// The last row's stretch is as long as the one before it. Streams, one row ahead.
class TimedCounts final : public CountBins {
 public:
  TimedCounts(TextBuffer text, const FormatRow& format, const TraceSpec& spec);
  bool next(CountBin& bin) override;
  [[nodiscard]] std::string where() const override { return records_.where(); }
  [[nodiscard]] std::uint64_t rows() const override { return records_.records(); }
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> dropped() const override;
  [[nodiscard]] bool is_wall_clock() const override { return stamps_.is_wall_clock(); }

 private:
  struct Row {
    std::int64_t at_ns;
    std::uint64_t count;
  };
  std::optional<Row> read();

  RecordReader records_;
  std::size_t time_, count_;
  StampReader stamps_;
  std::uint32_t target_;
  std::optional<Row> ahead_;
  std::int64_t width_ns_ = 0;
};

}  // namespace windtunnel
