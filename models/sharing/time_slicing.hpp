// time_slicing: contexts with work take turns on the whole GPU; nothing limits memory but the device.
#pragma once

#include <vector>

#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

/// What the turns leave of the GPU when two or more are busy: tau / (tau + c) * eta.
struct SliceCosts {
  static std::vector<Param> params();
  explicit SliceCosts(const ParamSet& params);

  double slice_s, switch_s;
  double efficiency;         ///< eta
  double shared_efficiency;  ///< tau / (tau + c) * eta
};

/// Fluid form: each of n busy replicas runs at 1 if n = 1, else at its part of the turns, w_i tau / sum(w_j tau + c),
/// times eta; 1/n * tau / (tau + c) * eta where all weights are 1. Work-conserving: a context without work is skipped.
/// Exact enough where a batch holds the GPU for ten slices and more.
/// Quantum form: the engine runs the turns themselves, for short batches and for tails; the rates here are then what
/// the turns come to in the long run.
class TimeSlicingMode final : public SharingMode {
 public:
  static constexpr std::string_view kName = "time_slicing";
  static constexpr std::string_view kDoc =
      "busy replicas take turns on the whole GPU; no memory limit: who allocates last fails first";
  static std::vector<Param> params();

  explicit TimeSlicingMode(const SharingSpec& spec);
  [[nodiscard]] bool equal_shares() const override { return !quantum_; }
  [[nodiscard]] double equal_rate(int k) const override;
  void rates(std::span<const Sharer> busy, std::span<double> out) const override;
  [[nodiscard]] MemoryVerdict admit(const MemoryRequest& request) const override;
  [[nodiscard]] std::optional<Bytes> default_limit(Bytes, int) const override { return std::nullopt; }
  [[nodiscard]] bool has_weights() const override { return true; }
  [[nodiscard]] std::optional<SliceRules> slices() const override;

 private:
  SliceCosts costs_;
  bool quantum_;
};

}  // namespace windtunnel
