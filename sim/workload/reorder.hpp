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
    if (count_ == 0 || row.at_ns >= newest_queued_ns_) {
      if (count_ == queue_.size()) grow();
      queue_[(begin_ + count_++) & (queue_.size() - 1)] = row;
      newest_queued_ns_ = row.at_ns;
      newest_ns_ = std::max(newest_ns_, row.at_ns);
    } else {
      late_.push({row, moved_++});
    }
    return true;
  }
  /// True if a row may leave; at the end of the file all may.
  [[nodiscard]] bool ready(bool at_end) const {
    const std::size_t held = count_ + late_.size();
    if (held == 0) return false;
    return at_end || held > kMostHeld || next_ns() <= newest_ns_ - window_ns_;
  }
  HeldRow pop() {
    left_any_ = true;
    left_ns_ = next_ns();
    if (count_ > 0 && queue_[begin_].at_ns == left_ns_) {
      const HeldRow row = queue_[begin_];
      begin_ = (begin_ + 1) & (queue_.size() - 1);
      --count_;
      return row;
    }
    const HeldRow row = late_.top().row;
    late_.pop();
    return row;
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
  [[nodiscard]] std::int64_t next_ns() const {
    if (late_.empty()) return queue_[begin_].at_ns;
    return count_ == 0 ? late_.top().row.at_ns : std::min(queue_[begin_].at_ns, late_.top().row.at_ns);
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
  std::int64_t newest_queued_ns_ = 0;
  std::int64_t newest_ns_ = INT64_MIN / 2;
  std::int64_t left_ns_ = 0;
  bool left_any_ = false;
  std::uint64_t moved_ = 0;
};

}  // namespace windtunnel
