// Arrivals replayed from a trace of rows: window, re-basing, scaling, mapping.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/workload/count_bins.hpp"
#include "sim/workload/query_draws.hpp"
#include "sim/workload/row_reader.hpp"
#include "sim/workload/spreader.hpp"

namespace windtunnel {

/// A row passes, in this order: the format's drops; re-basing (the file's first row, dropped or not, is time 0) and the
/// window [from, to), whose start then becomes time 0 if re-basing is on; thinning where rate_scale < 1 (a row is kept
/// with that probability); the map; spreading where rate_scale > 1 (see Spreader; copies at or after `to` are left
/// out). Thinned rows are not counted as dropped. rate_scale 1 draws nothing and changes nothing.
///
/// Streams: "scale/<name>", and for sizes and targets the trace does not give, "size/<name>" and "target/<name>".
class RowSource final : public ArrivalSource {
 public:
  RowSource(RowReader reader, const WorkloadSpec& spec, const RngStreams& streams, int target_count);
  std::size_t next(std::span<Arrival> out) override;
  [[nodiscard]] SourceCounts counts() const override;
  /// Instant of the last row read inside the window, mapped or not; time 0 before the first.
  [[nodiscard]] SimTime last_row_at() const { return last_row_at_; }
  [[nodiscard]] bool has_size() const { return reader_.has_size(); }

 private:
  bool next_row(Arrival& out);
  bool next_query(Arrival& out);
  bool find_target(const TraceRow& row, std::uint32_t& target);

  RowReader reader_;
  MapRows map_;
  std::vector<std::int32_t> targets_;  // by the label's number: row of the map, -1 for none, -2: not looked up yet
  bool mapped_;
  bool rebase_;
  std::int64_t from_ns_, to_ns_;
  double keep_share_;
  std::optional<Spreader> spreader_;
  Rng scale_;
  QueryDraws draws_;
  std::uint64_t limit_;
  std::uint64_t made_ = 0;
  SourceCounts counts_;
  DropCounts unmapped_;
  SimTime last_row_at_{};
  bool ended_ = false;
};

}  // namespace windtunnel
