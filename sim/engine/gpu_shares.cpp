#include "sim/engine/gpu_shares.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

SimTime after(SimTime now, double ns) {
  // The largest double below 2^63; anything later is beyond every horizon.
  constexpr double kFar = 9.2e18;
  const double due = static_cast<double>(now.time_since_epoch().count()) + ns;
  if (due >= kFar) return kNever - Duration{1};
  return now + Duration{static_cast<std::int64_t>(std::max(ns, 0.0) + 0.5)};
}

double span_ns(SimTime from, SimTime to) { return static_cast<double>((to - from).count()); }

}  // namespace

GpuShares::GpuShares(std::size_t gpus, MinTree::Form form)
    : tree_(gpus, form), shares_(gpus), tags_(gpus * stride_) {}

void GpuShares::set_equal(GpuId gpu, const ShareCurve* curve) {
  SIM_CHECK(shares_[gpu].active == 0, "sharing of GPU " + std::to_string(gpu) + " changed while it was busy");
  shares_[gpu].curve = curve;
}

void GpuShares::set_rated(GpuId gpu, RateFunction rates) {
  SIM_CHECK(shares_[gpu].active == 0, "sharing of GPU " + std::to_string(gpu) + " changed while it was busy");
  shares_[gpu].curve = nullptr;
  shares_[gpu].rated = static_cast<std::uint32_t>(rated_.size());
  rated_.push_back({std::move(rates), {}, {}, 0});
}

void GpuShares::make_room() {
  std::vector<Tag> bigger(shares_.size() * stride_ * 2);
  for (std::size_t g = 0; g < shares_.size(); ++g)
    std::copy_n(tags_.data() + g * stride_, shares_[g].active, bigger.data() + g * stride_ * 2);
  tags_.swap(bigger);
  stride_ *= 2;
}

// Brings the work of all active batches up to now.
inline void GpuShares::advance(Share& share, GpuId gpu, SimTime now) {
  if (share.active > 0) {
    const double elapsed = span_ns(share.updated, now);
    if (share.curve != nullptr) {
      share.virtual_ns += elapsed / share.curve->slowdown(share.active);
    } else {
      const Rated& rated = rated_[share.rated];
      Tag* const t = tags(gpu);
      for (std::uint32_t i = 0; i < share.active; ++i) t[i].finish = std::max(0.0, t[i].finish - elapsed * rated.rates[i]);
    }
  }
  share.updated = now;
}

// Works out when the next batch is done.
inline void GpuShares::schedule(Share& share, GpuId gpu, SimTime now) {
  if (share.active == 0) {
    share.virtual_ns = 0;   // keeps the precision of virtual time
    tree_.update(gpu, kNever);
    return;
  }
  const Tag* const t = tags(gpu);
  if (share.curve != nullptr) {
    const double left = t[share.active - 1].finish - share.virtual_ns;
    tree_.update(gpu, after(now, left * share.curve->slowdown(share.active)));
    return;
  }
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
  tree_.update(gpu, after(now, soonest));
}

inline void GpuShares::insert(Share& share, GpuId gpu, Tag tag) {
  Tag* const t = tags(gpu);
  std::uint32_t i = share.active++;
  if (share.curve != nullptr) {   // equal finishes keep their order: the earlier one stays nearer the end
    for (; i > 0 && t[i - 1].finish <= tag.finish; --i) t[i] = t[i - 1];
  }
  t[i] = tag;
}

void GpuShares::add(GpuId gpu, QueryId batch, ReplicaId replica, double work_ns, SimTime now) {
  Share& share = shares_[gpu];
  if (share.active == stride_) make_room();
  if (share.active == 0) share.busy_since = now;
  advance(share, gpu, now);
  insert(share, gpu, {share.virtual_ns + work_ns, batch, replica});
  schedule(share, gpu, now);
}

inline void GpuShares::erase(Share& share, GpuId gpu, std::uint32_t index, SimTime now) {
  Tag* const t = tags(gpu);
  std::copy(t + index + 1, t + share.active, t + index);
  if (--share.active == 0) share.busy += now - share.busy_since;
  schedule(share, gpu, now);
}

QueryId GpuShares::finish(GpuId gpu, SimTime now) {
  Share& share = shares_[gpu];
  SIM_CHECK(share.active > 0, "GPU " + std::to_string(gpu) + " finished a batch it never began");
  // By the clock, not set to the finished batch's end: what rounding `now` gave or took would be lost for the others.
  if (share.active > 1) advance(share, gpu, now);
  share.updated = now;
  const std::uint32_t index = share.curve != nullptr ? share.active - 1 : rated_[share.rated].next;
  const QueryId batch = tags(gpu)[index].batch;
  erase(share, gpu, index, now);
  return batch;
}

std::optional<double> GpuShares::remove(GpuId gpu, QueryId batch, SimTime now) {
  Share& share = shares_[gpu];
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
