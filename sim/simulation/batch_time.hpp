// How long a batch takes: what the simulation makes of a model's latency.
#pragma once

#include "models/latency/noise.hpp"
#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Of a batch alone, without noise.
inline double solo_ns(const Replica& r, double size) {
  if (!r.by_law) return r.fixed_ns + r.per_item_ns * size;
  return r.latency->solo_s(size, r.solo_share) * 1e9 * r.longer;
}

/// A batch's part on the GPU, which begins now: in company its noise is wider.
inline double gpu_work_ns(const World& w, const Replica& r, QueryId head, double size) {
  const LatencySpec& latency = *r.latency;
  double noise = w.queries[head].noise;
  if (latency.cv_company != latency.cv && w.shares.active(r.gpu) > 0)
    noise = noise_in_company(noise, latency.cv, latency.cv_company);
  return solo_ns(r, size) * noise * r.gpu_active;
}

/// Puts the GPU's part of a batch to work.
inline void put_on_gpu(World& w, ReplicaId replica, QueryId head, double size) {
  Replica& r = w.replicas[replica];
  r.items_on_gpu = size;
  w.shares.add(r.gpu, head, replica, gpu_work_ns(w, r, head, size), w.now);
}

/// Counts the queries of a batch outside the measured range (law 9).
inline void note_range(ModelState& m, const Replica& r, std::uint32_t members, double size) {
  m.begun += members;
  if (r.latency->outside(size, r.most_share)) m.begun_outside += members;
}

}  // namespace windtunnel
