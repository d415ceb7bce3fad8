// One entry of `workload` being read: what the readers of its source share.
#pragma once

#include <string>

#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {

struct EntryReading {
  Reading& reading;
  const Node& node;
  std::string path;
  Block block;
  WorkloadSpec spec{};

  [[nodiscard]] ProblemList& problems() const { return reading.problems; }
};

/// `arrivals`: a process with its curve and batches.
void read_arrivals(EntryReading& e, const Node& node);
/// `trace`: a recorded file, where its labels go, and its rate.
void read_trace(EntryReading& e, const Node& node);

/// The list under `transforms` of the block that gives the source, which is read already.
void read_transform_list(EntryReading& e, const Node& node, const std::string& path, Node& resolved);
/// That the model has such a variant.
void check_variant(EntryReading& e, const Node& at, const std::string& path, const std::string& model,
                   const std::string& variant);

}  // namespace windtunnel
