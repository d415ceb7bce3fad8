// What a node costs, and whose cost it is.
//
// A node is billed from its order to its removal, start-up included, for a minimum time each life. Attribution: in
// every interval the node's price is split equally among the replicas placed on it, whatever their state or size. Time
// with no replica on it, and what the minimum adds, belongs to no model. Models and unattributed sum to the total.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// Time billed for one life of a node: removed - ordered, but at least `minimum`.
Duration billed_time(SimTime ordered, SimTime removed, Duration minimum);

/// USD for that time at that price.
double time_cost_usd(Duration billed, double price_usd_per_hour);

/// The bill of one node up to an instant. Bills of one node at two instants may be subtracted, field by field.
struct NodeBill {
  Duration billed{};  ///< all lives, minimum included
  double total_usd = 0;
  double unattributed_usd = 0;       ///< no replica on it, or billed beyond its life
  std::vector<double> by_model_usd;  ///< by model id
};

/// Follows one node through its lives. Calls come in time order; a misuse is a broken invariant (InternalError).
class NodeMeter {
 public:
  NodeMeter(double price_usd_per_hour, Duration minimum_billing, std::size_t models);

  void on(SimTime t);   ///< ordered: billing starts
  void off(SimTime t);  ///< removed: every replica has left before
  void add_replica(SimTime t, ModelId model);
  void remove_replica(SimTime t, ModelId model);

  /// The bill at `t`, not before the last call. A node still on is billed for its time so far: the minimum comes in
  /// when it is removed.
  [[nodiscard]] NodeBill bill(SimTime t) const;

 private:
  struct Account {
    std::uint32_t replicas = 0;  // of this model on the node now
    double node_ns = 0;          // its part of the node's time, settled
  };
  [[nodiscard]] Duration since_settled(SimTime t) const;
  void settle(SimTime t);

  double price_usd_per_hour_;
  Duration minimum_;
  std::vector<Account> accounts_;  // by model id
  std::uint32_t replicas_ = 0;
  bool on_ = false;
  SimTime ordered_{};
  SimTime settled_{};
  Duration billed_{};  // settled, all lives; exact
  Duration unattributed_{};
};

}  // namespace windtunnel
