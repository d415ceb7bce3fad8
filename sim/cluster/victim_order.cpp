#include "sim/cluster/victim_order.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

namespace windtunnel {
namespace {

// Of nanoseconds; an age of 0 counts as 1 ns.
int age_bucket(Duration age) {
  const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(1, age.count()));
  return std::bit_width(ns) - 1;
}

}  // namespace

bool is_deleted_before(const PodStanding& a, const PodStanding& b) {
  if (a.assigned != b.assigned) return !a.assigned;
  if (a.phase != b.phase) return a.phase < b.phase;
  if (a.ready != b.ready) return !a.ready;
  if (a.deletion_cost != b.deletion_cost) return a.deletion_cost < b.deletion_cost;
  if (a.rank != b.rank) return a.rank > b.rank;
  if (a.ready && b.ready && a.ready_age != b.ready_age) {
    const int left = age_bucket(a.ready_age), right = age_bucket(b.ready_age);
    return left != right ? left < right : a.uid < b.uid;
  }
  if (a.restarts != b.restarts) return a.restarts > b.restarts;
  const int left = age_bucket(a.age), right = age_bucket(b.age);
  return left != right ? left < right : a.uid < b.uid;
}

std::vector<std::size_t> victim_order(std::span<const PodStanding> pods) {
  std::vector<std::size_t> order(pods.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return is_deleted_before(pods[a], pods[b]); });
  return order;
}

}  // namespace windtunnel
