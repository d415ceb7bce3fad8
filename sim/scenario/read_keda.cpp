#include "sim/scenario/read_keda.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "policies/kubernetes/keda_value.hpp"
#include "sim/scenario/kube_block.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/read_hpa.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr std::int32_t kMostKedaReplicas = 1'000'000;  // as scaling.max
constexpr std::int32_t kLongestPeriod = 366 * 24 * 3600;
constexpr std::string_view kPrefix = "autoscaling.keda.sh/";

Duration period(KubeBlock& block, std::string_view field, std::int32_t least, Duration fallback) {
  const auto given = block.whole(field, least, kLongestPeriod);
  return given ? std::chrono::seconds(*given) : fallback;
}

/// A number that Kubernetes wants as a text.
std::optional<double> number_text(KubeBlock& block, std::string_view field) {
  const auto text = block.text(field);
  if (!text) return std::nullopt;
  const auto number = parse_number(*text);
  if (number) return *number;
  block.refuse(field, fmt::format("\"{}\" is not a number", one_line(*text, 40)), "write digits in quotes");
  return std::nullopt;
}

std::optional<KedaFallback> read_fallback(ProblemList& problems, const Node& node, const std::string& path, bool& ok) {
  KubeBlock block(problems, node, path, {"failureThreshold", "replicas", "behavior"});
  KedaFallback out;
  block.need("failureThreshold", "failures in a row that are more than so many bring the fallback");
  block.need("replicas", "the size then");
  out.failure_threshold = block.whole("failureThreshold", 0, 1'000'000).value_or(0);
  out.replicas = block.whole("replicas", 0, kMostKedaReplicas).value_or(0);
  const auto behavior = block.choice("behavior", {"static", "currentReplicas", "currentReplicasIfHigher",
                                                  "currentReplicasIfLower", "scalingModifiers"});
  out.behavior = std::array{KedaFallbackBehavior::fixed, KedaFallbackBehavior::current_replicas,
                            KedaFallbackBehavior::current_if_higher, KedaFallbackBehavior::current_if_lower,
                            KedaFallbackBehavior::trigger_becomes_nothing}[behavior.value_or(0)];
  ok = ok && block.ok();
  return block.ok() ? std::optional(out) : std::nullopt;
}

/// Names of the external triggers, in their order: the variables of the formula. Empty after a problem.
std::vector<std::string> variables(KubeBlock& block, const std::vector<KedaTrigger>& triggers) {
  std::vector<std::string> names;
  for (const auto& trigger : triggers) {
    if (trigger.is_resource()) continue;
    if (trigger.name.empty()) {
      block.refuse("formula", fmt::format("a {} trigger has no name, so no formula can use it", trigger.type),
                   "give every trigger a name");
      return {};
    }
    names.push_back(trigger.name);
  }
  if (names.empty()) block.refuse("formula", "has no external trigger to work on", "add one beside cpu and memory");
  return names;
}

std::optional<KedaModifiers> read_modifiers(ProblemList& problems, const Node& node, const std::string& path,
                                            const std::vector<KedaTrigger>& triggers, bool& ok) {
  KubeBlock block(problems, node, path, {"formula", "target", "activationTarget", "metricType"});
  block.need("formula", "over the triggers' names, e.g. \"max(queue, 2 * rate)\"");
  block.need("target", "what a replica shall have of the result, e.g. \"5\"");
  const auto formula = block.text("formula");
  const auto target = number_text(block, "target");
  if (target && keda_metric_milli(*target) == 0)
    block.refuse("target", "is below a thousandth, the finest the HPA sees", "write a number above 0");
  const double activation = number_text(block, "activationTarget").value_or(0);
  const auto kind = block.choice("metricType", {"AverageValue", "Value"}).value_or(0);
  const auto names = ok ? variables(block, triggers) : std::vector<std::string>();
  if (!formula || !target || names.empty() || !block.ok()) {
    ok = false;
    return std::nullopt;
  }
  auto compiled = expression::KedaFormula::compile(*formula, names);
  if (const auto* problem = std::get_if<expression::Problem>(&compiled)) {
    block.refuse("formula", fmt::format("column {}: {}", problem->column, problem->what), problem->hint);
    ok = false;
    return std::nullopt;
  }
  return KedaModifiers{.formula = std::get<expression::KedaFormula>(std::move(compiled)),
                       .target = *target,
                       .whole_target = *target == std::floor(*target),
                       .activation_target = activation,
                       .metric_type = kind == 0 ? HpaTargetKind::average_value : HpaTargetKind::value};
}

