// Next completion of every GPU in an 8-ary tree of minima: one update and one look, whatever the number of GPUs.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// n entities with one pending time each. Compares and selects only, so the AVX2 and the scalar form give the same
/// bits; the form is chosen when the tree is made. Equal times go to the lowest entity (law 8).
class MinTree {
 public:
  enum class Form { automatic, scalar };

  explicit MinTree(std::size_t entities, Form form = Form::automatic);
  MinTree(const MinTree&) = delete;  // levels point into the storage
  MinTree& operator=(const MinTree&) = delete;

  [[nodiscard]] SimTime min() const { return SimTime{Duration{min_}}; }
  [[nodiscard]] SimTime operator[](std::size_t entity) const { return SimTime{Duration{levels_[0].data[entity]}}; }
  [[nodiscard]] std::size_t size() const { return entities_; }
  [[nodiscard]] bool vectorised() const { return vectorised_; }

  void update(std::size_t entity, SimTime at) {
    min_ = update_(levels_.data(), levels_.size(), entity, at.time_since_epoch().count(), min_);
  }
  /// The lowest entity whose time is min(). Some time must be pending.
  [[nodiscard]] std::uint32_t argmin() const { return argmin_(levels_.data(), levels_.size(), min_); }

  /// A level: blocks of eight, 64-byte aligned. Level 0 holds the entities, each next one the minima of its blocks.
  struct Level {
    std::int64_t* data = nullptr;
  };
  using UpdateFn = std::int64_t (*)(Level*, std::size_t levels, std::size_t entity, std::int64_t at, std::int64_t min);
  using ArgminFn = std::uint32_t (*)(const Level*, std::size_t levels, std::int64_t min);

 private:
  std::size_t entities_;
  bool vectorised_ = false;
  std::int64_t min_;
  UpdateFn update_;
  ArgminFn argmin_;
  std::vector<Level> levels_;
  std::vector<std::int64_t> storage_;
};

}  // namespace windtunnel
