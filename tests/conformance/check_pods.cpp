// Rows of pods and nodes.
#include <optional>

#include "models/sharing/mps_share.hpp"
#include "sim/cluster/batch_window.hpp"
#include "sim/cluster/exit_status.hpp"
#include "sim/cluster/node_score.hpp"
#include "sim/cluster/node_utilization.hpp"
#include "sim/cluster/restart_backoff.hpp"
#include "sim/cluster/scheduler_backoff.hpp"
#include "sim/cluster/victim_order.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// Every restart happens as soon as its wait is over.
json check_crash_loop(const Fields& row) {
  RestartBackoff backoff(row.seconds("base_s"), row.seconds("cap_s"), std::chrono::minutes(10));
  json waits = json::array();
  SimTime now{};
  for (const auto& run : row.list("run_durations_s")) {
    now += span_of_seconds(run, row.path());
    const Duration wait = backoff.finished(now);
    waits.push_back(to_seconds(wait));
    now += wait;
    backoff.restarted(now);
  }
  return {{"waits_before_restart_s", waits}};
}

json check_scheduler_backoff(const Fields& row) {
  return {{"backoff_s", to_seconds(scheduler_backoff(static_cast<std::uint32_t>(row.count("failed_attempts"))))}};
}

json check_exit_code(const Fields& row) {
  static const std::map<std::string, ContainerEnd> ends = {
      {"clean_exit", ContainerEnd::clean_exit},
      {"sigterm_default_action", ContainerEnd::sigterm_default_action},
      {"grace_period_overrun", ContainerEnd::grace_period_overrun},
      {"memory_cgroup_limit", ContainerEnd::memory_cgroup_limit},
      {"cuda_oom_uncaught", ContainerEnd::cuda_oom_uncaught}};
  const auto end = ends.find(row.text("event"));
  if (end == ends.end()) throw NotUnderstood("no such event: " + row.text("event"));
  const ExitStatus status = exit_status(end->second);
  return {{"exit_code", status.code}, {"reason", status.reason}};
}

ReplicaPhase phase_of(const std::string& name) {
  if (name == "Pending") return ReplicaPhase::pending;
  if (name == "Unknown") return ReplicaPhase::unknown;
  if (name == "Running") return ReplicaPhase::running;
  throw NotUnderstood("no such phase of a pod that can be deleted: " + name);
}

json check_victim_order(const Fields& row) {
  std::vector<PodStanding> pods;
  for (const Fields& pod : row.objects("pods")) {
    pods.push_back({.uid = pod.text("uid"),
                    .assigned = pod.has("node"),
                    .phase = phase_of(pod.text("phase")),
                    .ready = pod.boolean("ready"),
                    .deletion_cost = pod.count("deletion_cost", 0),
                    .rank = static_cast<std::uint32_t>(pod.count("rank", 0)),
                    .ready_age = pod.seconds("ready_age_s"),
                    .restarts = static_cast<std::uint32_t>(pod.count("restarts", 0)),
                    .age = pod.seconds("age_s")});
  }
  json order = json::array();
  for (const std::size_t i : victim_order(pods)) order.push_back(pods[i].uid);
  return {{"delete_order", order}};
}

template <class Score>
json scores(const Fields& row, Score score) {
  json out = json::array();
  for (const auto& node : row.list("nodes")) {
    std::vector<NodeResource> resources;
    for (const auto& one : node) {
      const Fields resource(one, row.path() + ".nodes");
      resources.push_back({resource.integer("allocatable"), resource.integer("requested"), 1});
    }
    out.push_back(score(resources));
  }
  return {{"scores", out}};
}

json check_least_allocated(const Fields& row) {
  return scores(row, [](const std::vector<NodeResource>& node) { return score_least_allocated(node); });
}

json check_most_allocated(const Fields& row) {
  return scores(row, [](const std::vector<NodeResource>& node) { return score_most_allocated(node); });
}

std::optional<ResourceUse> read_use(const Fields& row, const std::string& name) {
  if (!row.has(name)) return std::nullopt;
  const auto& pair = row.list(name);
  if (pair.size() != 2) throw MalformedRow(row.path() + "." + name + ": is no pair [allocatable, requested]");
  return ResourceUse{pair[0].get<double>(), pair[1].get<double>()};
}

json check_node_utilization(const Fields& row) {
  const double utilization = node_utilization(read_use(row, "gpu_allocatable_requested"),
                                              read_use(row, "cpu_allocatable_requested").value_or(ResourceUse{}),
                                              read_use(row, "memory_allocatable_requested").value_or(ResourceUse{}));
  return {{"utilization", utilization}, {"below_threshold", is_underused(utilization, row.number("threshold"))}};
}

/// Every window closes before a pod that comes later opens the next.
json check_batch_window(const Fields& row) {
  BatchWindow window(row.seconds("idle_s"), row.seconds("max_s"));
  json closings = json::array();
  for (const auto& trigger : row.list("trigger_times_s")) {
    const SimTime at{span_of_seconds(trigger, row.path())};
    if (window.is_open() && window.closes() < at) {
      closings.push_back(to_seconds(window.closes()));
      window.close();
    }
    (void)window.pod_came(at);
  }
  if (window.is_open()) closings.push_back(to_seconds(window.closes()));
  return {{"batch_close_times_s", closings}};
}

json check_mps_share(const Fields& row) {
  if (row.count("replicas") < 1) throw MalformedRow(row.path() + ".replicas: is below 1");
  const MpsShare share = mps_share(Bytes{row.integer("total_memory_mib") * kMiB}, row.count("replicas"));
  return {{"client_memory_limit_mib", share.memory_limit.value / kMiB},
          {"active_thread_percent", share.thread_percent}};
}

}  // namespace

void add_pods(Registry& registry) {
  registry["crash_loop"] = check_crash_loop;
  registry["scheduler_backoff"] = check_scheduler_backoff;
  registry["exit_code"] = check_exit_code;
  registry["replicaset_victim_order"] = check_victim_order;
}

void add_nodes(Registry& registry) {
  registry["score_LeastAllocated"] = check_least_allocated;
  registry["score_MostAllocated"] = check_most_allocated;
  registry["node_utilization"] = check_node_utilization;
  registry["batch_window"] = check_batch_window;
  registry["mps_share"] = check_mps_share;
}

}  // namespace windtunnel::conformance
