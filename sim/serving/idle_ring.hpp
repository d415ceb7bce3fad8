// Replicas with room for a batch, longest waiting first: how consumers of one queue take turns.
#pragma once

#include <vector>

#include "sim/core/units.hpp"

namespace windtunnel {

/// A ring of replica ids. Entries may be stale; whoever pops checks.
class IdleRing {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }

  void push(ReplicaId replica) {
    if (count_ == items_.size()) grow();
    items_[(first_ + count_++) & (items_.size() - 1)] = replica;
  }
  ReplicaId pop() {
    const ReplicaId replica = items_[first_];
    first_ = (first_ + 1) & (items_.size() - 1);
    --count_;
    return replica;
  }

 private:
  void grow() {
    std::vector<ReplicaId> bigger(items_.size() * 2);
    for (std::size_t i = 0; i < count_; ++i) bigger[i] = items_[(first_ + i) & (items_.size() - 1)];
    items_.swap(bigger);
    first_ = 0;
  }
  std::vector<ReplicaId> items_ = std::vector<ReplicaId>(8);
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace windtunnel
