// The one table of node scalers, in the order `list` shows them.
#include <array>

#include "sim/cluster/node_scaler_spec.hpp"

namespace windtunnel {
namespace {

constexpr std::array<std::string_view, 6> kExpanders = {"random",      "most-pods", "least-waste",
                                                        "least-nodes", "price",     "priority"};

std::vector<Param> backoff_params() {
  return {{.name = "initial_backoff",
           .type = ParamType::duration,
           .doc = "after a failed order the pool is left alone for this, then twice that, ...",
           .fallback = "5m",
           .max = 1e6,
           .source = "[S] initial-node-group-backoff-duration"},
          {.name = "max_backoff",
           .type = ParamType::duration,
           .doc = "at most this",
           .fallback = "30m",
           .max = 1e6,
           .source = "[S] max-node-group-backoff-duration"},
          {.name = "backoff_reset",
           .type = ParamType::duration,
           .doc = "so long after a failure it is forgotten",
           .fallback = "3h",
           .max = 1e6,
           .source = "[S] node-group-backoff-reset-timeout"}};
}

std::vector<Param> with_backoff(std::vector<Param> params) {
  for (auto& param : backoff_params()) params.push_back(std::move(param));
  return params;
}

void take_backoff(NodeScalerSpec& out, const ParamSet& v) {
  out.backoff_first = v.duration("initial_backoff");
  out.backoff_most = v.duration("max_backoff");
  out.backoff_reset = v.duration("backoff_reset");
}

Param give_up_param(std::string_view name, std::string_view source) {
  return {.name = name,
          .type = ParamType::duration,
          .doc = "an order that is no node by then has failed",
          .fallback = "15m",
          .min = 0,
          .max = 1e6,
          .source = source};
}

NodeScalerSpec make_on_demand(const ParamSet& v) {
  NodeScalerSpec out;
  out.give_up = v.duration("max_node_provision_time");
  take_backoff(out, v);
  return out;
}

std::vector<Param> cluster_autoscaler_params() {
  return with_backoff({
      {.name = "scan_interval",
       .type = ParamType::duration,
       .doc = "between two loops",
       .fallback = "10s",
       .min = 0.1,
       .max = 1e6,
       .source = "[S] scan-interval"},
      {.name = "phase", .type = ParamType::duration, .doc = "of the first loop", .fallback = "0s", .max = 1e6},
      {.name = "frequent_loops",
       .type = ParamType::boolean,
       .doc = "a loop starts at once on a new unschedulable pod, and after a loop that did something",
       .fallback = "true",
       .source = "[S] frequent-loops-enabled"},
      give_up_param("max_node_provision_time", "[S] max-node-provision-time"),
      {.name = "scale_down_unneeded_time",
       .type = ParamType::duration,
       .doc = "a node goes when it was unneeded for longer than this",
       .fallback = "10m",
       .max = 1e6,
       .source = "[S] scale-down-unneeded-time"},
      {.name = "scale_down_delay_after_add",
       .type = ParamType::duration,
       .doc = "no node goes for so long after any was ordered",
       .fallback = "10m",
       .max = 1e6,
       .source = "[S] scale-down-delay-after-add"},
      {.name = "scale_down_delay_after_delete",
       .type = ParamType::duration,
       .doc = "the same after any was given back",
       .fallback = "0s",
       .max = 1e6,
       .source = "[S] scale-down-delay-after-delete"},
      {.name = "scale_down_utilization_threshold",
       .type = ParamType::share,
       .doc = "a node at or below it is unneeded if its pods fit elsewhere; GPU requests over GPU slots",
       .fallback = "0.5",
       .min = 0,
       .source = "[S] scale-down-gpu-utilization-threshold"},
      {.name = "max_scale_down_parallelism",
       .type = ParamType::integer,
       .doc = "nodes given back in one loop",
       .fallback = "10",
       .min = 1,
       .max = 1000000,
       .source = "[S] max-scale-down-parallelism"},
      {.name = "max_drain_parallelism",
       .type = ParamType::integer,
       .doc = "nodes with pods on them that are emptied at once",
       .fallback = "1",
       .min = 1,
       .max = 1000000,
       .source = "[S] max-drain-parallelism"},
      {.name = "max_graceful_termination",
       .type = ParamType::duration,
       .doc = "what is still on a node by then is killed with it",
       .fallback = "600s",
       .max = 1e6,
       .source = "[S] max-graceful-termination-sec"},
      {.name = "expander",
       .type = ParamType::text,
       .doc = "which pool grows: random, most-pods, least-waste, least-nodes, price or priority; several after commas, "
              "each decides among what the one before left; then drawn",
       .fallback = "least-waste",
       .source = "[S] expander"},
  });
}

NodeScalerSpec make_cluster_autoscaler(const ParamSet& v) {
  NodeScalerSpec out;
  std::string bad;
  out.kind = NodeScalerKind::cluster_autoscaler;
  out.give_up = v.duration("max_node_provision_time");
  take_backoff(out, v);
  out.scan_interval = v.duration("scan_interval");
  out.phase = v.duration("phase");
  out.frequent_loops = v.boolean("frequent_loops");
  out.unneeded_time = v.duration("scale_down_unneeded_time");
  out.delay_after_add = v.duration("scale_down_delay_after_add");
  out.delay_after_delete = v.duration("scale_down_delay_after_delete");
  out.threshold = v.number("scale_down_utilization_threshold");
  out.most_deletions = v.integer("max_scale_down_parallelism");
  out.most_drains = v.integer("max_drain_parallelism");
  out.most_graceful = v.duration("max_graceful_termination");
  out.expanders = parse_expanders(v.text("expander"), bad);
  return out;
}

std::vector<Param> karpenter_params() {
  return with_backoff({
      {.name = "batch_idle_duration",
       .type = ParamType::duration,
       .doc = "pods are gathered until none came for so long",
       .fallback = "1s",
       .max = 1e6,
       .source = "[S] BATCH_IDLE_DURATION"},
      {.name = "batch_max_duration",
       .type = ParamType::duration,
       .doc = "at most so long after the first",
       .fallback = "10s",
       .max = 1e6,
       .source = "[S] BATCH_MAX_DURATION"},
      give_up_param("registration_timeout", "[S] Karpenter's registration TTL"),
      {.name = "consolidation_policy",
       .type = ParamType::choice,
       .doc = "which nodes go: those without pods, or also those whose pods fit elsewhere",
       .fallback = "WhenEmptyOrUnderutilized",
       .choices = {"WhenEmptyOrUnderutilized", "WhenEmpty"},
       .source = "[S] consolidationPolicy"},
      {.name = "consolidate_after",
       .type = ParamType::duration,
       .doc = "not before so long after a pod came to the node or left it",
       .fallback = "0s",
       .max = 1e6,
       .source = "[S] consolidateAfter"},
      {.name = "consolidate",
       .type = ParamType::boolean,
       .doc = "false: nodes are never given back, as with consolidateAfter: Never",
       .fallback = "true"},
      {.name = "disruption_budget",
       .type = ParamType::share,
       .doc = "share of the nodes that may be on their way out at once, rounded up",
       .fallback = "0.1",
       .source = "[S] disruption.budgets"},
      {.name = "disruption_poll",
       .type = ParamType::duration,
       .doc = "between two looks at what can go",
       .fallback = "10s",
       .min = 0.1,
       .max = 1e6,
       .source = "[S] Karpenter's disruption controller"},
  });
}

NodeScalerSpec make_karpenter(const ParamSet& v) {
  NodeScalerSpec out;
  out.kind = NodeScalerKind::karpenter;
  out.give_up = v.duration("registration_timeout");
  take_backoff(out, v);
  out.batch_idle = v.duration("batch_idle_duration");
  out.batch_most = v.duration("batch_max_duration");
  out.when_underused = v.text("consolidation_policy") != "WhenEmpty";
  if (v.boolean("consolidate")) out.consolidate_after = v.duration("consolidate_after");
  out.disruption_budget = v.number("disruption_budget");
  out.disruption_poll = v.duration("disruption_poll");
  return out;
}

NodeScalerSpec make_fixed(const ParamSet&) {
  NodeScalerSpec out;
  out.kind = NodeScalerKind::fixed;
  return out;
}

}  // namespace

std::span<const std::string_view> expander_names() {
  return kExpanders;
}

std::vector<Expander> parse_expanders(std::string_view text, std::string& bad) {
  std::vector<Expander> out;
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string_view word = text.substr(0, comma);
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
    std::size_t i = 0;
    while (i < kExpanders.size() && kExpanders[i] != word) ++i;
    if (i == kExpanders.size()) {
      bad = std::string(word);
      return {};
    }
    out.push_back(static_cast<Expander>(i));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::span<const NodeScalerEntry> node_scaler_registry() {
  static const std::array<NodeScalerEntry, 4> rows = {{
      {.name = "on_demand",
       .doc = "a node the moment a pod fits nowhere; an empty one goes after its pool's scale_down_after",
       .params = with_backoff({give_up_param("max_node_provision_time", "[S] as the cluster autoscaler's")}),
       .make = make_on_demand},
      {.name = "cluster_autoscaler",
       .doc = "Kubernetes' cluster autoscaler: scans, expanders, unneeded time, GPU requests only",
       .params = cluster_autoscaler_params(),
       .make = make_cluster_autoscaler},
      {.name = "karpenter",
       .doc = "Karpenter: batches of pods on the cheapest pools that take them; consolidation by deletion",
       .params = karpenter_params(),
       .make = make_karpenter},
      {.name = "static",
       .doc = "nobody: the nodes of time 0, and what replaces those that are lost",
       .params = {},
       .make = make_fixed},
  }};
  return rows;
}

}  // namespace windtunnel
