// Reads `models`.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/overlay.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostModels = 65000;  // a query names its model in 16 bits

/// Reads one model; what is shared by its helpers.
struct ModelReading {
  ProblemList& problems;
  const std::string& path;
  const Node& node;
  Node resolved;
  ModelSpec spec;
  bool ok = true;

  /// The nested block of that key, read and put into the resolved model.
  Block nested(std::string_view key, std::span<const Param> table) {
    Block block = read_block(problems, node.find(key), join_path(path, key), table);
    ok = ok && block.ok;
    resolved.set(key, block.resolved);
    return block;
  }
};

void read_one_latency(ModelReading& m, const Node& node, const std::string& path, const std::string& gpu,
                      Node& resolved) {
  Node block = Node::map();
  LatencySpec latency = windtunnel::read_latency(m.problems, node, path, block, m.ok);
  m.spec.latency.emplace(gpu, std::move(latency));
  resolved.set(gpu, std::move(block));
}

/// {A10G: {...}, "*": {...}}, or the inner block alone for any GPU.
void read_latency(ModelReading& m, const Node& node) {
  const std::string path = join_path(m.path, "latency");
  Node resolved = Node::map();
  const auto table = tables::latency();
  const bool direct = std::any_of(node.entries.begin(), node.entries.end(), [&](const Entry& e) {
    return std::any_of(table.begin(), table.end(), [&](const Param& p) { return p.name == e.key; });
  });
  if (direct || !node.is(Node::Kind::map) || node.entries.empty()) {
    read_one_latency(m, node, path, "*", resolved);
  } else {
    const auto known = names_of(catalogue().gpus);
    for (const auto& entry : node.entries) {
      const std::string inner = join_path(path, entry.key);
      if (entry.key != "*" && std::find(known.begin(), known.end(), entry.key) == known.end()) {
        Node at = entry.value;
        at.line = entry.line;
        report_unknown(m.problems, at, path, "GPU", entry.key, known);
        m.ok = false;
      }
      read_one_latency(m, entry.value, inner, entry.key, resolved);
    }
  }
  m.resolved.set("latency", std::move(resolved));
}

/// Exactly one of latency and service_time.
void read_times(ModelReading& m, const Block& block) {
  const Node* latency = m.node.find("latency");
  const bool has_law = m.node.find("service_time") != nullptr;
  if (latency != nullptr && has_law) {
    m.problems.add(m.node, m.path, "latency and service_time are both given",
                   "keep one: latency by GPU type, or one law for any GPU");
    m.ok = false;
    return;
  }
  if (latency == nullptr && !has_law) {
    m.problems.add(m.node, m.path, "says nothing of how long a query takes", "give latency, service_time or a profile");
    m.ok = false;
    return;
  }
  if (latency != nullptr) return read_latency(m, *latency);
  const auto law = block.laws.find("service_time");
  if (law == block.laws.end()) return;
  Law noise = law->second;
  const double mean_s = noise.mean;
  if (!(mean_s > 0)) {
    if (block.ok)
      m.problems.add(*m.node.find("service_time"), join_path(m.path, "service_time"),
                     "is 0: a query would take no time", "give a time above 0s");
    m.ok = false;
    return;
  }
  noise.mean = 1;
  for (auto& value : noise.values) value /= mean_s;
  LatencySpec by_law;
  by_law.fixed_s = mean_s;
  by_law.noise = std::move(noise);
  m.spec.latency.emplace("*", std::move(by_law));
}

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

