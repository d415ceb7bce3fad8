// mig: the card is cut into instances with their own SMs, memory and copy engines; this is what goes on inside one.
#pragma once

#include <memory>
#include <vector>

#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

/// One instance, which the engine treats as a GPU of its own: its own ledger, its own rates, nothing of its neighbours.
/// One replica has it to itself; several share it by MPS. Rates are relative to the instance; `solo_share` says which
/// part of the card it is. Power and clocks, which the chip shares, are not modelled.
class MigMode final : public SharingMode {
 public:
  static constexpr std::string_view kName = "mig";
  static constexpr std::string_view kDoc =
      "the card is cut into isolated instances, one replica each, or several by MPS inside; on cards that have it";
  static std::vector<Param> params();

  /// @param spec  of one instance: its replicas, its compute share
  explicit MigMode(const SharingSpec& spec);
  [[nodiscard]] double solo_share() const override { return compute_share_; }
  [[nodiscard]] bool equal_shares() const override { return inside_->equal_shares(); }
  [[nodiscard]] double equal_rate(int k) const override { return inside_->equal_rate(k); }
  void rates(std::span<const Sharer> busy, std::span<double> out) const override { inside_->rates(busy, out); }
  [[nodiscard]] MemoryVerdict admit(const MemoryRequest& request) const override { return inside_->admit(request); }
  [[nodiscard]] std::optional<Bytes> default_limit(Bytes usable, int replicas) const override {
    return inside_->default_limit(usable, replicas);
  }
  [[nodiscard]] double largest_share(double own_cap) const override {
    return inside_->largest_share(own_cap) * compute_share_;
  }
  [[nodiscard]] std::optional<Bytes> whole_limit(std::optional<Bytes> own_limit) const override {
    return inside_->whole_limit(own_limit);
  }
  [[nodiscard]] std::optional<Bytes> soft_limit() const override { return inside_->soft_limit(); }
  [[nodiscard]] Bytes visible_memory(Bytes device, std::optional<Bytes> own_limit) const override {
    return inside_->visible_memory(device, own_limit);
  }
  /// Of the instance alone: a fault of an MPS client ends its server, and each instance has one of its own.
  [[nodiscard]] std::optional<Duration> fault_spread() const override { return inside_->fault_spread(); }
  [[nodiscard]] int client_limit() const override { return inside_->client_limit(); }
  [[nodiscard]] bool small_context() const override { return inside_->small_context(); }

 private:
  double compute_share_;
  std::unique_ptr<SharingMode> inside_;  // exclusive, or mps
};

/// How much longer GPU work takes on that share of the SMs than on the whole card, where no latency law says so: a
/// first approximation [A]. Work that fills `sm_activity` of the card's SMs is held only by a smaller share; work that
/// fills all takes 7/k times as long on k of 7 slices.
double slice_slowdown(double sm_activity, double compute_share);

}  // namespace windtunnel
