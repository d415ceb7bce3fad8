// A scenario as checked and complete: what the reader makes and the simulation takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/spec.hpp"
#include "sim/core/param.hpp"
#include "sim/metrics/spec.hpp"
#include "sim/scenario/manifest_origin.hpp"
#include "sim/scenario/vertical_spec.hpp"
#include "sim/serving/pipeline_spec.hpp"
#include "sim/serving/spec.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel {

/// How one model is scaled: a row of the policy registry with its parameters, and what every policy shares.
struct ScalingSpec {
  std::string model;
  std::string policy = "fixed";
  ParamSet params;
  int min = 1, max = 1;
  int initial = 1;  ///< replicas there and ready at time 0
  Duration interval = std::chrono::seconds(15);
  bool seeded_phase = false;   ///< the first decision comes up to an interval late, by the seed
  Duration interval_jitter{};  ///< every interval is longer by up to this, by the seed
  Duration scrape_interval = std::chrono::seconds(15);  ///< 0: read at the decision
  bool reuse_draining = false;
  bool idle_first = false;               ///< scale_down_first: idle
  bool preempt = false;                  ///< scale_down: preempt_resume
  std::optional<Duration> keep_alive{};  ///< to zero once nothing was inside for so long, to one when a query comes
  bool by_load = false;                  ///< scale_down_first: deletion_cost, kept at each pod's queries
};

/// How a bound was written: a plain number is in the metric's own unit, whatever that is.
enum class BoundKind { number, duration, size, rate };

/// One `expect` line: a path of summary.json and a bound.
struct ExpectSpec {
  std::string metric;
  std::string bound;  ///< below, at_most, above, at_least
  double value = 0;   ///< seconds, bytes or per second unless it was a plain number
  BoundKind kind = BoundKind::number;
  int line = 0;  ///< of the file, for messages; 0 when it came from the command line
};

/// One column of `compare`: a name, and settings laid over the scenario.
struct VariantSpec {
  std::string name;
  std::vector<std::pair<std::string, std::string>> set;  ///< path, value as YAML text
};

struct Scenario {
  std::string name;
  std::string file;      ///< where it was read from; for messages
  std::string digest;    ///< 16 hex digits over `resolved`, trace paths cut to their file names
  std::string resolved;  ///< YAML with every default filled in; loads to the same scenario
  std::uint64_t seed = 1;
  Duration horizon{};  ///< 0 when left out, which only a to_empty run may whose traffic ends
  Duration warm_up{};
  bool to_empty = false;          ///< run: to_empty: go on past the last arrival until nothing is inside
  std::vector<ModelSpec> models;  ///< copies already expanded
  std::vector<PipelineSpec> pipelines;
  std::vector<WorkloadSpec> workload;
  std::vector<NodePoolSpec> node_pools;
  NodeScalerSpec node_scaler;
  std::optional<SchedulerSpec> scheduler;  ///< none: pods go to the first pool of the file with room
  double weights_store_bytes_per_s = 0;    ///< all replicas that load from it together; 0: not limited
  std::vector<ScalingSpec> scaling;        ///< one for each model, in the order of `models`
  std::vector<VerticalSpec> vertical;      ///< of the models that have one, in the order of `models`
  MetricsSpec metrics;
  std::vector<ExpectSpec> expect;
  std::vector<VariantSpec> compare;
  std::optional<ManifestOrigin> manifests;  ///< none: a scenario file
};

}  // namespace windtunnel