void read_advanced(ProblemList& problems, const Node& node, const std::string& path, KedaSpec& out, bool& ok) {
  KubeBlock block(problems, node, path,
                  {"restoreToOriginalReplicaCount", "horizontalPodAutoscalerConfig", "scalingModifiers"});
  block.choice("restoreToOriginalReplicaCount", {"false", "true"});
  block.pass_over("restoreToOriginalReplicaCount", "on deletion, which does not happen here");
  if (const Node* config = block.find("horizontalPodAutoscalerConfig")) {
    KubeBlock hpa(problems, *config, block.path_of("horizontalPodAutoscalerConfig"), {"name", "behavior"});
    hpa.text("name");
    hpa.pass_over("name", "the HPA's name");
    if (const Node* behavior = hpa.find("behavior")) {
      out.behavior = read_hpa_behavior(problems, *behavior, hpa.path_of("behavior"));
      ok = ok && out.behavior.has_value();
    }
    ok = ok && hpa.ok();
  }
  const Node* modifiers = block.find("scalingModifiers");
  if (modifiers != nullptr && !(modifiers->is(Node::Kind::map) && modifiers->entries.empty()))
    out.modifiers = read_modifiers(problems, *modifiers, block.path_of("scalingModifiers"), out.triggers, ok);
  ok = ok && block.ok();
}

void read_counts(KubeBlock& block, std::int32_t& min, std::int32_t& max) {
  min = block.whole("minReplicaCount", 0, kMostKedaReplicas).value_or(min);
  max = block.whole("maxReplicaCount", 1, kMostKedaReplicas).value_or(max);
  if (min > max)
    block.refuse("minReplicaCount", fmt::format("{} is more than maxReplicaCount {}", min, max),
                 "lower minReplicaCount or raise maxReplicaCount");
}

void read_idle(KubeBlock& block, KedaSpec& out) {
  out.idle = block.whole("idleReplicaCount", 0, kMostKedaReplicas);
  if (!out.idle) return;
  if (*out.idle >= out.min)
    block.refuse("idleReplicaCount", fmt::format("{} is not below minReplicaCount {}", *out.idle, out.min),
                 "write 0 and a minReplicaCount of 1 or more");
  else if (*out.idle > 0)
    block.refuse("idleReplicaCount", "only 0 works: at any other size the HPA goes on deciding", "write 0");
}

void check_fallback(KubeBlock& block, const KedaSpec& out) {
  if (!out.fallback) return;
  const bool only_resources = std::all_of(out.triggers.begin(), out.triggers.end(),
                                          [](const KedaTrigger& trigger) { return trigger.is_resource(); });
  if (only_resources)
    block.refuse("fallback", "is not for cpu and memory triggers", "remove it, or add an external trigger");
  else if (out.fallback->behavior == KedaFallbackBehavior::trigger_becomes_nothing && !out.modifiers)
    block.refuse("fallback", "has behavior scalingModifiers, but there are none",
                 "write another behavior, or advanced.scalingModifiers");
}

bool annotation_flag(ProblemList& problems, const Node& value, const std::string& path, bool& ok) {
  if (value.is(Node::Kind::scalar) && (value.text == "true" || value.text == "false")) return value.text == "true";
  problems.add(value, path, fmt::format("is {}, neither true nor false", value.describe()),
               "write \"true\" or \"false\"");
  ok = false;
  return false;
}

KedaSurroundings surroundings(ProblemList& problems, const Node& node, const std::string& path, Block& block) {
  const auto clock = parse_civil(block.values.text("clock_start"));
  if (!clock) {
    const Node* at = node.find("clock_start");
    problems.add(at == nullptr ? node : *at, join_path(path, "clock_start"), "is no date and time",
                 "write one such as 2026-01-05T00:00");
    block.ok = false;
  }
  return {.clock_start = clock.value_or(0)};
}

ReplicaLimits limits_of(const KedaSpec& spec) {
  const bool down_to_zero = spec.min == 0 || spec.idle;
  const std::int32_t paused = spec.annotations.paused_replicas.value_or(spec.min);
  return {
      .min = std::min(paused, down_to_zero ? 0 : spec.min), .max = std::max(paused, spec.max), .initial = std::nullopt};
}

ReplicaLimits limits_of(const KedaJobSpec& spec) {
  return {.min = 0, .max = spec.max, .initial = 0};
}

