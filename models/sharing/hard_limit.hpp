// hard_limit: time-slicing, or MPS, with a memory limit per container, kept by intercepting the driver's calls.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/sharing/sharing_mode.hpp"
#include "models/sharing/time_slicing.hpp"

namespace windtunnel {

/// A library preloaded between runtime and driver refuses what would pass the container's limit, its context counted.
/// The sum of limits may exceed the device; then the driver's own refusal still happens. GPU work costs a little more,
/// and a duty-cycle cap may hold every container below `compute_share` of the time, by delaying launches in a control
/// loop that is off by up to `compute_error` for a process. cap_form fluid: the cap is one on its rate, right on
/// average over the loop's period, 0.1-1 s [A]. cap_form window: a process runs as the mode below lets it until it has
/// used its part of the window, then waits for the next: for tails of batches that are shorter than that.
class HardLimitMode final : public SharingMode {
 public:
  static constexpr std::string_view kName = "hard_limit";
  static constexpr std::string_view kDoc =
      "time-slicing or mps with a memory limit per replica by interception (context counted), at a small overhead";
  static std::vector<Param> params();

  explicit HardLimitMode(const SharingSpec& spec);
  /// Also under a compute share without error: it is the pool's, so min(share, 1/k) is the same for all.
  [[nodiscard]] bool equal_shares() const override { return below_ == nullptr && duty_error() == 0 && !cap_window(); }
  [[nodiscard]] double equal_rate(int k) const override;
  void rates(std::span<const Sharer> busy, std::span<double> out) const override;
  [[nodiscard]] MemoryVerdict admit(const MemoryRequest& request) const override;
  [[nodiscard]] std::optional<Bytes> default_limit(Bytes usable, int replicas) const override;
  [[nodiscard]] std::optional<Bytes> whole_limit(std::optional<Bytes> own_limit) const override { return own_limit; }
  /// The library answers memory queries with the limit as the total [S].
  [[nodiscard]] Bytes visible_memory(Bytes device, std::optional<Bytes> own_limit) const override {
    return own_limit && *own_limit < device ? *own_limit : device;
  }
  [[nodiscard]] double work_factor() const override { return 1 + overhead_; }
  [[nodiscard]] double duty_error() const override { return compute_share_ < 1 ? compute_error_ : 0; }
  [[nodiscard]] std::optional<CapWindow> cap_window() const override {
    if (!windows_ || compute_share_ >= 1) return std::nullopt;
    return CapWindow{.period = period_, .share = compute_share_, .side_by_side = below_ != nullptr};
  }
  [[nodiscard]] double largest_share(double own_cap) const override {
    return below_ ? below_->largest_share(own_cap) : 1.0;
  }
  [[nodiscard]] std::optional<Duration> fault_spread() const override {
    return below_ ? below_->fault_spread() : std::nullopt;
  }
  [[nodiscard]] int client_limit() const override { return below_ ? below_->client_limit() : 0; }
  [[nodiscard]] bool small_context() const override { return below_ != nullptr; }

 private:
  SliceCosts costs_;
  double overhead_;
  double compute_share_;
  double compute_error_;
  bool windows_;
  Duration period_;
  std::unique_ptr<SharingMode> below_;  // mps; null over time-slicing
  std::optional<Bytes> memory_limit_;
};

}  // namespace windtunnel
