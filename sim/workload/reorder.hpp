// Rows that come a little late put in order, stably, in bounded memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <queue>
#include <vector>

namespace windtunnel {

/// A row in waiting. Text is kept by number.
struct HeldRow {
  std::int64_t at_ns = 0;
  std::int64_t service_ns = -1;
  std::int64_t deadline_ns = 0;
  std::uint32_t label = 0;
  float size = 1;
};

/// Rows leave in time order once one has come that is `window` later; rows of one instant keep the file's order. At
/// most kMostHeld rows wait: a window that holds more is cut short.
///
/// A row not before its predecessor goes to the end of a queue, which costs next to nothing; a late one to a heap. Of
/// equal instants the queue's goes first: it came before the late one, since whatever is queued after that is later.
class Reorder {
 public:
  static constexpr std::size_t kMostHeld = std::size_t{1} << 20;

  explicit Reorder(std::int64_t window_ns) : window_ns_(window_ns), queue_(1024) {}

  /// @return false if the row is late by more than the window (or, where that was cut short, after later ones left)
  bool push(const HeldRow& row) {
    if (row.at_ns < newest_ns_ - window_ns_ || (left_any_ && row.at_ns < left_ns_)) return false;
    if (row.at_ns >= newest_queued_ns_ || count_ == 0) {
      if (count_ == queue_.size()) grow();
      queue_[(begin_ + count_++) & (queue_.size() - 1)] = row;
      newest_queued_ns_ = row.at_ns;
      newest_ns_ = std::max(newest_ns_, row.at_ns);
    } else {
      late_.push({row, moved_++});
    }
    return true;
  }
  /// The row that leaves next, valid until the next push(); nullptr if none may leave yet. At the end of the file all
  /// may.
  const HeldRow* next(bool at_end) {
    if (!late_.empty()) return next_of_both(at_end);
    if (count_ == 0) return nullptr;
    const HeldRow& row = queue_[begin_];
    if (row.at_ns > newest_ns_ - window_ns_ && !at_end && count_ <= kMostHeld) return nullptr;
    return leave_queue(row);
  }
  [[nodiscard]] bool any_left() const { return left_any_; }
  /// The latest instant seen.
  [[nodiscard]] std::int64_t newest_ns() const { return newest_ns_; }
  /// Rows that came after a later one.
  [[nodiscard]] std::uint64_t moved() const { return moved_; }

 private:
  struct Late {
    HeldRow row;
    std::uint64_t order;
    bool operator<(const Late& other) const {  // the queue's top is the largest
      return row.at_ns != other.row.at_ns ? row.at_ns > other.row.at_ns : order > other.order;
    }
  };
  const HeldRow* leave_queue(const HeldRow& row) {
    left_any_ = true;
    left_ns_ = row.at_ns;
    begin_ = (begin_ + 1) & (queue_.size() - 1);
    --count_;
    return &row;
  }
  /// next() when a late row waits.
  const HeldRow* next_of_both(bool at_end) {
    const std::int64_t late_ns = late_.top().row.at_ns;
    const bool of_queue = count_ > 0 && queue_[begin_].at_ns <= late_ns;
    const std::int64_t first_ns = of_queue ? queue_[begin_].at_ns : late_ns;
    if (first_ns > newest_ns_ - window_ns_ && !at_end && count_ + late_.size() <= kMostHeld) return nullptr;
    if (of_queue) return leave_queue(queue_[begin_]);
    left_any_ = true;
    left_ns_ = late_ns;
    leaving_ = late_.top().row;
    late_.pop();
    return &leaving_;
  }
  void grow() {
    std::vector<HeldRow> larger(queue_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) larger[i] = queue_[(begin_ + i) & (queue_.size() - 1)];
    queue_ = std::move(larger);
    begin_ = 0;
  }

  std::int64_t window_ns_;
  std::vector<HeldRow> queue_;  // ring, a power of two
  std::size_t begin_ = 0, count_ = 0;
  std::priority_queue<Late> late_;
  HeldRow leaving_;  // the late row that left last
  std::int64_t newest_queued_ns_ = 0;
  std::int64_t newest_ns_ = INT64_MIN / 2;
  std::int64_t left_ns_ = 0;
  bool left_any_ = false;
  std::uint64_t moved_ = 0;
};

}  // namespace windtunnel
