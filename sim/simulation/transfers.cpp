#include "sim/simulation/transfers.hpp"

#include <algorithm>
#include <utility>

#include "sim/simulation/lifecycle.hpp"
#include "sim/simulation/swapping.hpp"

namespace windtunnel {
namespace {

constexpr std::uint32_t kVariants = std::uint32_t{1} << 31;  // ids from here on are slots of variant_loads

std::uint32_t entity_of_card(const World& w, GpuId gpu) {
  const ClusterNode& node = w.nodes[w.gpus[gpu].node];
  const std::uint32_t per_card = w.pools[node.pool].per_card;
  return static_cast<std::uint32_t>(w.nodes.size()) + node.first_gpu + (gpu - node.first_gpu) / per_card * per_card;
}

SharedLink& link_of(World& w, std::uint32_t entity) {
  if (entity == kNone) return w.store;
  return entity < w.nodes.size() ? w.nodes[entity].pulls : w.card_links[entity - w.nodes.size()];
}

// Where the replica's variants come over.
std::uint32_t entity_of_variants(const World& w, const Replica& r) {
  return w.models[r.model].spec->variants->on_host ? entity_of_card(w, r.gpu) : kNone;
}

// One event for the next end, and a new one when that moves.
void plan(World& w, SharedLink& link, std::uint32_t entity) {
  const SimTime next = link.transfers.next();
  if (next == link.planned) return;
  link.planned = next;
  ++link.generation;
  if (next != kNever) w.heap.push(next, EventKind::transfers_done, entity, link.generation);
}

void image_pulled(World& w, ClusterNode& node, ModelId model) {
  node.images.insert(model);
  std::vector<Waiting> here;
  for (const Waiting& waiting : node.waiting)
    if (waiting.model == model) here.push_back(waiting);
  std::erase_if(node.waiting, [model](const Waiting& waiting) { return waiting.model == model; });
  std::sort(here.begin(), here.end(), [](const Waiting& a, const Waiting& b) { return a.replica < b.replica; });
  for (const Waiting& waiting : here)
    if (w.replicas[waiting.replica].generation == waiting.generation) stage_done(w, waiting.replica);
}

}  // namespace

bool await_image(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  const NodeId id = w.gpus[r.gpu].node;
  ClusterNode& node = w.nodes[id];
  const ColdStartSpec& cold = w.models[r.model].spec->cold_start;
  const double bytes = static_cast<double>(cold.image.value) * (1 - cold.cached);
  if (!(bytes > 0) || node.images.contains(r.model)) return false;
  node.waiting.push_back({.model = r.model, .replica = replica, .generation = r.generation});
  if (!node.pulls.transfers.has(r.model)) node.pulls.transfers.start(r.model, bytes, cold.pull_bytes_per_s, w.now);
  plan(w, node.pulls, id);
  return true;
}

void load_weights(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const WeightsSpec& weights = *w.models[r.model].spec->cold_start.weights;
  r.loading = true;
  w.store.transfers.start(replica, static_cast<double>(weights.bytes.value), weights.bytes_per_s, w.now);
  plan(w, w.store, kNone);
}

void load_variant(World& w, ReplicaId replica, std::uint32_t variant, Duration rest) {
  const Replica& r = w.replicas[replica];
  const VariantsSpec& spec = *w.models[r.model].spec->variants;
  std::uint32_t slot = 0;
  while (slot < w.variant_loads.size() && w.variant_loads[slot].replica != kNone) ++slot;
  if (slot == w.variant_loads.size()) w.variant_loads.emplace_back();
  w.variant_loads[slot] = {.replica = replica, .variant = variant, .began = w.now, .rest = rest};
  const std::uint32_t entity = entity_of_variants(w, r);
  SharedLink& link = link_of(w, entity);
  link.transfers.start(kVariants + slot, static_cast<double>(spec.all[variant].bytes.value), spec.bytes_per_s, w.now);
  plan(w, link, entity);
}

namespace {

void stop_slot(World& w, std::uint32_t slot) {
  VariantLoad& load = w.variant_loads[slot];
  const std::uint32_t entity = entity_of_variants(w, w.replicas[load.replica]);
  load.replica = kNone;
  SharedLink& link = link_of(w, entity);
  link.transfers.stop(kVariants + slot, w.now);
  plan(w, link, entity);
}

}  // namespace

void stop_variant(World& w, ReplicaId replica, std::uint32_t variant) {
  for (std::uint32_t slot = 0; slot < w.variant_loads.size(); ++slot)
    if (w.variant_loads[slot].replica == replica && w.variant_loads[slot].variant == variant) stop_slot(w, slot);
}

void make_card_links(World& w) {
  double fastest = 0;
  for (const ModelState& m : w.models)
    if (m.spec->variants != nullptr && m.spec->variants->on_host)
      fastest = std::max(fastest, m.spec->variants->bytes_per_s);
  w.card_links.resize(w.gpus.size());
  for (SharedLink& link : w.card_links) link.transfers = SharedBandwidth(fastest);
}

void stop_loading(World& w, ReplicaId replica) {
  for (std::uint32_t slot = 0; slot < w.variant_loads.size(); ++slot)
    if (w.variant_loads[slot].replica == replica) stop_slot(w, slot);
  if (!w.replicas[replica].loading) return;
  w.replicas[replica].loading = false;
  w.store.transfers.stop(replica, w.now);
  plan(w, w.store, kNone);
}

void forget_images(World& w, NodeId id) {
  ClusterNode& node = w.nodes[id];
  node.images.clear();
  node.waiting.clear();
  node.pulls.transfers = SharedBandwidth(w.pools[node.pool].spec->pull_bytes_per_s);
  plan(w, node.pulls, id);
}

void transfers_done(World& w, const Scheduled& event) {
  SharedLink& link = link_of(w, event.entity);
  if (event.tag != link.generation) return;
  link.planned = kNever;
  while (const auto done = link.transfers.take_done(w.now)) {
    if (*done >= kVariants) {
      VariantLoad load = std::exchange(w.variant_loads[*done - kVariants], VariantLoad{});
      variant_arrived(w, load);
    } else if (event.entity == kNone) {
      w.replicas[*done].loading = false;
      stage_done(w, *done);
    } else {
      image_pulled(w, w.nodes[event.entity], *done);
    }
  }
  plan(w, link, event.entity);
}

}  // namespace windtunnel
