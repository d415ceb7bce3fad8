// Reads a model's `memory`.
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

// [A] on top of a measured 1.01-1.15 for fixed shapes: batch N then N + 1 leaves slivers in every layer.
constexpr double kFixedShapes = 1.1, kVaryingShapes = 1.25;

struct MemoryReading {
  ProblemList& problems;
  const Node& node;
  const std::string& path;
  MemorySpec& out;
  Node& resolved;
  bool ok = true;

  void refuse(std::string_view key, std::string what, std::string hint) {
    const Node* at = node.find(key);
    problems.add(at == nullptr ? node : *at, at == nullptr ? path : join_path(path, key), std::move(what),
                 std::move(hint));
    ok = false;
  }
  /// The nested block of that key, where the file has one.
  std::optional<Block> nested(std::string_view key, std::span<const Param> table) {
    const Node* given = node.find(key);
    if (given == nullptr) return std::nullopt;
    Block block = read_block(problems, given, join_path(path, key), table);
    ok = ok && block.ok;
    resolved.set(key, block.resolved);
    return block;
  }
};

void read_phases(MemoryReading& m) {
  const Node* given = m.node.find("phases");
  if (given == nullptr) return;
  if (m.node.find("per_item") != nullptr)
    return m.refuse("per_item", "is given beside phases", "remove it: every phase has a per_item of its own");
  if (!given->is(Node::Kind::sequence) || given->items.empty())
    return m.refuse("phases", "is no list of phases",
                    "write phases: [{share_of_work: 0.9, per_item: 350MB}, {share_of_work: 0.1, per_item: 1.5GB}]");
  Node resolved = Node::sequence();
  double sum = 0;
  bool read = true;
  for (std::size_t i = 0; i < given->items.size(); ++i) {
    const Block block =
        read_block(m.problems, &given->items[i], fmt::format("{}.phases.{}", m.path, i), tables::memory_phase());
    read = read && block.ok;
    m.out.phases.push_back({block.values.number("share_of_work"), block.values.bytes("per_item")});
    sum += m.out.phases.back().share_of_work;
    resolved.items.push_back(block.resolved);
  }
  m.ok = m.ok && read;
  m.resolved.set("phases", std::move(resolved));
  if (read && std::abs(sum - 1) > 1e-9)
    m.refuse("phases", fmt::format("the shares of work sum to {:.6g}, not to 1", sum),
             "make every part of the batch belong to one phase");
}

void read_pool(MemoryReading& m, const ParamSet& memory) {
  const auto block = m.nested("pool", tables::token_pool());
  const std::string& allocator = memory.text("allocator");
  if (!block) {
    if (allocator == "pool")
      m.refuse("allocator", "pool says nothing of the pool", "write pool: {share_of_device: 0.9, per_token: 128KiB}");
    return;
  }
  if (memory.given("allocator") && allocator != "pool")
    return m.refuse("pool", fmt::format("means nothing with allocator: {}", allocator),
                    "say allocator: pool, or remove it");
  for (const char* key : {"per_item", "phases", "leak", "oversubscribe"}) {
    if (m.node.find(key) != nullptr && (key != std::string_view("per_item") || m.out.per_item.value > 0))
      m.refuse(key, "means nothing with a pool, which is all the memory a batch has",
               "remove it; the work of a batch is pool.activation");
  }
  const ParamSet& v = block->values;
  if (v.has("bytes") && v.has("share_of_device") && v.given("share_of_device"))
    m.refuse("pool", "bytes and share_of_device are both given", "keep one");
  TokenPoolSpec pool{.activation = v.bytes("activation"),
                     .per_token = v.bytes("per_token"),
                     .block_tokens = v.integer("block_tokens")};
  if (v.has("bytes")) {
    pool.bytes = v.bytes("bytes");
  } else {
    pool.share_of_device = v.has("share_of_device") ? v.number("share_of_device") : 0.9;
    m.resolved.find("pool")->set("share_of_device", Node::scalar(fmt::format("{}", pool.share_of_device)));
  }
  if (pool.bytes.value > 0 && pool.bytes.value < pool.per_token.value * pool.block_tokens && block->ok)
    m.refuse("pool", fmt::format("{} bytes hold no block of {} tokens", pool.bytes.value, pool.block_tokens),
             "raise bytes or lower block_tokens");
  m.out.allocator = Allocator::pool;
  m.out.pool = pool;
  m.resolved.set("allocator", Node::scalar("pool"));
}

void read_growth_and_paging(MemoryReading& m) {
  if (const auto leak = m.nested("leak", tables::leak()))
    m.out.leak = {.per_query = leak->values.bytes("per_query"), .per_hour = leak->values.bytes("per_hour")};
  if (const auto paging = m.nested("oversubscribe", tables::oversubscribe()))
    m.out.paging_bytes_per_s = paging->values.number("pcie_bandwidth");
}

}  // namespace

bool read_memory(ProblemList& problems, const Node& node, const std::string& path, MemorySpec& out, Node& resolved) {
  Block block = read_block(problems, &node, path, tables::memory());
  resolved = std::move(block.resolved);
  MemoryReading m{.problems = problems, .node = node, .path = path, .out = out, .resolved = resolved, .ok = block.ok};
  const ParamSet& v = block.values;
  out.context = v.bytes("context");
  out.context_mps = v.bytes("context_mps");
  out.weights = v.bytes("weights");
  out.per_item = v.bytes("per_item");
  out.overhead = v.has("overhead")               ? v.number("overhead")
                 : v.text("shapes") == "varying" ? kVaryingShapes
                                                 : kFixedShapes;
  resolved.set("overhead", Node::scalar(fmt::format("{}", out.overhead)));
  const std::string& allocator = v.text("allocator");
  out.allocator = allocator == "plain" || allocator == "exact" ? Allocator::plain : Allocator::caching;
  out.give_back_stall = v.duration("give_back_stall");
  if (node.is(Node::Kind::map)) {
    read_phases(m);
    read_pool(m, v);
    read_growth_and_paging(m);
  }
  std::erase_if(resolved.entries, [](const Entry& entry) { return entry.value.is(Node::Kind::null); });
  if (out.allocator == Allocator::pool || !out.phases.empty()) resolved.erase("per_item");
  return m.ok;
}

}  // namespace windtunnel