/// What both policies do: find the spec, read it, keep it. @param read  gives the limits, too
template <class Spec, class Read>
std::optional<ReplicaLimits> take_object(ProblemList& problems, const Node& node, const std::string& path, Block& block,
                                         std::string_view example, Read read) {
  const Node* spec = node.find("spec");
  const Node* annotations = node.find("annotations");
  if (spec == nullptr) {
    problems.add(node, path, "spec is missing", std::string(example));
    block.ok = false;
    return std::nullopt;
  }
  const KedaSurroundings around = surroundings(problems, node, path, block);
  std::optional<Spec> made =
      read(problems, *spec, join_path(path, "spec"), annotations, join_path(path, "annotations"), around);
  if (!made) {
    block.ok = false;
    return std::nullopt;
  }
  block.resolved.set("spec", *spec);
  if (annotations != nullptr)
    block.resolved.set("annotations", *annotations);
  else
    block.resolved.erase("annotations");
  auto shared = std::make_shared<Spec>(std::move(*made));
  const ReplicaLimits limits = limits_of(*shared);
  block.values.set("spec", std::shared_ptr<const MadeBlock>(std::move(shared)), true);
  return limits;
}

}  // namespace

KedaAnnotations read_keda_annotations(ProblemList& problems, const Node* annotations, const std::string& path,
                                      bool& ok) {
  KedaAnnotations out;
  if (annotations == nullptr || annotations->is(Node::Kind::null)) return out;
  if (!annotations->is(Node::Kind::map)) {
    problems.add(*annotations, path, fmt::format("is {}, not a block of keys", annotations->describe()),
                 "write `autoscaling.keda.sh/paused: \"true\"`");
    ok = false;
    return out;
  }
  constexpr std::array kKnown = std::to_array<std::string_view>(
      {"paused", "paused-replicas", "paused-scale-in", "paused-scale-out", "force-activation"});
  for (const auto& entry : annotations->entries) {
    const std::string_view key = entry.key;
    const bool ours = key.starts_with(kPrefix);
    if (!ours && key.find('/') != std::string_view::npos) continue;  // somebody else's
    const std::string_view name = ours ? key.substr(kPrefix.size()) : key;
    const std::string at = join_path(path, key);
    if (name == "paused") {
      out.paused = annotation_flag(problems, entry.value, at, ok);
    } else if (name == "paused-scale-in") {
      out.paused_scale_in = annotation_flag(problems, entry.value, at, ok);
    } else if (name == "paused-scale-out") {
      out.paused_scale_out = annotation_flag(problems, entry.value, at, ok);
    } else if (name == "force-activation") {
      out.force_activation = annotation_flag(problems, entry.value, at, ok);
    } else if (name == "paused-replicas") {
      const auto count = parse_number(entry.value.text);
      if (count && *count >= 0 && *count <= kMostKedaReplicas && *count == std::floor(*count)) {
        out.paused_replicas = static_cast<std::int32_t>(*count);
      } else {
        problems.add(entry.value, at, "is no number of replicas", "write one in quotes, e.g. \"2\"");
        ok = false;
      }
    } else {
      problems.add(entry.value, path, fmt::format("unknown annotation \"{}\"", key), suggestion(name, kKnown, true));
      ok = false;
    }
  }
  return out;
}

std::optional<KedaSpec> read_scaled_object(ProblemList& problems, const Node& spec, const std::string& path,
                                           const Node* annotations, const std::string& annotations_path,
                                           const KedaSurroundings& around) {
  KubeBlock block(problems, spec, path,
                  {"scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount",
                   "minReplicaCount", "maxReplicaCount", "fallback", "advanced", "triggers"});
  if (!spec.is(Node::Kind::map)) return std::nullopt;
  bool ok = true;
  KedaSpec out;
  out.annotations = read_keda_annotations(problems, annotations, annotations_path, ok);
  out.polling_interval = period(block, "pollingInterval", 1, out.polling_interval);
  out.cooldown = period(block, "cooldownPeriod", 0, out.cooldown);
  out.initial_cooldown = period(block, "initialCooldownPeriod", 0, out.initial_cooldown);
  read_counts(block, out.min, out.max);
  read_idle(block, out);
  out.triggers = read_keda_triggers(problems, spec, path, around, ok);
  if (const Node* fallback = block.find("fallback"))
    out.fallback = read_fallback(problems, *fallback, block.path_of("fallback"), ok);
  if (const Node* advanced = block.find("advanced"))
    read_advanced(problems, *advanced, block.path_of("advanced"), out, ok);
  if (ok) check_fallback(block, out);
  if (!ok || !block.ok()) return std::nullopt;
  return out;
}

std::optional<ReplicaLimits> read_keda_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                              Block& block) {
  return take_object<KedaSpec>(problems, node, path, block,
                               "write that of a ScaledObject: {maxReplicaCount: 8, triggers: [...]}",
                               read_scaled_object);
}

std::optional<ReplicaLimits> read_keda_job_blocks(ProblemList& problems, const Node& node, const std::string& path,
                                                  Block& block) {
  return take_object<KedaJobSpec>(problems, node, path, block,
                                  "write that of a ScaledJob: {maxReplicaCount: 8, triggers: [...]}", read_scaled_job);
}

}  // namespace windtunnel
