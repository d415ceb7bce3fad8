// What a scenario says about pipelines: a chain, or a graph of stages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/time.hpp"
#include "sim/serving/slo_spec.hpp"

namespace windtunnel {

/// From one stage to another. What is random about it is keyed by the root query, so nothing moves it (law 3).
struct PipelineEdge {
  std::uint32_t from = 0, to = 0;  ///< into PipelineSpec::stages
  double probability = 1;
  /// Edges of one stage with the same choice exclude each other: at most one is taken. Empty: drawn by itself.
  std::string choice = {};
  std::optional<Law> size_factor = {};  ///< on the size; none: it is passed on as it is
  bool feedback = false;                ///< leads back: only in a walk, where at most one exit of a stage is taken
};

/// A chain of models, or a graph of them; the query keeps its id and, unless said otherwise, its size.
struct PipelineSpec {
  std::string name;
  std::vector<std::string> stages;  ///< in an order in which every edge but feedback leads forward
  SloSpec slo;
  std::vector<Duration> thresholds;
  std::vector<PipelineEdge> edges = {};             ///< empty: a chain
  std::vector<std::uint32_t> optional_stages = {};  ///< whose failure the query survives

  [[nodiscard]] bool is_chain() const { return edges.empty(); }
};

}  // namespace windtunnel
