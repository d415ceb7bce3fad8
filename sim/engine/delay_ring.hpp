// A link of constant delay: what goes in first comes out first, so a ring replaces a heap.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/engine/event.hpp"

namespace windtunnel {

/// Holds (due time, item) in order of entry; grows by doubling and is reused from then on.
class DelayRing {
 public:
  DelayRing(Duration delay, EventKind kind) : delay_(delay), kind_(kind), items_(kInitial) {}

  [[nodiscard]] Duration delay() const { return delay_; }
  [[nodiscard]] EventKind kind() const { return kind_; }
  [[nodiscard]] SimTime at() const { return at_; }
  [[nodiscard]] std::size_t size() const { return count_; }

  [[gnu::always_inline]] void push(SimTime now, std::uint32_t item) {
    if (count_ > mask_) [[unlikely]]
      grow();
    items_[(first_ + count_) & mask_] = {now + delay_, item};
    if (count_++ == 0) at_ = now + delay_;
  }

  /// The item that is due next; there must be one.
  [[nodiscard]] std::uint32_t front() const { return items_[first_].item; }

  std::uint32_t pop() {
    const std::uint32_t item = items_[first_].item;
    first_ = (first_ + 1) & mask_;
    at_ = --count_ == 0 ? kNever : items_[first_].at;
    return item;
  }

 private:
  static constexpr std::size_t kInitial = 64;
  struct Item {
    SimTime at;
    std::uint32_t item = 0;
  };

  [[gnu::noinline]] void grow() {
    std::vector<Item> bigger(items_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) bigger[i] = items_[(first_ + i) & mask_];
    items_.swap(bigger);
    mask_ = items_.size() - 1;
    first_ = 0;
  }

  Duration delay_;
  EventKind kind_;
  SimTime at_ = kNever;
  std::vector<Item> items_;
  std::size_t mask_ = kInitial - 1;  // of a power of two
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace windtunnel
