// Reads `cluster`, and checks that every model can live on some GPU of it.
#include <algorithm>

#include <fmt/format.h>

#include "models/sharing/sharing_mode.hpp"
#include "sim/scenario/read_mig.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

struct PoolReading {
  ProblemList& problems;
  const std::string& path;
  const Node& node;
  Block block;
  NodePoolSpec spec{};
  bool ok = true;

  void refuse(const Node& at, const std::string& where, std::string what, std::string hint) {
    problems.add(at, where, std::move(what), std::move(hint));
    ok = false;
  }
};

/// A scalar that stands for a block with one key.
Node as_block(const Node& node, std::string_view key) {
  if (node.is(Node::Kind::map)) return node;
  Node out = Node::map();
  out.line = node.line;
  out.source = node.source;
  out.set(key, node);
  return out;
}

void read_gpu(PoolReading& p) {
  const Node* name = p.node.find("gpu");
  if (name == nullptr) return;
  const auto* gpu = find_row(p.problems, *name, join_path(p.path, "gpu"), "GPU", catalogue().gpus);
  if (gpu == nullptr) {
    p.ok = false;
    return;
  }
  p.spec.gpu = gpu->type;
  if (p.block.values.has("price")) {
    p.spec.price_usd_per_hour = p.block.values.number("price");
  } else if (gpu->price_usd_per_hour) {
    p.spec.price_usd_per_hour = *gpu->price_usd_per_hour * p.spec.gpus;
    p.spec.price_source = gpu->price_source;
    p.block.resolved.set("price", Node::scalar(fmt::format("{}/h", p.spec.price_usd_per_hour)));
  } else {
    p.refuse(p.node, p.path, fmt::format("the catalogue knows no price of a {}", gpu->name),
             "write price: <USD>/h, 0/h if it costs nothing");
  }
}

void check_sharing(PoolReading& p, const Node& node, const std::string& path) {
  SharingSpec& sharing = p.spec.sharing;
  const auto* row = find_entry(sharing_registry(), sharing.mode);
  const auto mode = row->make(sharing);
  const int limit = mode->client_limit();
  if (limit > 0 && sharing.replicas > limit)
    p.refuse(node, path,
             fmt::format("{} replicas are more than the {} clients {} takes", sharing.replicas, limit, sharing.mode),
             "lower replicas");
  const bool over_mps = sharing.mode == "hard_limit" && sharing.params.text("over") == "mps";
  if ((sharing.mode == "mps" || over_mps) && !p.spec.gpu.name.empty() && !p.spec.gpu.mps) {
    std::vector<std::string_view> fit;
    for (const auto& gpu : catalogue().gpus)
      if (gpu.type.mps) fit.push_back(gpu.name);
    p.refuse(node, path, fmt::format("a {} ({}) has no mps", p.spec.gpu.name, p.spec.gpu.architecture),
             "mps needs Volta or newer; choose time_slicing or another GPU");
  }
}

/// Keys that only say something with mps below: refused where they are given without it, else not written out.
void drop_mps_keys(PoolReading& p, const Node& node, const std::string& path, Block& block, const std::string& why,
                   std::span<const std::string_view> kept = {}) {
  for (const auto& param : find_entry(sharing_registry(), "mps")->params) {
    if (std::find(kept.begin(), kept.end(), param.name) != kept.end()) continue;
    if (const Node* given = node.find(param.name))
      p.refuse(*given, join_path(path, param.name), "says nothing: " + why, "remove it");
    block.resolved.erase(param.name);
  }
}

void read_sharing(PoolReading& p) {
  const std::string path = join_path(p.path, "sharing");
  const Node* given = p.node.find("sharing");
  const Node node = given == nullptr ? Node::map() : as_block(*given, "mode");
  const Node fallback = Node::scalar("exclusive");
  const Node* name = node.find("mode");
  const auto* row = find_row(p.problems, name == nullptr ? fallback : *name, join_path(path, "mode"), "sharing mode",
                             sharing_registry());
  if (row == nullptr) {
    p.ok = false;
    return;
  }
  const std::span<const Param> tables[] = {tables::sharing(), row->params};
  Block block = read_block(p.problems, &node, path, tables);
  SharingSpec& sharing = p.spec.sharing;
  sharing.mode = row->name;
  sharing.params = block.values;
  const bool exclusive = sharing.mode == "exclusive", mig = sharing.mode == "mig";
  if (mig) {
    if (node.find("replicas") != nullptr)
      p.refuse(*node.find("replicas"), join_path(path, "replicas"),
               "says nothing under mig: a card has its layout's instances",
               "say replicas_per_instance, or leave it out");
    sharing.replicas = block.values.integer("replicas_per_instance");
    if (sharing.replicas == 1)
      drop_mps_keys(p, node, path, block, "no mps inside an instance of one replica (replicas_per_instance)");
    if (block.ok && !p.spec.gpu.name.empty() &&
        !read_mig(p.problems, node.line > 0 ? node : p.node, path, p.spec, block.resolved))
      p.ok = false;
  } else if (block.values.has("replicas")) {
    sharing.replicas = block.values.integer("replicas");
    if (exclusive && sharing.replicas != 1)
      p.refuse(*node.find("replicas"), join_path(path, "replicas"),
               fmt::format("{} replicas cannot share an exclusive GPU", sharing.replicas),
               "choose a sharing mode (list sharing-modes), or 1");
  } else if (!exclusive && block.ok) {
    p.refuse(given == nullptr ? p.node : *given, path, "replicas is missing",
             "say how many replicas one GPU is advertised for");
  }
  static constexpr std::string_view kAlsoHardLimits[] = {"memory_limit"};
  if (block.ok && sharing.mode == "hard_limit" && sharing.params.text("over") != "mps")
    drop_mps_keys(p, node, path, block, "hard_limit is over time_slicing here (over: mps)", kAlsoHardLimits);
  if (exclusive) block.resolved.set("replicas", Node::scalar("1"));
  p.ok = p.ok && block.ok;
  if (p.ok) check_sharing(p, node.line > 0 ? node : p.node, path);
  p.block.resolved.set("sharing", std::move(block.resolved));
}

