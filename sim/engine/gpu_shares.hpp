// Who is running on each GPU, how much work each has left, and when the next one is done.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"
#include "sim/engine/cap_windows.hpp"
#include "sim/engine/min_tree.hpp"
#include "sim/engine/share_curve.hpp"
#include "sim/engine/turns.hpp"

namespace windtunnel {

/// Rates of the active batches of one GPU, given which replica each belongs to; 1 is alone on the whole GPU.
using RateFunction = std::function<void(std::span<const ReplicaId> replicas, std::span<double> rates)>;

/// Remaining work and finish times of every GPU. Two fluid forms, tested equal where both apply:
/// - virtual time, where all active batches of a GPU run at one rate that depends on their number alone: nothing is
///   touched but the tags, kept sorted;
/// - re-ageing, where each batch has its own rate: all k of one GPU are aged at every change;
/// and what changes between two changes: turns, slice by slice (turns.hpp), and windows of a cap (cap_windows.hpp).
/// Finish times are rounded to the nearest nanosecond, never before now; at completion the work is snapped to done.
class GpuShares {
 public:
  explicit GpuShares(std::size_t gpus, MinTree::Form form = MinTree::Form::automatic);

  /// The GPU shares equally, by this curve (which must outlive it). Only while the GPU is idle.
  void set_equal(GpuId gpu, const ShareCurve* curve);
  /// The GPU asks for the rates of its batches at every change. Only while the GPU is idle.
  void set_rated(GpuId gpu, RateFunction rates);
  /// The replicas with work on the GPU take turns. Only while the GPU is idle.
  void set_turns(GpuId gpu, TurnRules rules);
  /// The replicas with work on the GPU have a budget of its time in each window. Only while the GPU is idle.
  void set_windows(GpuId gpu, WindowRules rules);

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
  /// The part of busy() that went into switches from process to process, up to now; turns alone have them.
  [[nodiscard]] Duration switching(GpuId gpu, SimTime now) {
    return shares_[gpu].turns != kNone ? turns_[shares_[gpu].turns]->switching(now) : Duration{};
  }

 private:
  struct Tag {
    double finish;  // virtual time at which it is done, or (re-ageing) work left
    QueryId batch;
    ReplicaId replica;
  };
  struct alignas(64) Share {
    double virtual_ns = 0;  // virtual time form only
    SimTime updated{};
    const ShareCurve* curve = nullptr;  // null: re-ageing
    std::uint32_t active = 0;
    std::uint32_t rated = 0;      // re-ageing form: index into rated_
    std::uint32_t turns = kNone;  // turns, windows: index into turns_
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
  static SimTime after(SimTime now, double ns);
  void advance(Share& share, GpuId gpu, SimTime now);
  void age(const Share& share, GpuId gpu, double elapsed_ns);
  SimTime next_rated(Share& share, GpuId gpu, SimTime now);
  void schedule(Share& share, GpuId gpu, SimTime now);
  void insert(Share& share, GpuId gpu, Tag tag);
  void erase(Share& share, GpuId gpu, std::uint32_t index, SimTime now);
  void add_turn(Share& share, GpuId gpu, QueryId batch, ReplicaId replica, double work_ns, SimTime now);
  QueryId finish_turn(Share& share, GpuId gpu, SimTime now);
  void take_off_turn(Share& share, GpuId gpu, SimTime now);

  MinTree tree_;
  std::size_t stride_ = 8;
  std::vector<Share> shares_;
  std::vector<Tag> tags_;  // `stride_` for each GPU; virtual time form: descending by finish, so the next is last
  std::vector<Rated> rated_;
  void set_stepped(GpuId gpu, std::unique_ptr<SteppedShares> stepped);

  std::vector<std::unique_ptr<SteppedShares>> turns_;
};

// The hot path, here so that it is inlined into the loop that calls it: several calls for every query.

// `now` and `ns` more, to the nearest nanosecond, never before now.
inline SimTime GpuShares::after(SimTime now, double ns) {
  constexpr double kFar = 9.2e18;  // the largest double well below 2^63; anything later is beyond every horizon
  if (static_cast<double>(now.time_since_epoch().count()) + ns >= kFar) return kNever - Duration{1};
  return now + Duration{static_cast<std::int64_t>(std::max(ns, 0.0) + 0.5)};
}

// Brings the work of all active batches up to now.
[[gnu::always_inline]] inline void GpuShares::advance(Share& share, GpuId gpu, SimTime now) {
  if (share.active > 0) {
    const auto elapsed = static_cast<double>((now - share.updated).count());
    if (share.curve != nullptr) {
      share.virtual_ns += elapsed / share.curve->slowdown(share.active);
    } else {
      age(share, gpu, elapsed);
    }
  }
  share.updated = now;
}

// Works out when the next batch is done.
[[gnu::always_inline]] inline void GpuShares::schedule(Share& share, GpuId gpu, SimTime now) {
  if (share.active == 0) {
    share.virtual_ns = 0;  // keeps the precision of virtual time
    tree_.update(gpu, kNever);
  } else if (share.curve != nullptr) {
    const double left = tags(gpu)[share.active - 1].finish - share.virtual_ns;
    tree_.update(gpu, after(now, left * share.curve->slowdown(share.active)));
  } else {
    tree_.update(gpu, next_rated(share, gpu, now));
  }
}

inline void GpuShares::insert(Share& share, GpuId gpu, Tag tag) {
  Tag* const t = tags(gpu);
  std::uint32_t i = share.active++;
  if (share.curve != nullptr) {  // equal finishes keep their order: the earlier one stays nearer the end
    for (; i > 0 && t[i - 1].finish <= tag.finish; --i) t[i] = t[i - 1];
  }
  t[i] = tag;
}

[[gnu::always_inline]] inline void GpuShares::add(GpuId gpu, QueryId batch, ReplicaId replica, double work_ns,
                                                  SimTime now) {
  Share& share = shares_[gpu];
  if (share.turns != kNone) [[unlikely]]
    return add_turn(share, gpu, batch, replica, work_ns, now);
  if (share.active == stride_) make_room();
  if (share.active == 0) share.busy_since = now;
  advance(share, gpu, now);
  insert(share, gpu, {share.virtual_ns + work_ns, batch, replica});
  schedule(share, gpu, now);
}

inline void GpuShares::erase(Share& share, GpuId gpu, std::uint32_t index, SimTime now) {
  Tag* const t = tags(gpu);
  for (std::uint32_t i = index + 1; i < share.active; ++i) t[i - 1] = t[i];
  if (--share.active == 0) share.busy += now - share.busy_since;
  schedule(share, gpu, now);
}

[[gnu::always_inline]] inline QueryId GpuShares::finish(GpuId gpu, SimTime now) {
  Share& share = shares_[gpu];
  SIM_CHECK(share.active > 0, "GPU " + std::to_string(gpu) + " finished a batch it never began");
  if (share.turns != kNone) [[unlikely]]
    return finish_turn(share, gpu, now);
  // By the clock, not set to the finished batch's end: what rounding `now` gave or took would be lost for the others.
  if (share.active > 1) advance(share, gpu, now);
  share.updated = now;
  const std::uint32_t index = share.curve != nullptr ? share.active - 1 : rated_[share.rated].next;
  const QueryId batch = tags(gpu)[index].batch;
  erase(share, gpu, index, now);
  return batch;
}

}  // namespace windtunnel
