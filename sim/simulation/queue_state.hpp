// What a model's broker and its clients keep beside the queue itself.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/histogram.hpp"
#include "sim/core/law.hpp"
#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/serving/query_queue.hpp"
#include "sim/serving/ranked_queue.hpp"

namespace windtunnel {

/// Queries of one priority, kept where a model has classes.
struct ClassState {
  std::uint64_t completed = 0;
  Histogram response_time, queueing_delay;
  std::vector<ThresholdCount> response_thresholds;
};

struct QueueState {
  std::unique_ptr<RankedQueue> ranks;  ///< none: first come, first served
  std::map<std::uint32_t, QueryQueue>
      waiting_for_key;  ///< behind the one query of that key that is ahead or in service
  std::map<std::uint32_t, bool> key_taken;
  std::uint32_t ack_link = kNone;
  std::uint32_t turn = 0;  ///< of prefetching workers
  bool preempts = false;
  std::map<std::uint16_t, ClassState> classes;
  QueueCounts counts;
};

/// The clients of one workload.
struct ClientState {
  const ClientSpec* spec = nullptr;  ///< never null: those that wait for ever if nothing is said
  std::uint32_t link = kNone;        ///< their time-outs, where these are all alike
  LawSampler timeout, think, size;
  std::string for_key, for_patience, for_retry, for_branch, for_stage, for_think, for_query;  ///< random streams
  std::uint64_t made = 0;                 ///< queries so far: their ordinals
  std::vector<std::uint64_t> asked = {};  ///< by client of a closed loop
  ClientCounts counts;
};

}  // namespace windtunnel
