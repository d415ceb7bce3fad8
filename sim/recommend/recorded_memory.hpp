// Memory of models in a recording of Prometheus.
#pragma once

#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/recommend/advice.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

struct RecordedQuestion {
  TraceSpec file;                    ///< a Prometheus answer (JSON) or exposition text
  std::optional<std::string> by;     ///< label whose value is the model; none: by the pod's name
  RecommenderSpec recommender;       ///< margin and the like
  std::optional<Duration> interval;  ///< of a peak; none: an eighth of the recording, at most a day
  std::optional<Bytes> gpu, node;    ///< memory that replicas share
};

struct RecordedMemory {
  std::vector<MemoryAdvice> advice;  ///< by model, main memory first
  double span_s = 0;                 ///< 0: the file has no times, each sample is a peak
  Duration interval{};
  std::vector<std::string> notes;  ///< what a reader must know
};

/// Reads the file once, twice where it says its span only in the end. Problems for a file that cannot be read, holds no
/// metric of memory, or whose samples name no pod.
Result<RecordedMemory> read_recorded_memory(const RecordedQuestion& question);

}  // namespace windtunnel
