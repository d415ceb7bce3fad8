// One model being read: what the readers of its blocks share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {

/// Each reader takes its keys of `node`, fills its part of `spec` and of `resolved`, and clears `ok` after a problem.
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

/// `latency`, by GPU type or for any, or `service_time`: exactly one of them.
void read_times(ModelReading& m, const Block& block);
/// `concurrency`: 1, unlimited, or a block.
void read_concurrency(ModelReading& m);
/// `cold_start`, after the memory whose weights it loads.
void read_cold_start(ModelReading& m);
/// `host_memory` and `cpu`: what a replica takes of its node.
void read_host_memory(ModelReading& m);
void read_cpu(ModelReading& m);
/// What a pod asks of CPU is one figure: `requests.cpu`, for which `cpu.request` is another place. The scheduler and
/// the autoscalers' utilization both go by it.
void join_cpu_requests(ModelReading& m);

}  // namespace windtunnel
