// Transfers that share one bandwidth: image pulls of a node, replicas that load from one store.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/time.hpp"

namespace windtunnel {

/// Max-min fair: each transfer has at most its own cap, and what one cannot use the others get. A transfer whose rate
/// stays the same keeps its end to the nanosecond, whoever comes and goes.
class SharedBandwidth {
 public:
  /// @param total  bytes per second of all together; 0: not limited, each runs at its cap
  explicit SharedBandwidth(double total_bytes_per_s = 0) : total_(total_bytes_per_s) {}

  /// @param bytes, cap_bytes_per_s  above 0
  void start(std::uint32_t id, double bytes, double cap_bytes_per_s, SimTime now);
  /// Ends it before its time, if it is there.
  void stop(std::uint32_t id, SimTime now);
  [[nodiscard]] bool has(std::uint32_t id) const;
  /// Takes off the one of lowest id that is done by now.
  std::optional<std::uint32_t> take_done(SimTime now);
  /// When the next one is done; kNever without any.
  [[nodiscard]] SimTime next() const;

 private:
  struct Transfer {
    std::uint32_t id;
    double left;  // bytes at `since`
    double cap, rate;
    SimTime since, done;
  };
  void share(SimTime now);

  double total_;
  std::vector<Transfer> transfers_;  // by id
};

}  // namespace windtunnel
