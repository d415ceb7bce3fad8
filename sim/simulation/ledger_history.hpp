// The last changes of each ledger, so that a kill can say how its device filled.
#pragma once

#include <vector>

#include "sim/report/run_result.hpp"

namespace windtunnel {

/// The last kMost changes of one ledger.
class LedgerHistory {
 public:
  static constexpr std::size_t kMost = 32;

  void keep(const LedgerChange& change) {
    if (rows_.size() < kMost) return rows_.push_back(change);
    rows_[oldest_] = change;
    oldest_ = (oldest_ + 1) % kMost;
  }
  void clear() {
    rows_.clear();
    oldest_ = 0;
  }
  /// Oldest first.
  [[nodiscard]] std::vector<LedgerChange> rows() const {
    std::vector<LedgerChange> out;
    out.reserve(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) out.push_back(rows_[(oldest_ + i) % rows_.size()]);
    return out;
  }

 private:
  std::vector<LedgerChange> rows_;  // a ring once it is full; nothing is reserved for ledgers where nothing happens
  std::size_t oldest_ = 0;
};

/// Of every device and of the main memory of every node.
struct LedgerHistories {
  std::vector<LedgerHistory> devices, hosts;

  LedgerHistories(std::size_t gpus, std::size_t nodes) : devices(gpus), hosts(nodes) {}
  /// A new machine has come in the place of the node and its `gpus` GPUs from `first` on.
  void forget(GpuId first, std::uint32_t gpus, NodeId node) {
    for (GpuId g = first; g < first + gpus; ++g) devices[g].clear();
    hosts[node].clear();
  }
};

}  // namespace windtunnel
