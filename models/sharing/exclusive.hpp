// exclusive: one replica has the GPU to itself.
#pragma once

#include <vector>

#include "models/sharing/compute_share.hpp"
#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

class ExclusiveMode final : public SharingMode {
 public:
  static constexpr std::string_view kName = "exclusive";
  static constexpr std::string_view kDoc = "one replica has the GPU to itself";
  static std::vector<Param> params() { return {compute_share_param()}; }

  explicit ExclusiveMode(const SharingSpec& spec) : share_(compute_share(spec.params)) {}
  [[nodiscard]] double solo_share() const override { return share_; }
  [[nodiscard]] bool equal_shares() const override { return true; }
  /// 1 for the one replica there is; an equal split without loss if a caller puts more on the device.
  [[nodiscard]] double equal_rate(int k) const override { return 1.0 / k; }
  void rates(std::span<const Sharer> busy, std::span<double> out) const override;
  [[nodiscard]] MemoryVerdict admit(const MemoryRequest& request) const override;
  [[nodiscard]] std::optional<Bytes> default_limit(Bytes, int) const override { return std::nullopt; }

 private:
  double share_;
};

}  // namespace windtunnel
