#include "sim/simulation/sharing_setup.hpp"

#include <algorithm>

#include "sim/serving/concurrency.hpp"

namespace windtunnel {
namespace {

// What a mode may know of a replica with a law, a table or contention figures of its own. Under `compute_share` also
// the time of a plain one is asked for.
void add_law(const Replica& r, Sharer& sharer) {
  const LatencySpec& latency = *r.latency;
  if (latency.time) sharer.time = &*latency.time;
  if (latency.contention) sharer.contention = &*latency.contention;
  sharer.items = r.items_on_gpu;
  sharer.solo_s = latency.solo_s(r.items_on_gpu, r.solo_share);
  sharer.card_share = r.solo_share;
  sharer.host_s = latency.host_s(r.items_on_gpu);
}

// Speeds of the batches on a GPU whose replicas have rates of their own: the mode splits the GPU among busy replicas,
// each replica its part among its batches.
RateFunction rates_of(World& w, const SharingMode* mode) {
  struct Scratch {
    std::vector<ReplicaId> busy;
    std::vector<std::uint32_t> batches;
    std::vector<Sharer> sharers;
    std::vector<double> rates;
  };
  return [&w, mode, s = Scratch{}](std::span<const ReplicaId> replicas, std::span<double> out) mutable {
    s.busy.clear();
    s.batches.clear();
    s.sharers.clear();
    for (const ReplicaId id : replicas) {
      const auto it = std::find(s.busy.begin(), s.busy.end(), id);
      if (it != s.busy.end()) {
        ++s.batches[static_cast<std::size_t>(it - s.busy.begin())];
        continue;
      }
      const Replica& r = w.replicas[id];
      const ModelSpec& model = *w.models[r.model].spec;
      s.busy.push_back(id);
      s.batches.push_back(1);
      s.sharers.push_back({.cap = model.mps_active_threads > 0 ? model.mps_active_threads : 1.0,
                           .sm_activity = r.sm_activity,
                           .duty = r.duty,
                           .weight = model.compute_weight});
      if (r.special) add_law(r, s.sharers.back());
    }
    s.rates.resize(s.busy.size());
    mode->rates(s.sharers, s.rates);
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      const auto k = static_cast<std::size_t>(std::find(s.busy.begin(), s.busy.end(), replicas[i]) - s.busy.begin());
      const auto& concurrency = w.models[w.replicas[replicas[i]].model].spec->concurrency;
      out[i] = s.rates[k] * total_speed(concurrency, s.batches[k]) / s.batches[k];
    }
  };
}

// The turns of a pool whose mode has them run one by one. A replica's batches share its slices.
TurnRules turns_of(World& w, const SliceRules& rules) {
  return {.switch_cost = rules.switch_cost,
          .shared_speed = rules.shared_speed,
          .slice =
              [&w, slice = to_seconds(rules.slice)](ReplicaId id) {
                return std::max(to_duration(slice * w.models[w.replicas[id].model].spec->compute_weight), Duration{1});
              },
          .batch_speed =
              [&w](ReplicaId id, std::uint32_t batches) {
                return total_speed(w.models[w.replicas[id].model].spec->concurrency, batches) / batches;
              }};
}

// A cap on time kept by windows, over the rates of those that still may run in the present one.
WindowRules windows_of(World& w, const SharingMode* mode, const CapWindow& window) {
  return {.period = window.period,
          .rates = rates_of(w, mode),
          .budget_ns =
              [&w, window](ReplicaId id) {
                const double share = std::min(1.0, window.share * w.replicas[id].duty);
                return std::max(1.0, share * static_cast<double>(window.period.count()));
              },
          .side_by_side = window.side_by_side};
}

}  // namespace

void set_sharing(World& w) {
  const std::size_t models = w.models.size();
  w.curves.resize(w.pools.size() * (models + 1));
  for (std::size_t p = 0; p < w.pools.size(); ++p) {
    const SharingMode* mode = w.pools[p].mode.get();
    if (!w.pools[p].equal) continue;
    if (!w.pools[p].per_model_curve) {
      w.curves[w.pools.size() * models + p] =
          std::make_unique<ShareCurve>([mode](std::uint32_t k) { return 1 / mode->equal_rate(static_cast<int>(k)); });
      continue;
    }
    for (std::size_t m = 0; m < models; ++m)
      w.curves[p * models + m] =
          std::make_unique<ShareCurve>([mode, &concurrency = w.models[m].spec->concurrency](std::uint32_t k) {
            return k / (total_speed(concurrency, k) * mode->equal_rate(1));
          });
  }
  for (GpuId g = 0; g < w.gpus.size(); ++g) {
    const std::uint32_t p = w.gpus[g].pool;
    if (const auto slices = w.gpus[g].mode->slices()) {
      w.shares.set_turns(g, turns_of(w, *slices));
      continue;
    }
    if (const auto window = w.gpus[g].mode->cap_window()) {
      w.shares.set_windows(g, windows_of(w, w.gpus[g].mode, *window));
      continue;
    }
    if (!w.pools[p].equal) w.shares.set_rated(g, rates_of(w, w.gpus[g].mode));
    if (w.pools[p].equal && !w.pools[p].per_model_curve)
      w.shares.set_equal(g, w.curves[w.pools.size() * models + p].get());
  }
}

}  // namespace windtunnel
