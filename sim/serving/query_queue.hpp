// First come, first served: a chain through the query slots, so joining and leaving touch no allocator.
#pragma once

#include "sim/serving/query_pool.hpp"

namespace windtunnel {

class QueryQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == kNone; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] QueryId front() const { return head_; }

  void push_back(QueryPool& pool, QueryId id) {
    pool[id].next = kNone;
    if (head_ == kNone) {
      head_ = id;
    } else {
      pool[tail_].next = id;
    }
    tail_ = id;
    ++size_;
  }

  /// Back to where it was taken from: a redelivered query goes before those that came after it.
  void push_front(QueryPool& pool, QueryId id) {
    pool[id].next = head_;
    if (head_ == kNone) tail_ = id;
    head_ = id;
    ++size_;
  }

  QueryId pop_front(QueryPool& pool) {
    const QueryId id = head_;
    head_ = pool[id].next;
    pool[id].next = kNone;
    --size_;
    return id;
  }

 private:
  QueryId head_ = kNone, tail_ = kNone;
  std::uint32_t size_ = 0;
};

}  // namespace windtunnel
