#include "sim/simulation/transfers.hpp"

#include <algorithm>

#include "sim/simulation/lifecycle.hpp"

namespace windtunnel {
namespace {

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

void stop_loading(World& w, ReplicaId replica) {
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
  SharedLink& link = event.entity == kNone ? w.store : w.nodes[event.entity].pulls;
  if (event.tag != link.generation) return;
  link.planned = kNever;
  while (const auto done = link.transfers.take_done(w.now)) {
    if (event.entity == kNone) {
      w.replicas[*done].loading = false;
      stage_done(w, *done);
    } else {
      image_pulled(w, w.nodes[event.entity], *done);
    }
  }
  plan(w, link, event.entity);
}

}  // namespace windtunnel
