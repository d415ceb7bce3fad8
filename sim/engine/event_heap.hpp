// The small heap for whatever is neither an arrival, a constant delay nor a GPU's next completion.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/engine/event.hpp"

namespace windtunnel {

class EventHeap {
 public:
  /// Of the earliest event; kNever where there is none.
  [[nodiscard]] SimTime at() const { return at_; }
  [[nodiscard]] EventKind kind() const { return kind_; }
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] const Scheduled& top() const { return heap_.front(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

  void push(SimTime at, EventKind kind, std::uint32_t entity, std::uint32_t tag = 0) {
    heap_.push_back({at, kind, entity, tag, next_seq_++});
    std::push_heap(heap_.begin(), heap_.end(), later);
    note_first();
  }

  Scheduled pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Scheduled event = heap_.back();
    heap_.pop_back();
    note_first();
    return event;
  }

 private:
  static bool later(const Scheduled& a, const Scheduled& b) {
    return a.at != b.at ? a.at > b.at : a.order() > b.order();
  }

  // Asked for at every event, of which few are in the heap.
  void note_first() {
    at_ = heap_.empty() ? kNever : heap_.front().at;
    if (!heap_.empty()) kind_ = heap_.front().kind;
  }

  std::vector<Scheduled> heap_;
  SimTime at_ = kNever;
  EventKind kind_{};
  std::uint64_t next_seq_ = 0;
};

}  // namespace windtunnel
