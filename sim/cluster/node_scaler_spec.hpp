// What a scenario says about who orders nodes and gives them back, who places pods, and what takes nodes away.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/cluster/node_score.hpp"
#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

/// on_demand: a node the moment a pod fits nowhere; the others as the projects of those names do.
enum class NodeScalerKind : std::uint8_t { on_demand, cluster_autoscaler, karpenter, fixed };

/// Which group a cluster autoscaler lets grow.
enum class Expander : std::uint8_t { random, most_pods, least_waste, least_nodes, price, priority };

struct NodeScalerSpec {
  NodeScalerKind kind = NodeScalerKind::on_demand;
  Duration give_up = std::chrono::minutes(15);  ///< an order that is no node by then has failed
  Duration backoff_first = std::chrono::minutes(5), backoff_most = std::chrono::minutes(30),
           backoff_reset = std::chrono::hours(3);

  // cluster_autoscaler
  Duration scan_interval = std::chrono::seconds(10), phase{};
  bool frequent_loops = true;
  Duration unneeded_time = std::chrono::minutes(10);
  Duration delay_after_add = std::chrono::minutes(10), delay_after_delete{};
  double threshold = 0.5;
  int most_deletions = 10, most_drains = 1;
  Duration most_graceful = std::chrono::seconds(600);
  std::vector<Expander> expanders = {Expander::least_waste};

  // karpenter
  Duration batch_idle = std::chrono::seconds(1), batch_most = std::chrono::seconds(10);
  Duration disruption_poll = std::chrono::seconds(10);
  bool when_underused = true;                 ///< not only when empty
  std::optional<Duration> consolidate_after;  ///< none: never
  double disruption_budget = 0.1;             ///< share of nodes that may be on their way out at once
};

/// A row of the node scalers' registry.
using NodeScalerEntry = RegistryEntry<NodeScalerSpec (*)(const ParamSet&)>;
std::span<const NodeScalerEntry> node_scaler_registry();

/// Reads "priority,least-waste". @return empty and the word that is none through `bad`
std::vector<Expander> parse_expanders(std::string_view text, std::string& bad);
std::span<const std::string_view> expander_names();

/// How nodes are rated for a pod.
enum class NodeScoring : std::uint8_t { least_allocated, most_allocated, requested_to_capacity };

struct SchedulerSpec {
  NodeScoring scoring = NodeScoring::least_allocated;
  std::int64_t cpu_weight = 1, memory_weight = 1, gpu_weight = 0;
  std::vector<ScorePoint> shape;  ///< of requested_to_capacity
  Duration backoff_first = std::chrono::seconds(1), backoff_most = std::chrono::seconds(10);
};

/// Capacity that its owner takes back.
struct SpotSpec {
  int zones = 1;                    ///< nodes are dealt to them in turn
  std::optional<Law> zone_reclaim;  ///< seconds between two reclaims of one zone: all its nodes together
  std::optional<Law> node_reclaim;  ///< seconds from a node's readiness to its own reclaim
  Law outage{.mean = 0};            ///< seconds after a zone's reclaim until it gives nodes again
  Duration notice = std::chrono::minutes(2);
};

}  // namespace windtunnel
