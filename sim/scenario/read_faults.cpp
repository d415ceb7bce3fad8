// Reads `models.<name>.faults`.
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

FaultClock clock_of(const Block& block) {
  return block.values.text("clock") == "always" ? FaultClock::always : FaultClock::while_serving;
}

/// The block under `key`, if the file has one.
std::optional<Block> part(ProblemList& problems, const Node& faults, const std::string& path, std::string_view key,
                          std::span<const Param> table, Node& resolved, bool& ok) {
  const Node* node = faults.find(key);
  if (node == nullptr) return std::nullopt;
  const std::string inner = join_path(path, key);
  Block block = read_block(problems, node, inner, table);
  if (const auto up = block.laws.find("up"); block.ok && up != block.laws.end() && !(up->second.mean > 0)) {
    problems.add(*node, join_path(inner, "up"), "is 0: it would happen all the time", "give a time above 0s");
    block.ok = false;
  }
  ok = ok && block.ok;
  resolved.set(key, block.resolved);
  return block;
}

}  // namespace

FaultsSpec read_faults(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok) {
  FaultsSpec out;
  if (node == nullptr) return out;
  ok = read_block(problems, node, path, tables::faults()).ok && ok;
  if (!node->is(Node::Kind::map)) return out;
  if (const auto block = part(problems, *node, path, "pause", tables::pause(), resolved, ok); block && block->ok)
    out.pause = PauseSpec{.up = block->laws.at("up"), .down = block->laws.at("down"), .clock = clock_of(*block)};
  if (const auto block = part(problems, *node, path, "crash", tables::crash(), resolved, ok); block && block->ok) {
    out.crash = CrashSpec{.up = block->laws.at("up"),
                          .clock = clock_of(*block),
                          .exit_code = block->values.integer("exit_code"),
                          .down = std::nullopt};
    if (const auto down = block->laws.find("down"); down != block->laws.end()) out.crash->down = down->second;
  }
  if (const auto block = part(problems, *node, path, "fatal_fault", tables::fatal_fault(), resolved, ok);
      block && block->ok) {
    const Law between{.kind = LawKind::exponential, .mean = block->values.number("mean_time_between")};
    out.fatal_fault = FatalFaultSpec{.up = between, .exit_code = block->values.integer("exit_code")};
  }
  return out;
}

}  // namespace windtunnel
