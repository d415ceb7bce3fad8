#include "sim/report/summary.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/report/kill_names.hpp"
#include "sim/report/version.hpp"

namespace windtunnel {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// A figure, or null where there is none.
Json figure(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : kNothing;
}

Json json_of(const QueryCounts& counts) {
  return {{"arrived", counts.arrived},     {"completed", counts.completed},    {"failed", counts.failed},
          {"timed_out", counts.timed_out}, {"rejected", counts.rejected},      {"in_flight", counts.in_flight},
          {"queued", counts.queued},       {"redelivered", counts.redelivered}};
}

Json json_of(const Histogram& histogram) {
  const auto known = [&](double value) { return figure(histogram.count() > 0 ? value : kNothing); };
  return {{"mean", known(histogram.mean_s())},        {"p50", known(histogram.quantile_s(0.50))},
          {"p90", known(histogram.quantile_s(0.90))}, {"p95", known(histogram.quantile_s(0.95))},
          {"p99", known(histogram.quantile_s(0.99))}, {"p999", known(histogram.quantile_s(0.999))},
          {"max", known(histogram.max_s())}};
}

Json mean_max(const TimeWeighted& value) {
  return {{"mean", figure(value.mean)}, {"max", figure(value.max)}};
}

Json mean_min_max(const TimeWeighted& value) {
  return {{"mean", figure(value.mean)}, {"min", figure(value.min)}, {"max", figure(value.max)}};
}

Json json_of(const KillCounts& kills) {
  Json by_cause = Json::object();
  for (const KillCause cause : kKillCauses) by_cause[std::string(to_string(cause))] = 0;
  for (const auto& [cause, count] : kills.by_cause) by_cause[cause] = count;
  Json by_exit_code = Json::object();
  for (const auto& [code, count] : kills.by_exit_code) by_exit_code[code] = count;
  return {{"total", kills.total},
          {"oom", kills.oom},
          {"exit_137", kills.exit_137},
          {"by_cause", std::move(by_cause)},
          {"by_exit_code", std::move(by_exit_code)}};
}

Json json_of(const SloResult& slo, double measured_s) {
  if (!slo.has_target) return {{"attainment", nullptr}, {"goodput_per_s", nullptr}, {"target_s", nullptr}};
  const auto met = static_cast<double>(slo.met);
  return {{"attainment", figure(ratio(met, static_cast<double>(slo.ended)))},
          {"goodput_per_s", figure(ratio(met, measured_s))},
          {"target_s", figure(slo.target_s)}};
}

Json json_of(const std::vector<ThresholdCount>& thresholds) {
  Json rows = Json::array();
  for (const ThresholdCount& row : thresholds) rows.push_back({{"at_s", row.at_s}, {"at_or_below", row.at_or_below}});
  return rows;
}

/// Mean seconds of a start, whole and by stage.
Json json_of(const ColdStartResult& cold) {
  const auto starts = static_cast<double>(cold.starts);
  const auto mean = [&](double sum) { return figure(ratio(sum, starts)); };
  Json out = {{"mean", mean(cold.scheduling_s + cold.node_s + cold.driver_s + cold.pull_s + cold.container_s +
                            cold.import_s + cold.weights_s + cold.warm_up_s + cold.probe_s.value_or(0))},
              {"scheduling", mean(cold.scheduling_s)},
              {"node", mean(cold.node_s)},
              {"driver", mean(cold.driver_s)},
              {"pull", mean(cold.pull_s)},
              {"container", mean(cold.container_s)},
              {"import", mean(cold.import_s)},
              {"weights", mean(cold.weights_s)},
              {"warm_up", mean(cold.warm_up_s)}};
  if (cold.probe_s) out["probe"] = mean(*cold.probe_s);
  return out;
}

/// Means over the scale-ups that were served.
Json json_of(const ScaleUpSums& sums) {
  const auto mean = [&](Duration sum) {
    return sums.events > 0 ? figure(to_seconds(sum) / static_cast<double>(sums.events)) : Json(nullptr);
  };
  Json out = Json::object();
  Duration total{};
  for (std::size_t i = 0; i < sums.parts.size(); ++i) {
    out[std::string(kScaleUpParts[i])] = mean(sums.parts[i]);
    total += sums.parts[i];
  }
  out["total"] = mean(total);
  return out;
}

Json json_of(const QueueCounts& counts) {
  return {{"dead_letters", counts.dead_letters}, {"abandoned", counts.abandoned},
          {"cancelled", counts.cancelled},       {"dropped", counts.dropped},
          {"ack_timeouts", counts.ack_timeouts}, {"duplicates", counts.duplicates},
          {"orphans", counts.orphans},           {"preemptions", counts.preemptions}};
}

Json json_of(const SwapCounts& swaps) {
  const auto batches = static_cast<double>(swaps.hits + swaps.misses);
  Json out = {{"hits", swaps.hits},
              {"misses", swaps.misses},
              {"hit_share", figure(ratio(static_cast<double>(swaps.hits), batches))},
              {"evictions", swaps.evictions},
              {"swapped_bytes", swaps.bytes.value},
              {"swap_time_s", figure(swaps.time_s)}};
  if (swaps.fetched) out["fetched_ahead"] = *swaps.fetched;
  return out;
}

/// By priority.
Json json_of(const std::vector<ClassResult>& classes) {
  Json out = Json::object();
  for (const ClassResult& row : classes) {
    Json& one = out[std::to_string(row.priority)];
    one = {{"completed", row.completed},
           {"response_time_s", json_of(row.response_time)},
           {"queueing_delay_s", json_of(row.queueing_delay)}};
    if (!row.response_thresholds.empty()) one["response_time_thresholds"] = json_of(row.response_thresholds);
  }
  return out;
}

Json json_of(const MemoryResult& memory) {
  const auto bytes = [](Bytes amount) { return amount.value > 0 ? Json(amount.value) : Json(nullptr); };
  return {{"seen_bytes", bytes(memory.seen)},
          {"limit_bytes", bytes(memory.limit)},
          {"target_bytes", bytes(memory.target)},
          {"lower_bytes", bytes(memory.lower)},
          {"upper_bytes", bytes(memory.upper)},
          {"ooms", memory.ooms},
          {"samples", memory.samples}};
}

Json json_of(const VerticalResult& vertical) {
  Json out = {{"changes", vertical.changes}, {"replaced", vertical.replaced}};
  if (vertical.host) out["host_memory"] = json_of(*vertical.host);
  if (vertical.gpu) out["gpu_memory"] = json_of(*vertical.gpu);
  return out;
}

Json json_of(const ModelResult& model, double measured_s) {
  const auto completed = static_cast<double>(model.queries.completed);
  Json out = {{"queries", json_of(model.queries)},
              {"response_time_s", json_of(model.response_time)},
              {"queueing_delay_s", json_of(model.queueing_delay)},
              {"service_time_s", json_of(model.service_time)},
              {"queued", mean_max(model.queued)},
              {"in_service", mean_max(model.in_service)},
              {"backlog", mean_max(model.backlog)},
              {"backlog_time_s", mean_max(model.backlog_time_s)},
              {"replicas", mean_min_max(model.replicas)},
              {"ready_replicas", mean_min_max(model.ready_replicas)},
              {"busy_replicas", {{"mean", figure(model.busy_replicas.mean)}}},
              {"scaling", {{"ups", model.scale_ups}, {"downs", model.scale_downs}, {"decisions", model.decisions}}},
              {"kills", json_of(model.kills)},
              {"oom_events", model.oom_events},
              {"alloc_retries", model.alloc_retries},
              {"restarts", model.restarts},
              {"failed_starts", model.failed_starts},
              {"lost_work_s", figure(model.lost_work_s)},
              {"slo", json_of(model.slo, measured_s)},
              {"cost_usd", figure(model.cost_usd)},
              {"waited", model.waited},
              {"slowdown_mean", model.slowdown_sum > 0 ? figure(ratio(model.slowdown_sum, completed)) : nullptr},
              {"replica_hours", figure(model.replica_seconds / 3600)},
              {"extrapolated_share", figure(model.extrapolated_share)},
              {"cold_starts", model.cold_start.starts},
              {"cold_start_s", json_of(model.cold_start)}};
  if (model.scale_up.kept) {
    out["scale_ups_served"] = model.scale_up.events;
    out["scale_up_anatomy_s"] = json_of(model.scale_up);
  }
  if (model.batches.given) {
    const auto begun = static_cast<double>(model.batches.begun);
    out["batches"] = {{"begun", model.batches.begun},
                      {"mean_size", figure(ratio(static_cast<double>(model.batches.queries), begun))},
                      {"full_share", figure(ratio(static_cast<double>(model.batches.full), begun))}};
  }
  if (model.swaps) out["variants"] = json_of(*model.swaps);
  if (model.queue) out["queue"] = json_of(*model.queue);
  if (model.vertical) out["vertical"] = json_of(*model.vertical);
  if (!model.classes.empty()) out["classes"] = json_of(model.classes);
  if (model.has_faults)
    out["faults"] = {
        {"pauses", model.pauses}, {"paused_s", figure(model.paused_s)}, {"redelivery_s", figure(model.redelivery_s)}};
  if (model.has_endpoints) out["refused"] = model.refused;
  if (!model.response_thresholds.empty()) out["response_time_thresholds"] = json_of(model.response_thresholds);
  if (!model.queueing_thresholds.empty()) out["queueing_delay_thresholds"] = json_of(model.queueing_thresholds);
  return out;
}

/// Each stage's part in the whole, and the same part of the target.
Json stages_of(const PipelineResult& pipeline) {
  double whole_s = 0;
  for (const StageResult& stage : pipeline.stages) whole_s += stage.critical_time_s;
  Json out = Json::object();
  for (const StageResult& stage : pipeline.stages) {
    const auto visits = static_cast<double>(stage.visits);
    const double share = ratio(stage.critical_time_s, whole_s);
    out[stage.model] = {{"visits", stage.visits},
                        {"mean_s", figure(ratio(stage.time_s, visits))},
                        {"critical_share", figure(ratio(static_cast<double>(stage.critical), visits))},
                        {"time_share", figure(share)},
                        {"budget_s", figure(pipeline.slo.has_target ? share * pipeline.slo.target_s : kNothing)}};
  }
  return out;
}

Json json_of(const PipelineResult& pipeline, double measured_s) {
  Json out = {{"queries", json_of(pipeline.queries)},
              {"response_time_s", json_of(pipeline.response_time)},
              {"slo", json_of(pipeline.slo, measured_s)}};
  if (!pipeline.stages.empty()) out["stages"] = stages_of(pipeline);
  if (!pipeline.response_thresholds.empty()) out["response_time_thresholds"] = json_of(pipeline.response_thresholds);
  return out;
}

void add(QueryCounts& sum, const QueryCounts& more) {
  sum.arrived += more.arrived;
  sum.completed += more.completed;
  sum.failed += more.failed;
  sum.timed_out += more.timed_out;
  sum.rejected += more.rejected;
  sum.in_flight += more.in_flight;
  sum.queued += more.queued;
}

/// Root queries. A simulation that does not count them apart is read as: each pipeline's, and those of the models that
/// are a stage of none. Redeliveries happen at stages, so they are always the models'.
QueryCounts total_queries(const Scenario& scenario, const RunResult& run) {
  QueryCounts sum;
  if (run.totals) {
    sum = *run.totals;
  } else {
    std::set<std::string> stages;
    for (const PipelineSpec& pipeline : scenario.pipelines)
      stages.insert(pipeline.stages.begin(), pipeline.stages.end());
    for (const PipelineResult& pipeline : run.pipelines) add(sum, pipeline.queries);
    for (const ModelResult& model : run.models)
      if (!stages.contains(model.name)) add(sum, model.queries);
  }
  sum.redelivered = 0;
  for (const ModelResult& model : run.models) sum.redelivered += model.queries.redelivered;
  return sum;
}

KillCounts total_kills(const RunResult& run) {
  KillCounts sum;
  for (const ModelResult& model : run.models) {
    sum.total += model.kills.total;
    sum.oom += model.kills.oom;
    sum.exit_137 += model.kills.exit_137;
    for (const auto& [cause, count] : model.kills.by_cause) sum.by_cause[cause] += count;
    for (const auto& [code, count] : model.kills.by_exit_code) sum.by_exit_code[code] += count;
  }
  return sum;
}

Json totals_of(const Scenario& scenario, const RunResult& run) {
  const QueryCounts queries = total_queries(scenario, run);
  std::uint64_t oom_events = 0, restarts = 0;
  double lost_work_s = 0;
  for (const ModelResult& model : run.models) {
    oom_events += model.oom_events;
    restarts += model.restarts;
    lost_work_s += model.lost_work_s;
  }
  const double cost = run.cluster.cost_usd;
  return {{"queries", json_of(queries)},
          {"kills", json_of(total_kills(run))},
          {"oom_events", oom_events},
          {"restarts", restarts},
          {"cost_usd", figure(cost)},
          {"cost_per_1000_completed_usd", figure(ratio(1000 * cost, static_cast<double>(queries.completed)))},
          {"lost_work_s", figure(lost_work_s)},
          {"unattributed_cost_usd", figure(run.cluster.unattributed_cost_usd)}};
}

Json cluster_of(const RunResult& run) {
  const ClusterResult& cluster = run.cluster;
  Json out = {{"node_hours", figure(cluster.node_hours)},
              {"gpu_hours", figure(cluster.gpu_hours)},
              {"gpu_utilization", figure(cluster.gpu_hours > 0 ? cluster.gpu_utilization : kNothing)},
              {"gpu_switching", figure(cluster.gpu_hours > 0 ? cluster.gpu_switching : kNothing)},
              {"memory_used_mean_bytes", figure(cluster.memory_used_mean_bytes)},
              {"memory_used_max_bytes", figure(cluster.memory_used_max_bytes)},
              {"stranded_memory_bytes", figure(cluster.stranded_memory_bytes)},
              {"nodes_mean", figure(ratio(cluster.node_hours * 3600, run.measured_s))},
              {"nodes_ordered", cluster.nodes_ordered}};
  if (cluster.relayouts) out["mig_relayouts"] = *cluster.relayouts;
  if (cluster.nodes)
    out["node_scaling"] = {{"orders_failed", cluster.nodes->orders_failed},
                           {"given_back", cluster.nodes->given_back},
                           {"reclaimed", cluster.nodes->reclaimed},
                           {"pods_evicted", cluster.nodes->pods_evicted}};
  return out;
}

Json engine_of(const EngineResult& engine) {
  return {{"events", engine.events},
          {"queries", engine.queries},
          {"wall_s", figure(engine.wall_s)},
          {"cpu_s", figure(engine.cpu_s)},
          {"events_per_s", figure(ratio(static_cast<double>(engine.events), engine.wall_s))},
          {"queries_per_s", figure(ratio(static_cast<double>(engine.queries), engine.wall_s))},
          {"peak_rss_bytes", engine.peak_rss_bytes}};
}

/// What a scenario made from manifests leaves out, and what it adds.
Json manifests_of(const ManifestOrigin& origin) {
  Json objects = Json::array(), not_modelled = Json::array(), assumed = Json::array();
  for (const auto& object : origin.objects)
    objects.push_back({{"kind", object.kind},
                       {"name", object.name},
                       {"file", object.file},
                       {"line", object.line},
                       {"model", object.model.empty() ? Json() : Json(object.model)}});
  for (const auto& field : origin.not_modelled)
    not_modelled.push_back({{"file", field.file}, {"line", field.line}, {"path", field.path}, {"why", field.why}});
  for (const auto& entry : origin.assumed)
    assumed.push_back({{"path", entry.path}, {"value", entry.value}, {"why", entry.why}});
  return {{"objects", std::move(objects)}, {"not_modelled", std::move(not_modelled)}, {"assumed", std::move(assumed)}};
}

/// By workload.
Json clients_of(const RunResult& run) {
  Json out = Json::object();
  for (const auto& [name, counts] : run.clients)
    out[name] = {{"queries", counts.queries},
                 {"attempts", counts.attempts},
                 {"retries", counts.retries},
                 {"timeouts", counts.timeouts},
                 {"gave_up", counts.gave_up}};
  return out;
}

Json sources_of(const RunResult& run) {
  Json out = Json::object();
  for (const auto& [name, counts] : run.sources) {
    Json dropped = Json::object();
    for (const auto& [reason, rows] : counts.dropped) dropped[reason] = rows;
    out[name] = {{"rows", counts.rows}, {"dropped", std::move(dropped)}};
    if (counts.moved > 0) out[name]["put_in_order"] = counts.moved;
  }
  return out;
}

}  // namespace

