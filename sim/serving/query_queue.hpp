// First come, first served: a chain through the query slots, so joining and leaving touch no allocator.
#pragma once

#include "sim/serving/query_pool.hpp"

namespace windtunnel {

class QueryQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == kNone; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] QueryId front() const { return head_; }

  [[gnu::always_inline]] void push_back(QueryPool& pool, QueryId id) {
    pool[id].next = kNone;
    if (head_ == kNone) {
      head_ = id;
    } else {
      pool[tail_].next = id;
    }
    if (pool.with_extra()) pool.extra(id).prev = tail_;
    tail_ = id;
    ++size_;
  }

  /// Back to where it was taken from: a redelivered query goes before those that came after it.
  void push_front(QueryPool& pool, QueryId id) { insert_after(pool, kNone, id); }

  /// @param where  a query that is in the queue; kNone: before all
  void insert_after(QueryPool& pool, QueryId where, QueryId id) {
    if (where == tail_ && where != kNone) return push_back(pool, id);
    const QueryId next = where == kNone ? head_ : pool[where].next;
    pool[id].next = next;
    (where == kNone ? head_ : pool[where].next) = id;
    if (next == kNone) tail_ = id;
    if (pool.with_extra()) {
      pool.extra(id).prev = where;
      if (next != kNone) pool.extra(next).prev = id;
    }
    ++size_;
  }

  QueryId pop_front(QueryPool& pool) {
    const QueryId id = head_;
    head_ = pool[id].next;
    if (head_ == kNone) tail_ = kNone;
    pool[id].next = kNone;
    --size_;
    return id;
  }

  /// From anywhere in the queue. Needs a pool with extras: only these know who stands before them.
  void remove(QueryPool& pool, QueryId id) {
    if (id == head_) {
      pop_front(pool);
      return;
    }
    const QueryId prev = pool.extra(id).prev, next = pool[id].next;
    pool[prev].next = next;
    if (next == kNone) {
      tail_ = prev;
    } else {
      pool.extra(next).prev = prev;
    }
    pool[id].next = kNone;
    --size_;
  }

 private:
  QueryId head_ = kNone, tail_ = kNone;
  std::uint32_t size_ = 0;
};

}  // namespace windtunnel
