// Scaling a recording up: every row becomes several queries, the extra ones spread over the time around it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/core/rng.hpp"
#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// Turns each row into floor(factor) queries, and one more with probability factor - floor(factor). The first stays at
/// the recorded instant. Each of the others comes later by an even draw from [0, B), where B is the time that the 64
/// rows before took, or that the 64 rows after take, whichever is shorter, and at most an hour. So the copies fill the
/// recording's own gaps, bursts stay bursts, and silences and the day's course stay where they are;
/// the first 64 rows of a recording ramp up, since no copy comes before its row.
///
/// Holds 64 rows on either side and about 64 x factor copies that are due. Draws per row: one for the number, then one
/// for each further copy, in file order.
class Spreader {
 public:
  static constexpr std::size_t kNeighbours = 64;
  static constexpr std::int64_t kLongestNs = 3'600'000'000'000;

  /// @param factor  > 1
  Spreader(double factor, Rng rng);

  /// The next query of the scaled recording; false when the recording and all copies are used up.
  /// @param next_row  bool(Arrival&), the recording's next row; false at its end
  template <class NextRow>
  bool next(Arrival& out, NextRow&& next_row) {
    while (true) {
      while (!recording_ended_ && ahead_count_ < kRing) {  // the current row and the 64 after it
        if (next_row(ahead_[(ahead_begin_ + ahead_count_) % kRing]))
          ++ahead_count_;
        else
          recording_ended_ = true;
      }
      if (!due_.empty() && (ahead_count_ == 0 || due_.front().query.at <= ahead_[ahead_begin_].at)) {
        out = take_due();
        return true;
      }
      if (ahead_count_ == 0) return false;
      spread_front();
    }
  }

 private:
  static constexpr std::size_t kRing = kNeighbours + 1;
  struct Due {
    Arrival query;
    std::uint64_t order;
    bool operator>(const Due& other) const {
      return query.at != other.query.at ? query.at > other.query.at : order > other.order;
    }
  };

  void spread_front();
  [[nodiscard]] std::int64_t reach_ns() const;
  Arrival take_due();

  std::uint64_t whole_;
  double fraction_;
  Rng rng_;
  std::array<Arrival, kRing> ahead_{};  // ring: rows read and not spread yet
  std::size_t ahead_begin_ = 0, ahead_count_ = 0;
  std::array<SimTime, kNeighbours> behind_{};  // ring: instants of the rows spread last
  std::uint64_t spread_ = 0;                   // rows spread so far
  std::vector<Due> due_;                       // heap, earliest first
  std::uint64_t order_ = 0;
  bool recording_ended_ = false;
};

}  // namespace windtunnel