Json summarize(const Scenario& scenario, const RunResult& run) {
  Json models = Json::object(), pipelines = Json::object();
  for (const ModelResult& model : run.models) models[model.name] = json_of(model, run.measured_s);
  for (const PipelineResult& pipeline : run.pipelines) pipelines[pipeline.name] = json_of(pipeline, run.measured_s);
  Json out = {{"schema", kReportSchema},
              {"version", version()},
              {"scenario", scenario.name},
              {"scenario_digest", scenario.digest},
              {"seed", run.seed},
              {"horizon_s", figure(run.horizon_s < kMaxSeconds ? run.horizon_s : kNothing)},  // none: run until empty
              {"warm_up_s", figure(run.warm_up_s)},
              {"measured_s", figure(run.measured_s)},
              {"replications", 1},
              {"quantile_error", kQuantileError},
              {"models", std::move(models)},
              {"pipelines", std::move(pipelines)},
              {"totals", totals_of(scenario, run)},
              {"cluster", cluster_of(run)},
              {"sources", sources_of(run)},
              {"notes", run.notes},
              {"engine", engine_of(run.engine)}};
  if (!run.clients.empty()) out["clients"] = clients_of(run);
  if (scenario.manifests) out["manifests"] = manifests_of(*scenario.manifests);
  return out;
}

Json summarize(const Scenario& scenario, std::span<const RunResult> runs) {
  std::vector<Json> each;
  for (const RunResult& run : runs) each.push_back(summarize(scenario, run));
  return merge_summaries(each);
}

std::string json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace windtunnel
