// Reads a ScaledJob.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/kube_block.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/read_keda.hpp"

namespace windtunnel {
namespace {

// An unreadable percentage makes KEDA take the default strategy; here it is a problem, since it is a slip.
void read_custom(KubeBlock& block, KedaJobStrategySpec& out) {
  out.queue_length_deduction =
      block.whole("customScalingQueueLengthDeduction", -1'000'000'000, 1'000'000'000).value_or(0);
  const auto text = block.text("customScalingRunningJobPercentage");
  if (!text) return;
  const auto number = parse_number(*text);
  if (number && std::abs(*number) <= 1000)
    out.running_job_percentage = *number;
  else
    block.refuse("customScalingRunningJobPercentage", fmt::format("\"{}\" is not a share", one_line(*text, 40)),
                 "write a share of the running jobs in quotes, e.g. \"0.5\"");
}

void read_strategy(ProblemList& problems, const Node& node, const std::string& path, KedaJobSpec& out, bool& ok) {
  KubeBlock block(problems, node, path,
                  {"strategy", "customScalingQueueLengthDeduction", "customScalingRunningJobPercentage",
                   "pendingPodConditions", "multipleScalersCalculation"});
  const auto kind = block.choice("strategy", {"default", "custom", "accurate", "eager"}).value_or(0);
  out.strategy.kind = std::array{KedaJobStrategy::plain, KedaJobStrategy::custom, KedaJobStrategy::accurate,
                                 KedaJobStrategy::eager}[kind];
  read_custom(block, out.strategy);
  const auto calculation = block.choice("multipleScalersCalculation", {"max", "min", "avg", "sum"}).value_or(0);
  out.calculation = std::array{KedaJobCalculation::max, KedaJobCalculation::min, KedaJobCalculation::avg,
                               KedaJobCalculation::sum}[calculation];
  if (const auto* conditions = block.list("pendingPodConditions")) {
    for (const auto& condition : *conditions) {
      if (condition.text == "Ready" || condition.text == "ContainersReady")
        out.pending_until_ready = true;
      else if (condition.text != "PodScheduled" && condition.text != "Initialized")
        block.refuse("pendingPodConditions",
                     fmt::format("\"{}\" is no condition known here", one_line(condition.text, 40)),
                     "known: Ready, ContainersReady, Initialized, PodScheduled");
    }
    out.pending_until_scheduled = !conditions->empty();
  }
  ok = ok && block.ok();
}

}  // namespace

std::optional<KedaJobSpec> read_scaled_job(ProblemList& problems, const Node& spec, const std::string& path,
                                           const Node* annotations, const std::string& annotations_path,
                                           const KedaSurroundings& around) {
  KubeBlock block(problems, spec, path,
                  {"jobTargetRef", "pollingInterval", "minReplicaCount", "maxReplicaCount",
                   "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "envSourceContainerName", "rollout",
                   "rolloutStrategy", "scalingStrategy", "triggers"});
  if (!spec.is(Node::Kind::map)) return std::nullopt;
  for (const auto* field : {"successfulJobsHistoryLimit", "failedJobsHistoryLimit", "envSourceContainerName"})
    block.pass_over(field, "");
  for (const auto* field : {"rollout", "rolloutStrategy"}) block.pass_over(field, "on a change of the object");
  bool ok = true;
  KedaJobSpec out;
  out.paused = read_keda_annotations(problems, annotations, annotations_path, ok).paused;
  if (const auto polling = block.whole("pollingInterval", 1, 366 * 24 * 3600))
    out.polling_interval = std::chrono::seconds(*polling);
  out.min = block.whole("minReplicaCount", 0, 1'000'000).value_or(out.min);
  out.max = block.whole("maxReplicaCount", 1, 1'000'000).value_or(out.max);
  if (out.min > out.max)
    block.refuse("minReplicaCount", fmt::format("{} is more than maxReplicaCount {}", out.min, out.max),
                 "lower minReplicaCount or raise maxReplicaCount");
  if (const Node* strategy = block.find("scalingStrategy"))
    read_strategy(problems, *strategy, block.path_of("scalingStrategy"), out, ok);
  out.triggers = read_keda_triggers(problems, spec, path, around, ok);
  for (const auto& trigger : out.triggers) {
    if (!trigger.is_resource() && trigger.metric_type == HpaTargetKind::average_value) continue;
    block.refuse("triggers",
                 trigger.is_resource() ? fmt::format("{} says nothing of how many jobs there should be", trigger.type)
                                       : fmt::format("{}: jobs need metricType AverageValue", trigger.type),
                 "use the length of a queue");
  }
  if (!ok || !block.ok()) return std::nullopt;
  return out;
}

}  // namespace windtunnel
