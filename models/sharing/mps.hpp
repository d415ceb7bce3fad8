// mps: kernels of all clients run at once, each client under a cap on SMs and a pinned-memory limit.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

/// Client j can use kappa_j = min(cap, sm_activity) of the SMs. Shares x_j come from water-filling; relative to running
/// alone on the whole GPU it runs at x_j / sm_activity_j / sigma, with the contention factor sigma when two or more are
/// busy (L2, DRAM bandwidth, power: what a cap on SMs does not separate). The daemon's cap is the pool's
/// `active_threads`; a client's own can only tighten it. A replica whose model has a law or a table runs at
/// t(b, 1) / t(b, x_j) / sigma_j with x_j by granted_shares(): see models/latency. Under static partitioning the caps,
/// which then fit the card together, are reservations: nobody's share depends on who else is busy. A fatal fault of one
/// client reaches all of the device; until the last has exited the server takes no new one.
class MpsMode final : public SharingMode {
 public:
  static constexpr std::string_view kName = "mps";
  static constexpr std::string_view kDoc =
      "kernels of all replicas run at once, each under a cap on SMs and a pinned-memory limit (context not counted)";
  static std::vector<Param> params();

  explicit MpsMode(const SharingSpec& spec);
  [[nodiscard]] bool equal_shares() const override { return false; }
  [[nodiscard]] double equal_rate(int k) const override;
  void rates(std::span<const Sharer> busy, std::span<double> out) const override;
  [[nodiscard]] MemoryVerdict admit(const MemoryRequest& request) const override;
  [[nodiscard]] std::optional<Bytes> default_limit(Bytes usable, int replicas) const override;
  [[nodiscard]] double largest_share(double own_cap) const override { return std::min({cap_, own_cap, share_}); }
  [[nodiscard]] std::optional<Bytes> whole_limit(std::optional<Bytes>) const override { return dmem_max_; }
  [[nodiscard]] std::optional<Bytes> soft_limit() const override { return dmem_min_; }
  [[nodiscard]] int client_limit() const override { return clients_; }
  [[nodiscard]] bool small_context() const override { return true; }
  [[nodiscard]] std::optional<Duration> fault_spread() const override { return fault_exit_; }

 private:
  /// Where some replica has a law, a table or contention figures, or the pool a part of the card.
  void rates_by_law(std::span<const Sharer> busy, std::span<double> out) const;

  double cap_;
  double share_;
  double contention_;
  int clients_;
  bool limit_memory_;
  bool static_partition_;
  Duration fault_exit_;
  std::optional<Bytes> memory_limit_;
  std::optional<Bytes> dmem_max_, dmem_min_;
};

}  // namespace windtunnel
