// A GPU whose rates change between two changes of its work: turns one by one, windows of a cap.
#pragma once

#include <optional>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// Owns the work of one GPU and knows when the next batch is done; what happens in between is no event.
class SteppedShares {
 public:
  virtual ~SteppedShares() = default;
  /// @param work_ns  nanoseconds it would take alone, >= 0
  virtual void add(QueryId batch, ReplicaId replica, double work_ns, SimTime now) = 0;
  /// Takes off the batch whose time next() is.
  virtual QueryId finish(SimTime now) = 0;
  /// Takes a batch off before its time. @return the work it had left, in ns; nothing if it is not there
  virtual std::optional<double> remove(QueryId batch, SimTime now) = 0;
  [[nodiscard]] virtual SimTime next() const = 0;
  /// Time spent on switches, up to now.
  [[nodiscard]] virtual Duration switching(SimTime now) = 0;
};

}  // namespace windtunnel
