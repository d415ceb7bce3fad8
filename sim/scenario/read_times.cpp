// Reads how long a query takes: `latency` or `service_time` of a model.
#include <algorithm>

#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/model_reading.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

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

}  // namespace

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

}  // namespace windtunnel
