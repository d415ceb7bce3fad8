// Turns on one GPU: round robin over the processes with work, in slices of whole nanoseconds.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sim/engine/stepped_shares.hpp"

namespace windtunnel {

struct TurnRules {
  Duration switch_cost{};   ///< before each slice that runs another process than the slice just ended
  double shared_speed = 1;  ///< work done in a second of slice while two or more processes have work; 1 alone
  std::function<Duration(ReplicaId)> slice;                             ///< length of one turn, > 0
  std::function<double(ReplicaId, std::uint32_t batches)> batch_speed;  ///< of each of its batches in its own slice
};

/// The slice by slice form of time-slicing, without an event for a slice: between two changes of the ring every turn is
/// known beforehand, so whole rounds are passed over at once and only completions are events. Nanoseconds are counted
/// in integers, hence passing over a round gives the same bits as running through it (tests/engine/turns_test.cpp).
///
/// - Who gets work while it has none joins the tail; who runs out of work leaves, and its turn ends. Several batches of
///   one process share its slices.
/// - Work handed over at the very instant a slice ends joins before the process whose slice ended (law 8: arrivals come
///   before slice expiries), because a slice that ends now is ended only when time goes on.
/// - No switch while a process is alone, nor for the first one on an idle GPU; work that comes at the very instant
///   another process ran out counts as present then, and pays.
class Turns final : public SteppedShares {
 public:
  explicit Turns(TurnRules rules) : rules_(std::move(rules)) {}

  void add(QueryId batch, ReplicaId replica, double work_ns, SimTime now) override;
  QueryId finish(SimTime now) override;
  std::optional<double> remove(QueryId batch, SimTime now) override;
  [[nodiscard]] SimTime next() const override { return next_at_; }
  [[nodiscard]] std::uint32_t active() const { return static_cast<std::uint32_t>(batches_.size()); }
  [[nodiscard]] Duration switching(SimTime now) override;

 private:
  struct Batch {
    double left_ns = 0;  // work at its process' last settling
    QueryId id = kNone;
    ReplicaId replica = kNone;
  };
  struct Process {
    ReplicaId replica = kNone;
    QueryId next = kNone;  // its batch that is done first
    Duration slice{};
    Duration need{}, given{};  // GPU time from the last settling to that batch's end; and had since
    double speed = 1;          // of each of its batches
  };

  [[nodiscard]] std::size_t index_of(ReplicaId replica) const;
  [[nodiscard]] Duration round() const;
  void enter(ReplicaId replica, SimTime now);
  void leave(std::size_t index, SimTime now);
  void begin_turn(SimTime at);
  void end_turn();
  void advance(SimTime now);
  void credit(SimTime now);
  void settle(Process& process);
  void plan(Process& process);
  void replan_all();
  void schedule();

  TurnRules rules_;
  std::vector<Batch> batches_;
  std::vector<Process> ring_;
  std::size_t front_ = 0;     // whose turn it is; the tail is the one before it
  SimTime from_{}, until_{};  // the front has what came before `from_` to its credit, and the GPU until `until_`
  ReplicaId last_ = kNone;    // whose slice ended last
  SimTime idle_since_ = kNever;
  Duration switched_{};  // all switches begun, the one on its way in full
  SimTime next_at_ = kNever;
  ReplicaId next_ = kNone;
};

}  // namespace windtunnel