void read_host_memory(ModelReading& m) {
  const Block block = m.nested("host_memory", tables::host_memory());
  const ParamSet& v = block.values;
  m.spec.host_memory = {.steady = v.bytes("steady"),
                        .loading = v.has("loading") ? v.bytes("loading") : v.bytes("steady"),
                        .limit = v.bytes("limit")};
  if (block.ok && m.spec.host_memory.limit.value > 0 && m.spec.host_memory.steady > m.spec.host_memory.limit) {
    m.problems.add(*m.node.find("host_memory"), join_path(m.path, "host_memory"),
                   fmt::format("steady {} is above the limit {}: every process would be killed",
                               format_amount(ParamType::bytes, v.number("steady")),
                               format_amount(ParamType::bytes, v.number("limit"))),
                   "raise limit or lower steady");
    m.ok = false;
  }
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

void read_cpu(ModelReading& m) {
  if (m.node.find("cpu") == nullptr) return;
  const Block block = m.nested("cpu", tables::cpu());
  if (!block.ok) return;
  const ParamSet& v = block.values;
  m.spec.cpu = CpuSpec{.request = std::nullopt, .busy = v.number("busy"), .idle = v.number("idle")};
  if (v.has("request")) m.spec.cpu->request = v.number("request");
}

/// What a pod asks of CPU is one figure: `requests.cpu`, for which `cpu.request` is another place. The scheduler and
/// the autoscalers' utilization both go by it.
void join_cpu_requests(ModelReading& m) {
  if (!m.ok) return;
  std::int64_t& asked = m.spec.requests.milli_cpu;
  if (m.spec.cpu && m.spec.cpu->request) {
    const std::int64_t other = std::llround(*m.spec.cpu->request * 1000);
    if (asked > 0 && asked != other) {
      m.problems.add(*m.node.find("cpu")->find("request"), join_path(join_path(m.path, "cpu"), "request"),
                     fmt::format("{} cores, and requests.cpu says {}", format_number(*m.spec.cpu->request),
                                 format_number(static_cast<double>(asked) / 1000)),
                     "they are the same figure: keep requests.cpu");
      m.ok = false;
    }
    asked = other;
  } else if (m.spec.cpu && asked > 0) {
    m.spec.cpu->request = static_cast<double>(asked) / 1000;
  }
}

/// 1, unlimited, or a block.
void read_concurrency(ModelReading& m) {
  Node as_block = Node::map();
  const Node* given = m.node.find("concurrency");
  const Node* node = given;
  if (given != nullptr && !given->is(Node::Kind::map)) {
    as_block.line = given->line;
    as_block.source = given->source;
    as_block.set("limit", *given);
    node = &as_block;
  }
  const Block block = read_block(m.problems, node, join_path(m.path, "concurrency"), tables::concurrency());
  m.ok = m.ok && block.ok;
  const ParamSet& v = block.values;
  const std::string& scaling = v.text("scaling");
  m.spec.concurrency = {.limit = v.integer("limit"),
                        .scaling = scaling == "efficiency"   ? ConcurrencyScaling::efficiency
                                   : scaling == "contention" ? ConcurrencyScaling::contention
                                                             : ConcurrencyScaling::shared,
                        .efficiency = v.number("efficiency"),
                        .slope = v.number("slope"),
                        .cap = v.number("cap")};
  for (const auto& [key, wanted] :
       {std::pair{"efficiency", "efficiency"}, {"slope", "contention"}, {"cap", "contention"}}) {
    if (!v.given(key) || scaling == wanted || !block.ok) continue;
    // A default that was written out says nothing.
    if ((std::string_view(key) == "efficiency" && v.number(key) == 1) ||
        (std::string_view(key) != "efficiency" && v.number(key) == 0))
      continue;
    m.problems.add(*node->find(key), join_path(join_path(m.path, "concurrency"), key),
                   fmt::format("means nothing with scaling: {}", scaling),
                   fmt::format("say scaling: {}, or remove it", wanted));
    m.ok = false;
  }
  m.resolved.set("concurrency", block.resolved);
}

/// The store's stream and what comes after it, the slowest of which counts.
WeightsSpec read_weights(ModelReading& m, const Node& given, const std::string& path, Node& resolved) {
  Block block = read_block(m.problems, &given, path, tables::weights());
  m.ok = m.ok && block.ok;
  const ParamSet& v = block.values;
  WeightsSpec out{.bytes = v.has("bytes") ? v.bytes("bytes") : m.spec.memory.weights,
                  .bytes_per_s = v.number("stream")};
  for (const auto* key : {"disk", "deserialise", "pcie"})
    if (v.has(key)) out.bytes_per_s = std::min(out.bytes_per_s, v.number(key));
  if (block.ok && out.bytes.value == 0) {
    m.problems.add(given, path, "has no bytes to load", "give bytes, or memory.weights");
    m.ok = false;
  }
  std::erase_if(block.resolved.entries, [](const Entry& entry) { return entry.value.is(Node::Kind::null); });
  resolved = std::move(block.resolved);
  return out;
}

void read_cold_start(ModelReading& m) {
  Block block = m.nested("cold_start", tables::cold_start());
  m.spec.cold_start = {.image = block.values.bytes("image"),
                       .pull_bytes_per_s = block.values.number("pull"),
                       .cached = block.values.number("cached"),
                       .container = block.laws.at("container"),
                       .import_framework = block.laws.at("import"),
                       .weights = {},
                       .load = block.laws.at("load"),
                       .first_batch = block.laws.at("first_batch")};
  if (block.values.has("decompress"))
    m.spec.cold_start.pull_bytes_per_s =
        std::min(m.spec.cold_start.pull_bytes_per_s, block.values.number("decompress"));
  const Node* node = m.node.find("cold_start");
  const Node* weights = node == nullptr ? nullptr : node->find("weights");
  if (weights == nullptr) return;
  const std::string path = join_path(join_path(m.path, "cold_start"), "weights");
  if (node->find("load") != nullptr) {
    m.problems.add(*weights, path, "load and weights are both given", "keep one: a time, or bytes over a store");
    m.ok = false;
  }
  Node resolved;
  m.spec.cold_start.weights = read_weights(m, *weights, path, resolved);
  block.resolved.set("weights", std::move(resolved));
  block.resolved.erase("load");
  m.resolved.set("cold_start", std::move(block.resolved));
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

SloSpec read_slo(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok) {
  const Block block = read_block(problems, node, path, tables::slo());
  ok = ok && block.ok;
  resolved = block.resolved;
  SloSpec out;
  static constexpr std::array<std::pair<std::string_view, double>, 5> levels = {{{"response_time_p50", 0.5},
                                                                                 {"response_time_p90", 0.9},
                                                                                 {"response_time_p95", 0.95},
                                                                                 {"response_time_p99", 0.99},
                                                                                 {"response_time_p999", 0.999}}};
  for (const auto& [name, level] : levels) {
    if (!block.values.has(name)) continue;
    if (out.response_time && block.ok) {
      problems.add(*node, path, "more than one response time target", "keep one; thresholds count exactly at others");
      ok = false;
    }
    out.response_time = block.values.duration(name);
    out.response_time_quantile = level;
  }
  if (block.values.has("backlog_time")) out.backlog_time = block.values.duration("backlog_time");
  return out;
}

std::vector<Duration> to_durations(const ParamSet& values, std::string_view name) {
  std::vector<Duration> out;
  if (values.has(name))
    for (const double seconds : values.numbers(name)) out.push_back(to_duration(seconds));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace windtunnel
