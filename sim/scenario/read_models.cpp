// Reads `models`.
#include <fmt/format.h>

#include "sim/scenario/model_reading.hpp"
#include "sim/scenario/overlay.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostModels = 65000;  // a query names its model in 16 bits

void read_device_memory(ModelReading& m) {
  if (m.node.find("memory") == nullptr) {  // theory: nothing, not the defaults of a real process
    m.resolved.erase("memory");
    return;
  }
  Node resolved = Node::map();
  const std::string path = join_path(m.path, "memory");
  m.ok = read_memory(m.problems, *m.node.find("memory"), path, m.spec.memory, resolved) && m.ok;
  m.resolved.set("memory", std::move(resolved));
}

/// After what it must fit: batch, concurrency, memory.
void read_swapped(ModelReading& m) {
  const Node* node = m.node.find("variants");
  if (node == nullptr) return;
  Node resolved = Node::map();
  m.spec.variants = windtunnel::read_variants(m.problems, *node, join_path(m.path, "variants"), m.spec, resolved);
  m.ok = m.ok && m.spec.variants != nullptr;
  m.spec.batch.one_variant = m.spec.variants != nullptr;
  m.resolved.set("variants", std::move(resolved));
}

void read_small_blocks(ModelReading& m) {
  Node batch = Node::map(), queue = Node::map();
  m.spec.batch = read_batch(m.problems, m.node.find("batch"), join_path(m.path, "batch"), batch, m.ok);
  m.resolved.set("batch", std::move(batch));
  m.spec.queue = read_queue(m.problems, m.node, m.path, queue, m.ok);
  m.resolved.set("queue", std::move(queue));
  const ParamSet network = m.nested("network", tables::network()).values;
  m.spec.network = {.to_replica = network.duration("to_replica"), .back = network.duration("back")};
  if (network.has("endpoints")) m.spec.network.endpoints = network.duration("endpoints");
  read_pod(m.problems, m.node, m.path, m.spec, m.resolved, m.ok);
  const ParamSet backoff = m.nested("restart_backoff", tables::restart_backoff()).values;
  m.spec.restart_backoff = {.first = backoff.duration("first"),
                            .most = backoff.duration("most"),
                            .forget_after = backoff.duration("forget_after")};
  Node faults = Node::map();
  m.spec.faults = read_faults(m.problems, m.node.find("faults"), join_path(m.path, "faults"), faults, m.ok);
  m.resolved.set("faults", std::move(faults));
  Node slo = Node::map();
  m.spec.slo = read_slo(m.problems, m.node.find("slo"), join_path(m.path, "slo"), slo, m.ok);
  m.resolved.set("slo", std::move(slo));
  const ParamSet thresholds = m.nested("thresholds", tables::thresholds()).values;
  m.spec.thresholds = to_durations(thresholds, "response_time");
  m.spec.queueing_thresholds = to_durations(thresholds, "queueing_delay");
}

DispatchKind dispatch_of(std::string_view name) {
  const auto rows = tables::dispatchers();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<DispatchKind>(i);  // the table keeps the order of DispatchKind
  return DispatchKind::pull;
}

void read_scalars(ModelReading& m, const Block& block) {
  const ParamSet& v = block.values;
  m.spec.copies = v.integer("copies");
  const std::string& oom = v.text("on_vram_oom");
  m.spec.on_vram_oom = oom == "wedge"        ? OnVramOom::wedge
                       : oom == "fail_query" ? OnVramOom::fail_query
                                             : OnVramOom::exit;
  m.spec.on_kill = v.text("on_kill") == "fail" ? OnKill::fail : OnKill::redeliver;
  m.spec.max_deliveries = v.integer("max_deliveries");
  m.spec.max_queue = v.integer("max_queue");
  m.spec.max_in_system = v.integer("max_in_system");
  m.spec.dispatch = dispatch_of(v.text("dispatch"));
  if (v.has("mps_active_threads")) m.spec.mps_active_threads = v.number("mps_active_threads");
  m.spec.compute_weight = v.number("compute_weight");
  if (v.has("mig_profile")) m.spec.mig_profile = v.text("mig_profile");
  if (v.has("memory_limit")) m.spec.memory_limit = v.bytes("memory_limit");
}

