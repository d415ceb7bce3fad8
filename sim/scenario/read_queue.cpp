// Reads a model's `batch` and `queue`.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/core/error.hpp"
#include "sim/scenario/overlay.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace {

// preferred: whole numbers up to max.
void read_preferred(ProblemList& problems, const Node& node, const std::string& path, const ParamSet& v, BatchSpec& out,
                    bool& ok) {
  if (!v.has("preferred")) return;
  for (const double size : v.numbers("preferred")) {
    if (size != std::floor(size) || size > out.max) {
      problems.add(*node.find("preferred"), join_path(path, "preferred"),
                   fmt::format("{:g} is no whole number up to max {}", size, out.max), "raise max or remove the size");
      ok = false;
    }
    out.preferred.push_back(static_cast<int>(std::min<double>(size, out.max)));
  }
  std::sort(out.preferred.begin(), out.preferred.end());
}

void check_queue(ProblemList& problems, const Node& model, const std::string& path, const QueueSpec& queue, bool& ok) {
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    problems.add(*model.find("queue"), path, what, hint);
    ok = false;
  };
  const Node* dispatch = model.find("dispatch");
  const bool pull = dispatch == nullptr || dispatch->text == "pull";
  if (!pull && (queue.discipline != Discipline::fifo || queue.prefetch > 0))
    refuse(fmt::format("{} needs a queue that workers pull from, and dispatch is {}",
                       queue.prefetch > 0 ? "prefetch" : "discipline", dispatch->text),
           "write dispatch: pull, or remove it");
  if (queue.preemptive && queue.discipline != Discipline::priority)
    refuse("preemption is between classes", "write discipline: priority, or remove preemption");
  if (queue.preemptive && queue.prefetch > 0)
    refuse("preemption and prefetch do not go together", "keep one: what a worker holds is in its own order");
  if (queue.partitions > 0 && !queue.ordered) refuse("partitions say nothing without ordering", "write ordering: key");
  if (const Node* batch = model.find("batch"); queue.preemptive && batch != nullptr)
    if (const Node* max = batch->find("max"); max != nullptr && max->text != "1")
      refuse("preemption is of single queries, and batch.max is " + max->text, "write batch: {max: 1}");
}

}  // namespace

BatchSpec read_batch(ProblemList& problems, const Node* node, const std::string& path, Node& resolved, bool& ok) {
  const Block block = read_block(problems, node, path, tables::batch());
  ok = ok && block.ok;
  resolved = block.resolved;
  const ParamSet& v = block.values;
  BatchSpec out{.max = v.integer("max"), .wait = v.duration("wait")};
  if (out.max == 0) out.max = kUnlimitedBatch;
  if (!block.ok) return out;
  const auto refuse = [&](const std::string& key, const std::string& what, const std::string& hint) {
    problems.add(*node->find(key), join_path(path, key), what, hint);
    ok = false;
  };
  if (v.has("min")) out.min = v.integer("min");
  if (out.min > out.max)
    refuse("min", fmt::format("{} is above max {}: no batch would ever begin", out.min, out.max), "lower it");
  if (v.has("shape")) out.same_size = v.text("shape") == "same_size";
  if (out.min > 1 && out.same_size && out.wait == Duration{})
    refuse("min", "fewer of one size than that would stand in the way for ever", "give a wait");
  if (out.max == kUnlimitedBatch && out.wait > Duration{} && out.min == 0)
    refuse("max", "unlimited and a wait: no batch is ever full", "give min, the number that is enough");
  if (node != nullptr) read_preferred(problems, *node, path, v, out, ok);
  if (!out.preferred.empty() && out.min > 0)
    refuse("preferred", "preferred and min both say when a batch begins", "keep one");
  return out;
}

Node with_queue_preset(ProblemList& problems, const Node& model, const std::string& path, bool& ok) {
  const Node* queue = model.find("queue");
  if (queue == nullptr) return model;
  Node top = model;
  if (queue->is(Node::Kind::scalar)) {  // queue: sqs
    Node block = Node::map();
    block.line = queue->line;
    block.source = queue->source;
    block.set("preset", *queue);
    top.set("queue", std::move(block));
  }
  const Node* name = top.find("queue")->find("preset");
  if (name == nullptr) return top;
  const auto* row =
      find_row(problems, *name, join_path(join_path(path, "queue"), "preset"), "broker", tables::queue_presets());
  if (row == nullptr) {
    ok = false;
    return top;
  }
  auto keys = parse_document(row->keys, row->name);
  SIM_CHECK(keys.has_value(), "the keys of a broker do not parse");
  return lay_over(*keys, top);
}

QueueSpec read_queue(ProblemList& problems, const Node& model, const std::string& path, Node& resolved, bool& ok) {
  const Node* node = model.find("queue");
  QueueSpec out;
  if (node == nullptr) return out;
  const std::string at = join_path(path, "queue");
  const Block block = read_block(problems, node, at, tables::queue());
  ok = ok && block.ok;
  resolved = block.resolved;
  const ParamSet& v = block.values;
  const std::string& discipline = v.text("discipline");
  out = {.given = true,
         .discipline = discipline == "priority"            ? Discipline::priority
                       : discipline == "earliest_deadline" ? Discipline::earliest_deadline
                                                           : Discipline::fifo,
         .preemptive = v.text("preemption") == "resume",
         .prefetch = v.integer("prefetch"),
         .ack_timeout = v.duration("ack_timeout"),
         .drop_head = v.text("overflow") == "drop_head",
         .ordered = v.text("ordering") == "key",
         .partitions = v.integer("partitions")};
  if (block.ok) check_queue(problems, model, at, out, ok);
  return out;
}

}  // namespace windtunnel