/// A number of nodes that never changes, or {min, max, initial}.
void read_nodes(PoolReading& p) {
  const std::string path = join_path(p.path, "nodes");
  const Node* given = p.node.find("nodes");
  if (given == nullptr) {
    p.refuse(p.node, p.path, "nodes is missing", "write nodes: 3 or nodes: {min: 1, max: 8}");
    return;
  }
  Node node = *given;
  if (!given->is(Node::Kind::map)) {
    node = as_block(*given, "max");
    node.set("min", *given);
  }
  Block block = read_block(p.problems, &node, path, tables::nodes());
  p.ok = p.ok && block.ok;
  p.spec.min_nodes = block.values.integer("min");
  p.spec.max_nodes = block.values.integer("max");
  p.spec.initial_nodes = block.values.has("initial") ? block.values.integer("initial") : p.spec.min_nodes;
  if (block.ok && p.spec.min_nodes > p.spec.max_nodes)
    p.refuse(node, path, fmt::format("min {} is more than max {}", p.spec.min_nodes, p.spec.max_nodes),
             "lower min or raise max");
  else if (block.ok && (p.spec.initial_nodes < p.spec.min_nodes || p.spec.initial_nodes > p.spec.max_nodes))
    p.refuse(node, path,
             fmt::format("initial {} is outside [{}, {}]", p.spec.initial_nodes, p.spec.min_nodes, p.spec.max_nodes),
             "start between min and max");
  block.resolved.set("initial", Node::scalar(std::to_string(p.spec.initial_nodes)));
  p.block.resolved.set("nodes", std::move(block.resolved));
}

void read_pool(Reading& reading, const Entry& entry, Node& all_resolved) {
  const std::string path = join_path("cluster.node_pools", entry.key);
  PoolReading p{.problems = reading.problems,
                .path = path,
                .node = entry.value,
                .block = read_block(reading.problems, &entry.value, path, tables::node_pool())};
  p.ok = p.block.ok && check_name(reading.problems, entry.value, path, entry.key);
  const ParamSet& v = p.block.values;
  p.spec.name = entry.key;
  p.spec.gpus = v.integer("gpus");
  p.spec.provision = p.block.laws.at("provision");
  p.spec.driver = p.block.laws.at("driver");
  if (v.has("pull_bandwidth")) p.spec.pull_bytes_per_s = v.number("pull_bandwidth");
  p.spec.scale_down_after = v.duration("scale_down_after");
  p.spec.minimum_billing = v.duration("minimum_billing");
  p.spec.host_memory = v.bytes("host_memory");
  p.spec.placement = v.text("placement") == "pack" ? Placement::pack : Placement::spread;
  if (entry.value.is(Node::Kind::map)) {
    read_gpu(p);
    read_sharing(p);
    read_nodes(p);
  }
  all_resolved.set(entry.key, std::move(p.block.resolved));
  reading.scenario.node_pools.push_back(std::move(p.spec));
  reading.pool_nodes.push_back(&entry.value);
  reading.pool_ok.push_back(p.ok);
}

struct Room {
  bool fits = false;
  Bytes most{};  ///< device memory a replica of this model may have here
  bool own_limit = false;
};

/// Context and weights, asked of the mode itself: without them no replica ever starts. Work memory is not counted: how
/// much a query takes is its size's matter, and a refusal there is what a run is to show.
Room room_in(const NodePoolSpec& pool, const ModelSpec& model, Bytes& needed) {
  const auto mode = find_entry(sharing_registry(), pool.sharing.mode)->make(pool.sharing);
  const Bytes usable = pool.gpu.memory - pool.gpu.driver_reserve;
  const Bytes context = mode->small_context() ? model.memory.context_mps : model.memory.context;
  const auto limit = model.memory_limit ? model.memory_limit : mode->default_limit(usable, pool.sharing.replicas);
  needed = context + model.memory.weights;
  MemoryRequest ask{.asked = context,
                    .own_context = context,
                    .own_limit = limit,
                    .device_used = pool.gpu.driver_reserve,
                    .device_size = pool.gpu.memory};
  const MemoryVerdict first = mode->admit(ask);
  ask.asked = model.memory.weights;
  ask.own_used = context;
  ask.device_used = pool.gpu.driver_reserve + context;
  const MemoryVerdict second = first == MemoryVerdict::granted ? mode->admit(ask) : first;
  const bool own = second == MemoryVerdict::own_limit;
  return {second == MemoryVerdict::granted, own && limit ? std::min(*limit, usable) : usable, own};
}

