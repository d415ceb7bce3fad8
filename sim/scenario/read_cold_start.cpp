// Reads `cold_start` of a model.
#include <algorithm>

#include "sim/scenario/model_reading.hpp"

namespace windtunnel {
namespace {

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

}  // namespace

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

}  // namespace windtunnel
