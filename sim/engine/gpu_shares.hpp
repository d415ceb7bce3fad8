// Who is running on each GPU, how much work each has left, and when the next one is done.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"
#include "sim/engine/min_tree.hpp"
#include "sim/engine/share_curve.hpp"

namespace windtunnel {

/// Rates of the active batches of one GPU, given which replica each belongs to; 1 is alone on the whole GPU.
using RateFunction = std::function<void(std::span<const ReplicaId> replicas, std::span<double> rates)>;

/// Remaining work and finish times of every GPU. Two forms, tested equal where both apply:
/// - virtual time, where all active batches of a GPU run at one rate that depends on their number alone: nothing is
///   touched but the tags, kept sorted;
/// - re-ageing, where each batch has its own rate: all k of one GPU are aged at every change.
/// Finish times are rounded to the nearest nanosecond, never before now; at completion the work is snapped to done.
class GpuShares {
 public:
  explicit GpuShares(std::size_t gpus, MinTree::Form form = MinTree::Form::automatic);

  /// The GPU shares equally, by this curve (which must outlive it). Only while the GPU is idle.
  void set_equal(GpuId gpu, const ShareCurve* curve);
  /// The GPU asks for the rates of its batches at every change. Only while the GPU is idle.
  void set_rated(GpuId gpu, RateFunction rates);

  /// Starts a batch. @param work_ns  nanoseconds it would take alone, >= 0
  void add(GpuId gpu, QueryId batch, ReplicaId replica, double work_ns, SimTime now);
  /// Takes the batch off whose time next() is. @return it
  QueryId finish(GpuId gpu, SimTime now);
  /// Takes a batch off before its time. @return the work it had left, in ns; nothing if it is not there
  std::optional<double> remove(GpuId gpu, QueryId batch, SimTime now);

  [[nodiscard]] SimTime next() const { return tree_.min(); }
  [[nodiscard]] GpuId next_gpu() const { return tree_.argmin(); }
  [[nodiscard]] std::uint32_t active(GpuId gpu) const { return shares_[gpu].active; }
  /// Time with at least one batch, up to now.
  [[nodiscard]] Duration busy(GpuId gpu, SimTime now) const {
    const Share& share = shares_[gpu];
    return share.active > 0 ? share.busy + (now - share.busy_since) : share.busy;
  }

 private:
  struct Tag {
    double finish;           // virtual time at which it is done, or (re-ageing) work left
    QueryId batch;
    ReplicaId replica;
  };
  struct alignas(64) Share {
    double virtual_ns = 0;   // virtual time form only
    SimTime updated{};
    const ShareCurve* curve = nullptr;   // null: re-ageing
    std::uint32_t active = 0;
    std::uint32_t rated = 0; // re-ageing form: index into rated_
    SimTime busy_since{};
    Duration busy{};
  };
  struct Rated {
    RateFunction function;
    std::vector<ReplicaId> replicas;
    std::vector<double> rates;
    std::uint32_t next = 0;  // index of the batch that finishes first
  };

  Tag* tags(GpuId gpu) { return tags_.data() + static_cast<std::size_t>(gpu) * stride_; }
  void make_room();
  void advance(Share& share, GpuId gpu, SimTime now);
  void schedule(Share& share, GpuId gpu, SimTime now);
  void insert(Share& share, GpuId gpu, Tag tag);
  void erase(Share& share, GpuId gpu, std::uint32_t index, SimTime now);

  MinTree tree_;
  std::size_t stride_ = 8;
  std::vector<Share> shares_;
  std::vector<Tag> tags_;    // `stride_` for each GPU; virtual time form: descending by finish, so the next is last
  std::vector<Rated> rated_;
};

}  // namespace windtunnel
