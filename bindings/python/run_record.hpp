// One variant's outcome as Python keeps it.
#pragma once

#include <mutex>
#include <nlohmann/json.hpp>

#include "sim/report/recorder.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel::python {

/// The merged summary, what the first replication told, and the distributions of all replications pooled.
struct RunRecord {
  explicit RunRecord(Recorder::Keep keep) : recorder(keep) {}

  nlohmann::ordered_json summary;
  Recorder recorder;
  RunResult first;  ///< of replication 0; its histograms hold all replications
  std::vector<std::string> models, pipelines;
  std::mutex merging;
  bool has_first = false;
};

}  // namespace windtunnel::python
