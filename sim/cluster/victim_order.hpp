// Which pods a ReplicaSet deletes first when it scales in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// In the order in which pods are deleted.
enum class ReplicaPhase : std::uint8_t { pending, unknown, running };

/// What the ReplicaSet controller knows of a pod. It knows nothing of load.
struct PodStanding {
  std::string uid;        ///< compared as text
  bool assigned = false;  ///< to a node
  ReplicaPhase phase = ReplicaPhase::pending;
  bool ready = false;
  int deletion_cost = 0;   ///< controller.kubernetes.io/pod-deletion-cost
  std::uint32_t rank = 0;  ///< active pods of the same owner on its node
  Duration ready_age{};    ///< since it became ready
  std::uint32_t restarts = 0;
  Duration age{};  ///< since it was created
};

/// Whether `a` is deleted before `b`: the first of eight keys in which they differ decides (Kubernetes,
/// pkg/controller/controller_utils.go, ActivePodsWithRanks). Ages are compared by floor(log2 of nanoseconds), so that
/// those between 549.8 s and 1099.5 s are equal; then by uid.
bool is_deleted_before(const PodStanding& a, const PodStanding& b);

/// Indices into `pods`, first deleted first.
std::vector<std::size_t> victim_order(std::span<const PodStanding> pods);

}  // namespace windtunnel
