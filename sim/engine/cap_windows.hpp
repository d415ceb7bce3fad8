// A duty-cycle cap kept by windows: a process runs until it has used its part of the window, then waits for the next.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sim/engine/stepped_shares.hpp"

namespace windtunnel {

struct WindowRules {
  Duration period{};  ///< > 0; windows begin at multiples of it
  /// Speeds of the batches of processes that may run just now; 1 is alone on the whole GPU.
  std::function<void(std::span<const ReplicaId> replicas, std::span<double> speeds)> rates;
  std::function<double(ReplicaId)> budget_ns;  ///< GPU time that a process may use in one window, > 0
  bool side_by_side = false;  ///< those that run all use the whole time (MPS); else each its part of the turns
};

/// Within a window speeds change only when a process has used up its budget, and from one full window to the next, as
/// long as nobody comes or goes, everybody does the same: so one window is run through and the others are passed over
/// at once. Only completions are events.
class CapWindows final : public SteppedShares {
 public:
  explicit CapWindows(WindowRules rules) : rules_(std::move(rules)) {}

  void add(QueryId batch, ReplicaId replica, double work_ns, SimTime now) override;
  QueryId finish(SimTime now) override;
  std::optional<double> remove(QueryId batch, SimTime now) override;
  [[nodiscard]] SimTime next() const override { return next_at_; }
  [[nodiscard]] Duration switching(SimTime) override { return {}; }

 private:
  struct Batch {
    double left_ns = 0;
    QueryId id = kNone;
    ReplicaId replica = kNone;
  };
  struct Process {
    ReplicaId replica = kNone;
    double whole_ns = 0, left_ns = 0;  // of its budget: in a window, and in this one still
    std::uint32_t batches = 0;
  };
  struct State {
    std::vector<Batch> batches;
    std::vector<Process> processes;
    SimTime window{};      // beginning of the present one
    double offset_ns = 0;  // since then
  };

  Process& process_of(State& state, ReplicaId replica) const;
  void next_window(State& state, std::int64_t windows) const;
  std::optional<std::size_t> run(State& state, double until_ns, bool to_completion) const;
  void advance(SimTime now);
  void take_off(std::size_t index);
  void schedule(SimTime now);

  WindowRules rules_;
  State state_;
  SimTime next_at_ = kNever;
  QueryId next_ = kNone;
};

}  // namespace windtunnel
