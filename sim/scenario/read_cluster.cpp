// Reads `cluster`.
#include <algorithm>
#include <cmath>

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
    p.block.resolved.set("price", Node::scalar(fmt::format("{}/h", p.spec.price_usd_per_hour)));
  } else {
    p.refuse(p.node, p.path, fmt::format("the catalogue knows no price of a {}", gpu->name),
             "write price: <USD>/h, 0/h if it costs nothing");
  }
}

/// Keys of a duty-cycle cap that say nothing beside the others.
void check_cap(PoolReading& p, const Node& node, const std::string& path) {
  const ParamSet& params = p.spec.sharing.params;
  const bool window = params.has("cap_form") && params.text("cap_form") == "window";
  if (const Node* period = node.find("cap_period"); period != nullptr && !window)
    p.refuse(*period, join_path(path, "cap_period"), "says nothing: the cap is in the fluid form",
             "add cap_form: window, or remove it");
  if (const Node* form = node.find("cap_form"); form != nullptr && params.number("compute_share") >= 1)
    p.refuse(*form, join_path(path, "cap_form"), "says nothing: compute_share is 1, which is no cap",
             "lower compute_share, or remove it");
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
  const ParamSet& params = sharing.params;
  const bool over_mps = sharing.mode == "hard_limit" && params.text("over") == "mps";
  const bool with_mps = sharing.mode == "mps" || over_mps || (sharing.mode == "mig" && sharing.replicas > 1);
  if (params.has("dmem_min") && params.has("dmem_max") && params.bytes("dmem_min") > params.bytes("dmem_max"))
    p.refuse(node, path, "the soft limit dmem_min is above the hard limit dmem_max, where it can never matter",
             "lower dmem_min");
  if (sharing.mode == "hard_limit") check_cap(p, node, path);
  if (with_mps && params.boolean("static_partition") && params.has("active_threads")) {
    // Elsewhere that key is a cap on time.
    const double whole = sharing.mode == "mps" && params.has("compute_share") ? params.number("compute_share") : 1.0;
    const double each = params.number("active_threads");
    if (sharing.replicas * each > whole + 1e-9)
      p.refuse(node, path,
               fmt::format("static_partition: {} reservations of {} are more than {}", sharing.replicas, each,
                           whole < 1 ? fmt::format("its compute_share of {:.3g}", whole) : "the GPU"),
               fmt::format("lower active_threads or replicas, or leave active_threads out for {} / replicas",
                           whole < 1 ? "compute_share" : "1"));
  }
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
    if (block.ok && !p.spec.gpu.name.empty() && !read_mig(p.problems, node, path, p.spec, block.resolved)) p.ok = false;
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
  static constexpr std::string_view kAlsoHardLimits[] = {"memory_limit", "compute_share"};
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
  if (v.has("cpu")) p.spec.milli_cpu = std::llround(v.number("cpu") * 1000);
  if (v.has("priority")) p.spec.priority = v.integer("priority");
  if (v.has("provision_failures")) p.spec.provision_failure_share = v.number("provision_failures");
  p.spec.placement = v.text("placement") == "pack" ? Placement::pack : Placement::spread;
  p.spec.fit_memory = v.has("fit") && v.text("fit") == "memory";
  if (entry.value.is(Node::Kind::map)) {
    read_gpu(p);
    read_sharing(p);
    read_nodes(p);
    Node spot;
    p.spec.spot = read_spot(p.problems, entry.value.find("spot"), join_path(path, "spot"), spot, p.ok);
    p.block.resolved.set("spot", std::move(spot));
  }
  all_resolved.set(entry.key, std::move(p.block.resolved));
  reading.scenario.node_pools.push_back(std::move(p.spec));
  reading.pool_nodes.push_back(&entry.value);
  reading.pool_ok.push_back(p.ok);
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
  for (const auto& [key, read] : {std::pair{"autoscaler", &read_node_scaler}, {"scheduler", &read_scheduler}}) {
    const Node* node = cluster->find(key);
    if (node == nullptr) continue;
    Node resolved_part;
    read(reading, *node, resolved_part);
    block.resolved.set(key, std::move(resolved_part));
  }
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

}  // namespace windtunnel
