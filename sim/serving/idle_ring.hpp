// Replicas with room for a batch, longest waiting first: how consumers of one queue take turns.
#pragma once

#include <vector>

#include "sim/core/units.hpp"

namespace windtunnel {

/// A ring of replica ids. Entries may be stale; whoever pops checks.
class IdleRing {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }

  [[gnu::always_inline]] void push(ReplicaId replica) {
    if (count_ > mask_) [[unlikely]]
      grow();
    items_[(first_ + count_++) & mask_] = replica;
  }
  ReplicaId pop() {
    const ReplicaId replica = items_[first_];
    first_ = (first_ + 1) & mask_;
    --count_;
    return replica;
  }

 private:
  [[gnu::noinline]] void grow() {
    std::vector<ReplicaId> bigger(items_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) bigger[i] = items_[(first_ + i) & mask_];
    items_.swap(bigger);
    mask_ = items_.size() - 1;
    first_ = 0;
  }
  std::size_t mask_ = 7;  // of a power of two
  std::vector<ReplicaId> items_ = std::vector<ReplicaId>(mask_ + 1);
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace windtunnel
