// How long a batch takes: what the simulation makes of a model's latency.
#pragma once

#include <algorithm>

#include "models/latency/noise.hpp"
#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The host's part of a batch, without noise: the same whatever share of the card it has.
inline double host_ns(const Replica& r, double size) {
  if (!r.by_law) return (r.fixed_ns + r.per_item_ns * size) * (1 - r.gpu_active);
  return r.latency->host_s(size) * 1e9;
}

/// The GPU's part of a batch alone, without noise: a law's time at the share there is, less the host's.
inline double gpu_ns(const Replica& r, double size) {
  if (!r.by_law) return (r.fixed_ns + r.per_item_ns * size) * r.gpu_active;
  return std::max(0.0, r.latency->solo_s(size, r.solo_share) * 1e9 - host_ns(r, size)) * r.work_factor;
}

/// Of a batch alone, without noise.
inline double solo_ns(const Replica& r, double size) {
  if (!r.by_law) return r.fixed_ns + r.per_item_ns * size;
  return host_ns(r, size) + gpu_ns(r, size);
}

/// A batch's part on the GPU, which begins now: in company its noise is wider.
inline double gpu_work_ns(const World& w, const Replica& r, QueryId head, double size) {
  const LatencySpec& latency = *r.latency;
  double noise = w.queries[head].noise;
  if (latency.cv_company != latency.cv && w.shares.active(r.gpu) > 0)
    noise = noise_in_company(noise, latency.cv, latency.cv_company);
  return gpu_ns(r, size) * noise;
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
