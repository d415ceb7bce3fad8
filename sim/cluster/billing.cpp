#include "sim/cluster/billing.hpp"

#include <algorithm>

#include "sim/core/error.hpp"

namespace windtunnel {

Duration billed_time(SimTime ordered, SimTime removed, Duration minimum) {
  SIM_CHECK(removed >= ordered, "a node was removed before it was ordered");
  return std::max(removed - ordered, minimum);
}

double time_cost_usd(Duration billed, double price_usd_per_hour) {
  return to_seconds(billed) / 3600 * price_usd_per_hour;
}

NodeMeter::NodeMeter(double price_usd_per_hour, Duration minimum_billing, std::size_t models)
    : price_usd_per_hour_(price_usd_per_hour), minimum_(minimum_billing), accounts_(models) {}

void NodeMeter::on(SimTime t) {
  SIM_CHECK(!on_, "a node was ordered twice");
  SIM_CHECK(t >= settled_, "a node's bill ran back in time");
  on_ = true;
  ordered_ = settled_ = t;
}

void NodeMeter::off(SimTime t) {
  SIM_CHECK(on_ && replicas_ == 0, "a node was removed that was not there, or with replicas on it");
  settle(t);
  const Duration beyond_life = billed_time(ordered_, t, minimum_) - (t - ordered_);
  billed_ += beyond_life;
  unattributed_ += beyond_life;
  on_ = false;
}

void NodeMeter::add_replica(SimTime t, ModelId model) {
  SIM_CHECK(on_ && model < accounts_.size(), "a replica was placed on a node that is not there, or of no model");
  settle(t);
  ++accounts_[model].replicas;
  ++replicas_;
}

void NodeMeter::remove_replica(SimTime t, ModelId model) {
  SIM_CHECK(model < accounts_.size() && accounts_[model].replicas > 0, "a replica left a node it was never on");
  settle(t);
  --accounts_[model].replicas;
  --replicas_;
}

Duration NodeMeter::since_settled(SimTime t) const {
  SIM_CHECK(t >= settled_, "a node's bill ran back in time");
  return on_ ? t - settled_ : Duration{};
}

void NodeMeter::settle(SimTime t) {
  const Duration span = since_settled(t);
  settled_ = t;
  if (span == Duration{}) return;
  billed_ += span;
  if (replicas_ == 0) unattributed_ += span;
  for (auto& account : accounts_)
    if (account.replicas > 0) account.node_ns += static_cast<double>(span.count()) * account.replicas / replicas_;
}

NodeBill NodeMeter::bill(SimTime t) const {
  NodeMeter settled_copy = *this;
  settled_copy.settle(t);
  NodeBill bill{.billed = settled_copy.billed_,
                .total_usd = time_cost_usd(settled_copy.billed_, price_usd_per_hour_),
                .unattributed_usd = time_cost_usd(settled_copy.unattributed_, price_usd_per_hour_),
                .by_model_usd = {}};
  for (const auto& account : settled_copy.accounts_)
    bill.by_model_usd.push_back(account.node_ns * 1e-9 / 3600 * price_usd_per_hour_);
  return bill;
}

}  // namespace windtunnel