std::string show_gib(Bytes bytes) {
  return fmt::format("{:.3g} GiB", static_cast<double>(bytes.value) / static_cast<double>(kGiB));
}

void note_holder(const ModelGroup& group, MigInstance& instance) {
  for (const std::size_t member : group.members) instance.holds[member] = true;
}

void check_group(Reading& reading, const ModelGroup& group) {
  const ModelSpec& model = reading.scenario.models[group.members.front()];
  const std::string path = join_path("models", group.name);
  std::string types;
  bool timed = false, asked = false, fits = false, own_limit = false;
  Bytes needed{}, most{};
  for (auto& pool : reading.scenario.node_pools) {
    if (types.find(pool.gpu.name) == std::string::npos) types += (types.empty() ? "" : ", ") + pool.gpu.name;
    if (!model.latency.contains("*") && !model.latency.contains(pool.gpu.name)) continue;
    timed = true;
    const auto devices = devices_of(pool);
    for (std::size_t d = 0; d < devices.size(); ++d) {
      if (!takes(devices[d], model)) continue;
      asked = true;
      Bytes here_needed{};
      const Room room = room_in(devices[d], model, here_needed);
      fits = fits || room.fits;
      if (room.fits && !pool.sharing.instances.empty()) note_holder(group, pool.sharing.instances[d]);
      if (room.most >= most) most = room.most, needed = here_needed, own_limit = room.own_limit;
    }
  }
  if (!timed) {
    std::string known;
    for (const auto& [gpu, latency] : model.latency) known += (known.empty() ? "" : ", ") + gpu;
    reading.problems.add(*group.node, join_path(path, "latency"),
                         fmt::format("is given for {}, and the cluster has {}", known, types),
                         "add the GPU's figures, or \"*\" for any");
  } else if (!asked) {
    reading.problems.add(*group.node, join_path(path, "mig_profile"),
                         fmt::format("no pool that {} can run on has an instance {}", group.name, model.mig_profile),
                         "put it into a layout, or leave mig_profile out for the smallest instance that fits");
  } else if (!fits && own_limit) {
    reading.problems.add(*group.node, path,
                         fmt::format("{} needs {} on one GPU; its limit in this cluster is {}", group.name,
                                     show_gib(needed), show_gib(most)),
                         "raise memory_limit, lower the pool's replicas, or take a larger GPU");
  } else if (!fits) {
    reading.problems.add(
        *group.node, path,
        fmt::format("{} needs {} on one {}; the largest in this cluster has {}", group.name, show_gib(needed),
                    model.mig_profile.empty() ? "GPU" : model.mig_profile, show_gib(most)),
        "take a larger GPU");
  }
}

}  // namespace

void read_cluster(Reading& reading, const Node* cluster) {
  if (cluster == nullptr) {
    reading.problems.add(reading.root, "", "cluster is missing",
                         "write `cluster: {node_pools: {a10: {gpu: A10G, nodes: 1}}}`");
    return;
  }
  Block block = read_block(reading.problems, cluster, "cluster", tables::cluster());
  if (block.values.has("weights_store"))
    reading.scenario.weights_store_bytes_per_s = block.values.number("weights_store");
  const Node* pools = cluster->find("node_pools");
  if (!cluster->is(Node::Kind::map)) return;
  if (pools == nullptr || !pools->is(Node::Kind::map) || pools->entries.empty()) {
    reading.problems.add(pools == nullptr ? *cluster : *pools, "cluster.node_pools", "names no pool",
                         "write `node_pools: {a10: {gpu: A10G, nodes: 1}}`");
    return;
  }
  Node resolved = Node::map();
  for (const auto& entry : pools->entries) read_pool(reading, entry, resolved);
  block.resolved.set("node_pools", std::move(resolved));
  std::erase_if(block.resolved.entries, [](const Entry& entry) { return entry.value.is(Node::Kind::null); });
  reading.resolved.set("cluster", std::move(block.resolved));
}

void check_fit(Reading& reading) {
  const auto& ok = reading.pool_ok;
  if (ok.empty() || std::find(ok.begin(), ok.end(), false) != ok.end())
    return;  // a pool that was not understood might fit
  for (auto& pool : reading.scenario.node_pools)
    for (auto& instance : pool.sharing.instances) instance.holds.assign(reading.scenario.models.size(), false);
  for (const auto& group : reading.groups)
    if (group.ok && !group.members.empty()) check_group(reading, group);
}

}  // namespace windtunnel
