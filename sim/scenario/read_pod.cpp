// Reads `models.<name>.probe`, `requests` and `termination`.
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

std::optional<ProbeTicker> read_ticker(ProblemList& problems, const Node& probe, const std::string& path,
                                       std::string_view key, Node& resolved, bool& ok) {
  const Node* node = probe.find(key);
  if (node == nullptr) return std::nullopt;
  const std::string inner = join_path(path, key);
  Block block = read_block(problems, node, inner, tables::probe_ticker());
  const ParamSet& v = block.values;
  const ProbeTicker out{.initial_delay = v.duration("initial_delay"),
                        .period = v.duration("period"),
                        .timeout = v.duration("timeout"),
                        .success_threshold = v.integer("success_threshold"),
                        .failure_threshold = v.integer("failure_threshold")};
  if (block.ok && key != "readiness" && out.success_threshold != 1) {
    problems.add(*node->find("success_threshold"), join_path(inner, "success_threshold"),
                 fmt::format("{} is not 1, as Kubernetes asks of a {} probe", out.success_threshold, key),
                 "leave it out; a readiness probe may have more");
    block.ok = false;
  }
  if (block.ok && out.timeout > out.period) {
    problems.add(*node, inner, "timeout is longer than period: one probe would run into the next",
                 "lower timeout or raise period");
    block.ok = false;
  }
  ok = ok && block.ok;
  resolved.set(key, std::move(block.resolved));
  return out;
}

void read_probe(ProblemList& problems, const Node& model, const std::string& path, ProbeSpec& out, Node& resolved,
                bool& ok) {
  const Node* node = model.find("probe");
  Block block = read_block(problems, node, path, tables::probe());
  ok = ok && block.ok;
  const ParamSet& v = block.values;
  out.period = v.duration("period");
  out.failure_threshold = v.integer("failure_threshold");
  out.grace = v.duration("grace");
  out.blocked_while_busy = v.has("while_busy") && v.text("while_busy") == "blocked";
  if (node != nullptr && node->is(Node::Kind::map)) {
    out.startup = read_ticker(problems, *node, path, "startup", block.resolved, ok);
    out.readiness = read_ticker(problems, *node, path, "readiness", block.resolved, ok);
    out.liveness = read_ticker(problems, *node, path, "liveness", block.resolved, ok);
    if (block.ok && out.blocked_while_busy && !out.readiness && !out.liveness) {
      problems.add(*node->find("while_busy"), join_path(path, "while_busy"),
                   "says nothing without a readiness or liveness block: no probe is sent",
                   "add `liveness: {}` for Kubernetes' defaults, or remove it");
      ok = false;
    }
  }
  resolved.set("probe", std::move(block.resolved));
}

}  // namespace

void read_pod(ProblemList& problems, const Node& model, const std::string& path, ModelSpec& out, Node& resolved,
              bool& ok) {
  read_probe(problems, model, join_path(path, "probe"), out.probe, resolved, ok);
  if (const Node* node = model.find("requests")) {
    Block block = read_block(problems, node, join_path(path, "requests"), tables::requests());
    ok = ok && block.ok;
    out.requests = {.milli_cpu = std::llround(block.values.number("cpu") * 1000),
                    .memory = block.values.bytes("memory")};
    resolved.set("requests", std::move(block.resolved));
  }
  const Node* node = model.find("termination");
  if (node == nullptr) return;
  const std::string inner = join_path(path, "termination");
  Block block = read_block(problems, node, inner, tables::termination());
  ok = ok && block.ok;
  const std::string& on_sigterm = block.values.text("on_sigterm");
  out.termination = {.grace = block.values.duration("grace"),
                     .pre_stop = block.values.duration("pre_stop"),
                     .on_sigterm = on_sigterm == "exit"     ? OnSigterm::exit
                                   : on_sigterm == "ignore" ? OnSigterm::ignore
                                                            : OnSigterm::drain};
  resolved.set("termination", std::move(block.resolved));
}

}  // namespace windtunnel