/// The model's keys over its profile's.
Node with_profile(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  const Node* name = node.find("profile");
  if (name == nullptr) return node;
  const auto* profile = find_row(problems, *name, join_path(path, "profile"), "profile", catalogue().profiles);
  if (profile == nullptr) {
    ok = false;
    return node;
  }
  Node bottom = profile->block;
  if (node.find("service_time") != nullptr && node.find("latency") == nullptr) bottom.erase("latency");
  // Another way to say what work memory a batch has takes the place of the profile's.
  const Node* memory = node.find("memory");
  Node* below = bottom.find("memory");
  if (memory != nullptr && below != nullptr && (memory->find("phases") != nullptr || memory->find("pool") != nullptr))
    below->erase("per_item");
  if (const Node* own = node.find("cold_start"); own != nullptr && own->find("weights") != nullptr)
    if (Node* start = bottom.find("cold_start")) start->erase("load");
  return lay_over(bottom, node);
}

/// Removes what has nothing to say, so that the resolved file stays readable.
void drop_empty(Node& map) {
  std::erase_if(map.entries, [](const Entry& entry) {
    return entry.value.is(Node::Kind::null) || (entry.value.is(Node::Kind::map) && entry.value.entries.empty());
  });
}

void read_model(Reading& reading, const Entry& entry, Node& all_resolved) {
  const std::string path = join_path("models", entry.key);
  bool ok = check_name(reading.problems, entry.value, path, entry.key);
  ModelGroup group{.name = entry.key, .members = {}, .node = &entry.value, .ok = true};
  Node merged = entry.value;
  if (merged.is(Node::Kind::map)) {
    merged = with_profile(reading.problems, entry.value, path, ok);
    merged = with_queue_preset(reading.problems, merged, path, ok);
  }
  Block block = read_block(reading.problems, &merged, path, tables::model());
  if (merged.is(Node::Kind::map)) {
    ModelReading m{
        .problems = reading.problems, .path = path, .node = merged, .resolved = std::move(block.resolved), .spec = {}};
    m.ok = ok && block.ok;
    read_scalars(m, block);
    read_times(m, block);
    read_device_memory(m);
    read_host_memory(m);
    read_cpu(m);
    read_concurrency(m);
    read_cold_start(m);
    read_small_blocks(m);
    read_swapped(m);
    join_cpu_requests(m);
    if (m.ok && m.spec.network.endpoints > Duration{} && m.spec.dispatch == DispatchKind::pull) {
      reading.problems.add(*merged.find("network"), join_path(join_path(path, "network"), "endpoints"),
                           "means nothing with dispatch: pull: nothing is sent to a replica",
                           "choose another dispatch (list dispatchers), or remove it");
      m.ok = false;
    }
    if (block.values.has("profile")) m.spec.profile = block.values.text("profile");
    m.spec.group = entry.key;
    drop_empty(m.resolved);
    all_resolved.set(entry.key, std::move(m.resolved));
    group.ok = m.ok;
    auto& models = reading.scenario.models;
    const auto copies = m.ok ? static_cast<std::size_t>(m.spec.copies) : 1;
    if (models.size() + copies > kMostModels) {
      reading.problems.add(entry.value, path, fmt::format("more than {} models in all", kMostModels), "lower copies");
      return;
    }
    for (std::size_t i = 0; i < copies; ++i) {
      ModelSpec spec = m.spec;
      spec.name = copies > 1 ? fmt::format("{}-{}", entry.key, i) : entry.key;
      group.members.push_back(models.size());
      models.push_back(std::move(spec));
    }
  } else {
    group.ok = false;
    ModelSpec unread;
    unread.name = unread.group = entry.key;
    group.members.push_back(reading.scenario.models.size());
    reading.scenario.models.push_back(std::move(unread));
  }
  reading.groups.push_back(std::move(group));
}

void check_copies_differ(Reading& reading) {
  std::map<std::string, std::string> owners;
  for (const auto& group : reading.groups) {
    for (const auto member : group.members) {
      const auto& name = reading.scenario.models[member].name;
      const auto [it, fresh] = owners.emplace(name, group.name);
      if (!fresh)
        reading.problems.add(*group.node, join_path("models", group.name),
                             fmt::format("\"{}\" is also a copy of \"{}\"", name, it->second), "rename one");
    }
  }
}

}  // namespace

void read_models(Reading& reading, const Node& models) {
  if (!models.is(Node::Kind::map) || models.entries.empty()) {
    reading.problems.add(models, "models", "names no model", "write `models: {quality: {profile: clip-scorer}}`");
    return;
  }
  Node resolved = Node::map();
  for (const auto& entry : models.entries) read_model(reading, entry, resolved);
  check_copies_differ(reading);
  reading.resolved.set("models", std::move(resolved));
}

}  // namespace windtunnel
