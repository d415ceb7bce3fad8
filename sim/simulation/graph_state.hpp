// A pipeline that is no chain: its edges, and the queries that are forked over its stages.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/time.hpp"
#include "sim/serving/query_pool.hpp"

namespace windtunnel {

/// Sums over queries that completed: where their time went.
struct StageTimes {
  std::uint64_t visits = 0, critical = 0;  ///< visits that ended; those on the longest way through
  Duration time{}, critical_time{};
};

/// One stage of one forked query.
struct StageRun {
  std::uint32_t unresolved = 0;  ///< edges into it not decided yet
  std::uint32_t taken = 0;       ///< of those decided
  std::uint32_t visits = 0;
  std::uint32_t enabled_by = kNone;  ///< the stage whose end began it
  QueryId slot = kNone;              ///< while it runs
  SimTime began{}, ended{};
  Duration time{};  ///< of its visits that ended
  double size = 0;  ///< the largest that an edge brought
};

/// A forked query.
struct ForkedRun {
  std::vector<StageRun> stages;
  std::uint32_t open = 0;      ///< stages that run
  std::uint32_t last = kNone;  ///< the stage that ended last
};

struct GraphEdge {
  std::uint32_t from = 0, to = 0;
  double probability = 1;
  std::uint32_t choice = kNone;  ///< edges of one stage with the same number exclude each other
  bool feedback = false, scales = false;
  LawSampler size_factor{};
};

struct GraphState {
  std::vector<GraphEdge> edges;                   ///< by stage they leave, then as in the file
  std::vector<std::vector<std::uint32_t>> exits;  ///< by stage: into edges
  std::vector<std::uint32_t> entries;             ///< edges into each stage but feedback
  std::vector<bool> optional;                     ///< by stage
  bool is_walk = false;                           ///< one stage at a time
  std::vector<ForkedRun> runs;
  std::vector<std::uint32_t> free_runs;
};

}  // namespace windtunnel
