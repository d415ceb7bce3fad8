// How replicas share one GPU: pure functions from state to rates and to verdicts. The engine owns work and time.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "sim/cluster/spec.hpp"
#include "sim/core/param.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// One replica with work on the GPU.
struct Sharer {
  double cap = 1;          ///< largest share of the SMs it may use
  double sm_activity = 1;  ///< share it can fill
  double duty = 1;         ///< what the control loop of a duty-cycle cap makes of it: a factor near 1
};

/// Memory of one device as the ledger has it when a replica asks for `asked` more.
struct MemoryRequest {
  Bytes asked{};
  Bytes own_used{};     ///< by this replica, context included
  Bytes own_context{};  ///< this replica's context, held or being asked for
  std::optional<Bytes> own_limit;
  Bytes device_used{};  ///< by all, the driver's reserve included
  Bytes device_size{};
};

enum class MemoryVerdict { granted, device_full, own_limit };

class SharingMode {
 public:
  virtual ~SharingMode() = default;

  /// True if k busy replicas always run at equal rates that depend on k alone: virtual time applies.
  [[nodiscard]] virtual bool equal_shares() const = 0;
  /// Rate of each of k >= 1 busy replicas, 1 = alone on the whole GPU. Only where equal_shares().
  [[nodiscard]] virtual double equal_rate(int k) const = 0;
  /// Rates of the busy replicas, in their order; always usable.
  virtual void rates(std::span<const Sharer> busy, std::span<double> out) const = 0;

  /// May this allocation happen? The device check is part of every mode: law 5.
  [[nodiscard]] virtual MemoryVerdict admit(const MemoryRequest& request) const = 0;
  /// Own limit a replica gets when its model names none. @param usable device memory less the driver's reserve
  [[nodiscard]] virtual std::optional<Bytes> default_limit(Bytes usable, int replicas) const = 0;
  /// Factor on GPU work that the mode itself costs (interception).
  [[nodiscard]] virtual double work_factor() const { return 1; }
  /// How far a duty-cycle cap is off for one process: a factor on it in [1 - error, 1 + error]. 0 where there is no
  /// cap.
  [[nodiscard]] virtual double duty_error() const { return 0; }
  /// Share of the SMs at which the work of a batch is counted: what a replica alone has, where nothing divides it on.
  [[nodiscard]] virtual double solo_share() const { return 1; }
  /// Contexts the device takes; 0 for no limit of its own.
  [[nodiscard]] virtual int client_limit() const { return 0; }
  [[nodiscard]] virtual bool small_context() const { return false; }  ///< MPS clients share part of theirs
};

using SharingFactory = std::unique_ptr<SharingMode> (*)(const SharingSpec&);
using SharingEntry = RegistryEntry<SharingFactory>;

/// Every sharing mode there is. One row each in registry.cpp.
std::span<const SharingEntry> sharing_registry();

}  // namespace windtunnel
