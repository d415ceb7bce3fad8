#include "sim/engine/gpu_shares.hpp"

#include <algorithm>
#include <limits>

namespace windtunnel {

GpuShares::GpuShares(std::size_t gpus, MinTree::Form form) : tree_(gpus, form), shares_(gpus), tags_(gpus * stride_) {}

void GpuShares::set_equal(GpuId gpu, const ShareCurve* curve) {
  SIM_CHECK(shares_[gpu].active == 0, "sharing of GPU " + std::to_string(gpu) + " changed while it was busy");
  shares_[gpu].curve = curve;
  shares_[gpu].turns = kNone;
}

void GpuShares::set_rated(GpuId gpu, RateFunction rates) {
  SIM_CHECK(shares_[gpu].active == 0, "sharing of GPU " + std::to_string(gpu) + " changed while it was busy");
  shares_[gpu].curve = nullptr;
  shares_[gpu].turns = kNone;
  shares_[gpu].rated = static_cast<std::uint32_t>(rated_.size());
  rated_.push_back({std::move(rates), {}, {}, 0});
}

void GpuShares::set_stepped(GpuId gpu, std::unique_ptr<SteppedShares> stepped) {
  SIM_CHECK(shares_[gpu].active == 0, "sharing of GPU " + std::to_string(gpu) + " changed while it was busy");
  shares_[gpu].curve = nullptr;
  shares_[gpu].turns = static_cast<std::uint32_t>(turns_.size());
  turns_.push_back(std::move(stepped));
}

void GpuShares::set_turns(GpuId gpu, TurnRules rules) {
  set_stepped(gpu, std::make_unique<Turns>(std::move(rules)));
}

void GpuShares::set_windows(GpuId gpu, WindowRules rules) {
  set_stepped(gpu, std::make_unique<CapWindows>(std::move(rules)));
}

void GpuShares::add_turn(Share& share, GpuId gpu, QueryId batch, ReplicaId replica, double work_ns, SimTime now) {
  SteppedShares& turns = *turns_[share.turns];
  if (share.active++ == 0) share.busy_since = now;
  turns.add(batch, replica, work_ns, now);
  tree_.update(gpu, turns.next());
}

void GpuShares::take_off_turn(Share& share, GpuId gpu, SimTime now) {
  if (--share.active == 0) share.busy += now - share.busy_since;
  tree_.update(gpu, turns_[share.turns]->next());
}

QueryId GpuShares::finish_turn(Share& share, GpuId gpu, SimTime now) {
  const QueryId batch = turns_[share.turns]->finish(now);
  take_off_turn(share, gpu, now);
  return batch;
}

void GpuShares::make_room() {
  std::vector<Tag> bigger(shares_.size() * stride_ * 2);
  for (std::size_t g = 0; g < shares_.size(); ++g)
    if (shares_[g].turns == kNone)  // those hold their batches themselves
      std::copy_n(tags_.data() + g * stride_, shares_[g].active, bigger.data() + g * stride_ * 2);
  tags_.swap(bigger);
  stride_ *= 2;
}

// Re-ageing: asks for everybody's rate and finds who is done first.
SimTime GpuShares::next_rated(Share& share, GpuId gpu, SimTime now) {
  const Tag* const t = tags(gpu);
  Rated& rated = rated_[share.rated];
  rated.replicas.resize(share.active);
  rated.rates.resize(share.active);
  for (std::uint32_t i = 0; i < share.active; ++i) rated.replicas[i] = t[i].replica;
  rated.function(rated.replicas, rated.rates);
  double soonest = std::numeric_limits<double>::infinity();
  for (std::uint32_t i = 0; i < share.active; ++i) {
    const double due = t[i].finish / rated.rates[i];
    if (due < soonest) {
      soonest = due;
      rated.next = i;
    }
  }
  return after(now, soonest);
}

void GpuShares::age(const Share& share, GpuId gpu, double elapsed_ns) {
  const Rated& rated = rated_[share.rated];
  Tag* const t = tags(gpu);
  for (std::uint32_t i = 0; i < share.active; ++i)
    t[i].finish = std::max(0.0, t[i].finish - elapsed_ns * rated.rates[i]);
}

std::optional<double> GpuShares::remove(GpuId gpu, QueryId batch, SimTime now) {
  Share& share = shares_[gpu];
  if (share.turns != kNone) {
    const auto left = turns_[share.turns]->remove(batch, now);
    if (left) take_off_turn(share, gpu, now);
    return left;
  }
  for (std::uint32_t i = 0; i < share.active; ++i) {
    if (tags(gpu)[i].batch != batch) continue;
    advance(share, gpu, now);
    const double left = std::max(0.0, tags(gpu)[i].finish - share.virtual_ns);
    erase(share, gpu, i, now);
    return left;
  }
  return std::nullopt;
}

}  // namespace windtunnel
