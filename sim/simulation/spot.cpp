#include "sim/simulation/spot.hpp"

#include <algorithm>

#include "sim/simulation/node_life.hpp"
#include "sim/simulation/node_scaling.hpp"

namespace windtunnel {
namespace {

constexpr std::uint32_t kMostZones = 1024;  // more than a pool may have
constexpr Duration kLeastBetween = std::chrono::seconds(1);

Duration drawn_for_zone(const World& w, const NodePool& pool, std::string_view purpose, std::uint32_t zone,
                        const Law& law) {
  Rng rng = w.streams.keyed(std::string(purpose) + pool.spec->name, zone, pool.zone_reclaims[zone]);
  LawSampler sampler(law);
  return to_duration(sampler(rng));
}

void wind_zone(World& w, std::uint32_t pool_id, std::uint32_t zone) {
  const NodePool& pool = w.pools[pool_id];
  const Duration next = drawn_for_zone(w, pool, "spot/zone/", zone, *pool.spec->spot->zone_reclaim);
  w.heap.push(w.now + std::max(next, kLeastBetween), EventKind::zone_reclaimed, pool_id * kMostZones + zone);
}

}  // namespace

void start_spot_clocks(World& w) {
  for (std::uint32_t p = 0; p < w.pools.size(); ++p) {
    NodePool& pool = w.pools[p];
    if (!pool.spec->spot) continue;
    const auto zones = static_cast<std::uint32_t>(pool.spec->spot->zones);
    pool.zone_out_until.assign(zones, SimTime{});
    pool.zone_reclaims.assign(zones, 0);
    if (!pool.spec->spot->zone_reclaim) continue;
    for (std::uint32_t zone = 0; zone < zones; ++zone) wind_zone(w, p, zone);
  }
}

void watch_for_reclaim(World& w, NodeId id) {
  const ClusterNode& node = w.nodes[id];
  const NodePool& pool = w.pools[node.pool];
  if (!pool.spec->spot || !pool.spec->spot->node_reclaim) return;
  Rng rng = w.streams.keyed("spot/node/" + pool.spec->name, id - pool.first_node, node.orders);
  LawSampler law(*pool.spec->spot->node_reclaim);
  w.heap.push(w.now + std::max(to_duration(law(rng)), kLeastBetween), EventKind::node_reclaimed, id, node.orders);
}

void reclaim_node(World& w, NodeId id, std::string_view reason) {
  if (w.nodes[id].reclaimed) return;  // on its way already
  w.nodes[id].reclaimed = true;
  ++w.nodes_reclaimed;
  const Duration notice = w.pools[w.nodes[id].pool].spec->spot->notice;
  log_node(w, id, "reclaimed", reason);
  if (notice == Duration{}) return node_lost(w, id);
  w.heap.push(w.now + notice, EventKind::node_lost, id, w.nodes[id].orders);
  empty_node_of_pods(w, id, std::nullopt);
}

void reclaim_zone(World& w, std::uint32_t entity) {
  const std::uint32_t pool_id = entity / kMostZones, zone = entity % kMostZones;
  NodePool& pool = w.pools[pool_id];
  const SpotSpec& spot = *pool.spec->spot;
  const Duration out = spot.notice + drawn_for_zone(w, pool, "spot/outage/", zone, spot.outage);
  ++pool.zone_reclaims[zone];
  pool.zone_out_until[zone] = w.now + out;
  const auto zones = static_cast<NodeId>(spot.zones);
  for (NodeId n = pool.first_node + zone; n < pool.first_node + pool.nodes; n += zones)
    if (w.nodes[n].state != NodeState::absent) reclaim_node(w, n, "zone");
  look_again_at(w, pool.zone_out_until[zone]);
  wind_zone(w, pool_id, zone);
}

}  // namespace windtunnel
