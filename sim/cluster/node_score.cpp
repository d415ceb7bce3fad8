#include "sim/cluster/node_score.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {
namespace {

// Percent, truncated. In 128 bits: a hundred times an exbibyte of memory is more than 64 hold.
std::int64_t percent_of(std::int64_t part, std::int64_t whole) {
  return static_cast<std::int64_t>(static_cast<__int128>(part) * 100 / whole);
}

std::int64_t free_percent(const NodeResource& r) {
  return r.requested > r.allocatable ? 0 : percent_of(r.allocatable - r.requested, r.allocatable);
}

std::int64_t taken_percent(const NodeResource& r) {
  return percent_of(std::min(r.requested, r.allocatable), r.allocatable);
}

template <class Score>
std::int64_t weighted_mean(std::span<const NodeResource> resources, Score score) {
  std::int64_t sum = 0, weights = 0;
  for (const NodeResource& r : resources) {
    if (r.allocatable <= 0) continue;
    sum += r.weight * score(r);
    weights += r.weight;
  }
  return weights > 0 ? sum / weights : 0;
}

constexpr std::int64_t kMostNodeScore = 100, kMostShapeScore = 10;

// Integer division truncates towards 0, as Go's does.
std::int64_t on_shape(std::span<const ScorePoint> shape, std::int64_t utilization) {
  constexpr std::int64_t kScale = kMostNodeScore / kMostShapeScore;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (utilization > shape[i].utilization) continue;
    if (i == 0) return shape[0].score * kScale;
    const ScorePoint &from = shape[i - 1], &to = shape[i];
    return from.score * kScale +
           (to.score - from.score) * kScale * (utilization - from.utilization) / (to.utilization - from.utilization);
  }
  return shape.back().score * kScale;
}

}  // namespace

std::int64_t score_least_allocated(std::span<const NodeResource> resources) {
  return weighted_mean(resources, free_percent);
}

std::int64_t score_most_allocated(std::span<const NodeResource> resources) {
  return weighted_mean(resources, taken_percent);
}

std::int64_t score_requested_to_capacity(std::span<const NodeResource> resources, std::span<const ScorePoint> shape) {
  std::int64_t sum = 0, weights = 0;
  for (const NodeResource& r : resources) {
    if (r.allocatable <= 0) continue;
    const std::int64_t utilization = r.requested > r.allocatable ? 100 : 100 - free_percent(r);
    const std::int64_t score = on_shape(shape, utilization);
    if (score <= 0) continue;
    sum += r.weight * score;
    weights += r.weight;
  }
  if (weights == 0) return 0;
  return std::llround(static_cast<double>(sum) / static_cast<double>(weights));
}

}  // namespace windtunnel
