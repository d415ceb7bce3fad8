// How replicas share one GPU: pure functions from state to rates and to verdicts. The engine owns work and time.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "models/latency/batch_time.hpp"
#include "models/latency/contention.hpp"
#include "sim/cluster/spec.hpp"
#include "sim/core/param.hpp"
#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// One replica with work on the GPU.
struct Sharer {
  double cap = 1;          ///< largest share of the SMs it may use
  double sm_activity = 1;  ///< share it can fill; where `time` is given that says so instead
  double duty = 1;         ///< what the control loop of a duty-cycle cap makes of it: a factor near 1
  double weight = 1;       ///< length of its turns over those of a replica of weight 1, where there are turns

  // Known of models with a law, a table or contention figures of their own; null otherwise.
  const BatchTime* time = nullptr;
  const Contention* contention = nullptr;
  double items = 1;       ///< of its running batch
  double solo_s = 1;      ///< its time alone on the whole GPU; any where neither `time` nor `contention` is known
  double host_s = 0;      ///< the host's part of solo_s, and of whatever `time` says: it is over before work comes here
  double card_share = 1;  ///< which part of the card this GPU is, for `time`: below 1 for a MIG instance
};

/// Turns that the engine is to run one by one.
struct SliceRules {
  Duration slice{};         ///< of a replica of weight 1
  Duration switch_cost{};   ///< before each slice that runs another replica than the slice just ended
  double shared_speed = 1;  ///< work done in a second of slice while two or more replicas have work
};

/// A cap on time that is kept by windows: a burst until its part of the window is used, then a wait.
struct CapWindow {
  Duration period{};
  double share = 1;           ///< of the window, before what the control loop makes of it
  bool side_by_side = false;  ///< those that run all use the whole time
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

/// requester_evicted: no mode says so, the engine does, where making room cost the one who asked its own life.
enum class MemoryVerdict { granted, device_full, own_limit, requester_evicted };

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
  /// The limit a replica's context counts against, which is then the most it can ever hold; none where only the device
  /// or a limit without the context binds. @param own_limit  as the replica has it
  [[nodiscard]] virtual std::optional<Bytes> whole_limit(std::optional<Bytes> /*own_limit*/) const {
    return std::nullopt;
  }
  /// Above this a replica is an eviction candidate when the device is full (dmem's soft limit).
  [[nodiscard]] virtual std::optional<Bytes> soft_limit() const { return std::nullopt; }
  /// The device's memory as a process is told: sizing code that goes by a share of it is misled where that is more than
  /// it may have.
  [[nodiscard]] virtual Bytes visible_memory(Bytes device, std::optional<Bytes> /*own_limit*/) const { return device; }
  /// Factor on GPU work that the mode itself costs (interception).
  [[nodiscard]] virtual double work_factor() const { return 1; }
  /// How far a duty-cycle cap is off for one process: a factor on it in [1 - error, 1 + error]. 0 where there is no
  /// cap.
  [[nodiscard]] virtual double duty_error() const { return 0; }
  /// Share of the SMs at which the work of a batch is counted: what a replica alone has, where nothing divides it on.
  [[nodiscard]] virtual double solo_share() const { return 1; }
  /// Largest share of the SMs that a replica with that cap of its own can have.
  [[nodiscard]] virtual double largest_share(double /*own_cap*/) const { return solo_share(); }
  /// Contexts the device takes; 0 for no limit of its own.
  [[nodiscard]] virtual int client_limit() const { return 0; }
  [[nodiscard]] virtual bool small_context() const { return false; }  ///< MPS clients share part of theirs
  /// Whether a replica's weight counts; equal_shares() is then said of equal weights.
  [[nodiscard]] virtual bool has_weights() const { return false; }
  /// Turns to be run one by one; nothing where rates() say it all.
  [[nodiscard]] virtual std::optional<SliceRules> slices() const { return std::nullopt; }
  /// A cap kept by windows, which rates() then leaves out; nothing where they say it all.
  [[nodiscard]] virtual std::optional<CapWindow> cap_window() const { return std::nullopt; }
  /// How long after a fatal fault of one replica the device takes no new one, all that were there having died of it;
  /// nothing where a fault stays in its process.
  [[nodiscard]] virtual std::optional<Duration> fault_spread() const { return std::nullopt; }
};

using SharingFactory = std::unique_ptr<SharingMode> (*)(const SharingSpec&);
using SharingEntry = RegistryEntry<SharingFactory>;

/// Every sharing mode there is. One row each in registry.cpp.
std::span<const SharingEntry> sharing_registry();

}  // namespace windtunnel
