#include "sim/simulation/pool_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

// Where each instance of one of a MIG pool's layouts lies, and what of a card is in none.
void note_layout(World& w, NodePool& pool, std::uint32_t layout) {
  const NodePoolSpec& spec = *pool.spec;
  Bytes free = spec.gpu.memory - spec.gpu.driver_reserve;
  double unused = 1;
  std::string names;
  for (const MigInstance& instance : spec.sharing.instances) {
    if (instance.layout != layout) continue;
    free -= instance.memory;
    unused -= instance.compute_share;
    names += (names.empty() ? "" : ", ") + instance.profile + "@" + std::to_string(instance.start);
  }
  pool.unusable.resize(std::max<std::size_t>(pool.unusable.size(), layout + 1));
  pool.unusable[layout] = std::max(free, Bytes{});
  const auto slices = std::lround(unused * spec.sharing.compute_slices);
  const auto& changes = spec.sharing.relayouts;
  const std::string when = layout == 0 ? ""
                           : layout > changes.size()
                               ? "when pods wait for it "
                               : fmt::format("from {:g} s on ", to_seconds(changes[layout - 1].at));
  w.notes.push_back("cluster.node_pools." + spec.name + ": " + when + "each card has the instances " + names + "; " +
                    std::to_string(slices) + " compute slices and " +
                    std::to_string(pool.unusable[layout].value / kMiB) + " MiB of it are in none");
}

// The instances of a MIG pool's cards, each a GPU to the engine; those of all its layouts, of which one is there.
void add_instances(World& w, NodePool& pool, const SharingEntry& row) {
  const SharingSpec& sharing = pool.spec->sharing;
  if (sharing.instances.empty()) return;
  for (const MigInstance& instance : sharing.instances) {
    SharingSpec one = sharing;
    one.compute_share = instance.compute_share;
    pool.instance_modes.push_back(row.make(one));
  }
  pool.per_card = static_cast<std::uint32_t>(sharing.instances.size());
  for (std::uint32_t layout = 0; layout < sharing.layouts; ++layout) note_layout(w, pool, layout);
}

}  // namespace

void add_pool(World& w, const NodePoolSpec& spec) {
  NodePool& pool = w.pools.emplace_back();
  pool.spec = &spec;
  const auto* row = find_entry(sharing_registry(), spec.sharing.mode);
  SIM_CHECK(row != nullptr, "sharing mode \"" + spec.sharing.mode + "\" got past the loader");
  pool.mode = row->make(spec.sharing);
  pool.first_node = static_cast<NodeId>(w.nodes.size());
  pool.nodes = static_cast<std::uint32_t>(spec.max_nodes);
  pool.slots = static_cast<std::uint32_t>(spec.sharing.replicas);
  add_instances(w, pool, *row);
  pool.per_node = static_cast<std::uint32_t>(spec.gpus) * pool.per_card;
  const bool one_batch_each = std::all_of(w.scenario.models.begin(), w.scenario.models.end(),
                                          [](const auto& m) { return m.concurrency.limit == 1; });
  const bool one_weight = !pool.mode->has_weights() || std::all_of(w.scenario.models.begin(), w.scenario.models.end(),
                                                                   [](const auto& m) { return m.compute_weight == 1; });
  pool.equal = pool.mode->equal_shares() && (pool.slots == 1 || (one_batch_each && one_weight));
  pool.per_model_curve = pool.equal && pool.slots == 1;
  const auto id = static_cast<std::uint32_t>(w.pools.size() - 1);
  for (int n = 0; n < spec.max_nodes; ++n) {
    ClusterNode& node = w.nodes.emplace_back();
    node.pool = id;
    node.first_gpu = static_cast<GpuId>(w.gpus.size());
    node.pulls.transfers = SharedBandwidth(spec.pull_bytes_per_s);
    node.meter = std::make_unique<NodeMeter>(spec.price_usd_per_hour, spec.minimum_billing, w.scenario.models.size());
    for (std::uint32_t g = 0; g < pool.per_node; ++g) {
      GpuState& gpu = w.gpus.emplace_back();
      gpu.node = static_cast<NodeId>(w.nodes.size() - 1);
      gpu.pool = id;
      gpu.mode = pool.mode.get();
      gpu.ledger = DeviceLedger(spec.gpu.memory);
      if (pool.instance_modes.empty()) continue;
      const MigInstance& instance = spec.sharing.instances[g % pool.per_card];
      gpu.mode = pool.instance_modes[g % pool.per_card].get();
      gpu.share = instance.compute_share;
      gpu.layout = instance.layout;
      gpu.ledger = DeviceLedger(instance.memory);
    }
  }
}

}  // namespace windtunnel
