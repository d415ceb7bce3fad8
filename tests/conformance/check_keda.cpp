// Rows of KEDA: the operator's poll, fallback, scaled jobs and what triggers report.
#include <map>
#include <optional>

#include "policies/expression/keda_formula.hpp"
#include "policies/kubernetes/keda_fallback.hpp"
#include "policies/kubernetes/keda_jobs.hpp"
#include "policies/kubernetes/keda_poll.hpp"
#include "policies/kubernetes/keda_value.hpp"
#include "policies/kubernetes/scalers/kafka.hpp"
#include "policies/kubernetes/scalers/rabbitmq.hpp"
#include "policies/kubernetes/scalers/sqs.hpp"
#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {
namespace {

using nlohmann::json;

/// "Now" of a row whose times are ages: late enough that a missing creation is long ago.
constexpr SimTime kKedaNow = SimTime{std::chrono::hours(24 * 365)};

template <class Choice>
Choice one_of(const Fields& row, const std::string& name, const std::map<std::string, Choice>& known) {
  const auto found = known.find(row.text(name));
  if (found == known.end()) throw NotUnderstood(row.path() + "." + name + ": " + row.text(name));
  return found->second;
}

json check_poll(const Fields& row) {
  const Fields given = row.object("state");
  KedaPollState state;
  state.now = kKedaNow;
  state.active = given.boolean("active");
  state.error = given.boolean("error", false);
  state.current = given.count("current");
  state.min = given.count("min", 0);
  if (given.has("idle")) state.idle = given.count("idle");
  if (given.has("fallback_replicas")) state.fallback = given.count("fallback_replicas");
  state.cooldown = given.seconds("cooldown_s", state.cooldown);
  state.initial_cooldown = given.seconds("initial_cooldown_s", Duration{});
  if (given.has("created_age_s")) state.created = kKedaNow - given.seconds("created_age_s");
  if (given.has("last_active_age_s")) state.last_active = kKedaNow - given.seconds("last_active_age_s");
  return {{"replicas", keda_poll(state).replicas}};
}

json check_activation(const Fields& row) {
  return {{"active", keda_is_active(row.number("value"), row.number("activation_threshold"))}};
}

json check_fallback_metric(const Fields& row) {
  KedaFallback fallback;
  fallback.replicas = row.count("fallback_replicas");
  fallback.behavior =
      one_of<KedaFallbackBehavior>(row, "behavior",
                                   {{"static", KedaFallbackBehavior::fixed},
                                    {"currentReplicas", KedaFallbackBehavior::current_replicas},
                                    {"currentReplicasIfHigher", KedaFallbackBehavior::current_if_higher},
                                    {"currentReplicasIfLower", KedaFallbackBehavior::current_if_lower}});
  const auto kind = one_of<HpaTargetKind>(
      row, "metric_type", {{"AverageValue", HpaTargetKind::average_value}, {"Value", HpaTargetKind::value}});
  const auto milli = keda_fallback_milli(fallback, kind, row.number("target"), row.count("current_replicas", 0),
                                         row.count("ready_replicas", 0));
  if (!milli) return {{"error", true}};
  return {{"metric_value", static_cast<double>(*milli) / 1000}};
}

json check_fallback_counter(const Fields& row) {
  json out = json::array();
  std::int32_t failures = 0;
  for (const auto& reading : row.list("readings")) {
    if (reading != "ok" && reading != "err") throw MalformedRow(row.path() + ".readings: neither ok nor err");
    switch (keda_serve(failures, reading == "err", row.count("failure_threshold"))) {
      case KedaServed::value: out.push_back("value"); break;
      case KedaServed::error: out.push_back("error"); break;
      case KedaServed::fallback: out.push_back("fallback"); break;
    }
  }
  return out;
}

json check_effective_max_scale(const Fields& row) {
  const Fields given = row.object("strategy_parameters");
  KedaJobStrategySpec strategy;
  strategy.kind = one_of<KedaJobStrategy>(row, "strategy",
                                          {{"default", KedaJobStrategy::plain},
                                           {"custom", KedaJobStrategy::custom},
                                           {"accurate", KedaJobStrategy::accurate},
                                           {"eager", KedaJobStrategy::eager}});
  strategy.queue_length_deduction = given.integer("queue_length_deduction", 0);
  strategy.running_job_percentage = given.number("running_job_percentage", 0);
  const auto scale = keda_effective_max_scale(strategy, row.integer("max_scale"), row.integer("running_jobs"),
                                              row.integer("pending_jobs"), row.integer("max_replicas"));
  return {{"effective_max_scale", scale}};
}

json check_multiple_triggers(const Fields& row) {
  std::vector<KedaJobTrigger> triggers;
  for (const auto& trigger : row.objects("triggers")) {
    triggers.push_back({.queue_length = trigger.number("queue_length"),
                        .target_average = trigger.number("target_average"),
                        .active = trigger.boolean("active")});
  }
  const auto calculation = one_of<KedaJobCalculation>(row, "calculation",
                                                      {{"max", KedaJobCalculation::max},
                                                       {"min", KedaJobCalculation::min},
                                                       {"avg", KedaJobCalculation::avg},
                                                       {"sum", KedaJobCalculation::sum}});
  const auto demand = keda_job_demand(triggers, calculation, 0, row.integer("max_replicas"));
  return {{"queue_length", demand.queue_length}, {"max_scale", demand.max_scale}, {"active", demand.active}};
}

json check_jobs_created(const Fields& row) {
  const KedaJobTrigger trigger{
      .queue_length = row.number("queue_length"), .target_average = row.number("target_average"), .active = true};
  const std::int64_t most = row.integer("max_replicas");
  const auto demand = keda_job_demand({&trigger, 1}, KedaJobCalculation::max, 0, most);
  const KedaJobState state{.running = row.integer("running_jobs"), .pending = 0, .min = 0, .max = most};
  return {{"created", keda_jobs_to_create({}, demand, state)}};
}

json check_modifiers(const Fields& row) {
  std::vector<std::string> names;
  std::vector<std::optional<double>> values;
  for (const auto& [name, value] : row.at("values").items()) {
    names.push_back(name);
    values.push_back(value.is_null() ? std::nullopt : std::optional(row.object("values").number(name)));
  }
  const auto compiled = expression::KedaFormula::compile(row.text("formula"), names);
  if (const auto* problem = std::get_if<expression::Problem>(&compiled)) throw NotUnderstood(problem->message());
  const auto result = std::get<expression::KedaFormula>(compiled).evaluate(values);
  if (result.problem || !result.value) return {{"error", true}};
  return {{"metric_milli", keda_composite_milli(*result.value)}};
}

json reported(const KedaReading& reading, const char* name) {
  return {{name, reading.value}, {"metric_milli", keda_metric_milli(reading.value)}, {"active", reading.active}};
}

json check_consumption_time(const Fields& row) {
  QueueView queue;
  queue.ready = row.number("messages");
  queue.published_per_s = row.number("publish_rate");
  queue.delivered_per_s = row.number("deliver_rate");
  RabbitmqScaler scaler;
  scaler.mode = RabbitmqMode::expected_queue_consumption_time;
  scaler.http = true;
  return reported(scaler.read(queue, row.number("activation_value")), "seconds");
}

json check_sqs(const Fields& row) {
  QueueView queue;
  queue.ready = row.number("visible");
  queue.unacknowledged = row.number("not_visible");
  queue.delayed = row.number("delayed");
  SqsScaler scaler;
  scaler.scale_on_in_flight = row.boolean("scale_on_in_flight", true);
  scaler.scale_on_delayed = row.boolean("scale_on_delayed", false);
  return reported(scaler.read(queue, row.number("activation_queue_length", 0)), "queue_length");
}

json check_even_distribution(const Fields& row) {
  KafkaScaler scaler;
  scaler.lag_threshold = row.integer("lag_threshold");
  scaler.ensure_even_distribution = true;
  const KafkaLag lag{.total = row.integer("total_lag"), .partitions = row.integer("partitions"), .with_lag = 0};
  return {{"factor", kafka_even_factor(lag.total, lag.partitions, scaler.lag_threshold)},
          {"reported_lag", scaler.reported_lag(lag)}};
}

json check_partition_cap(const Fields& row) {
  KafkaScaler scaler;
  scaler.lag_threshold = row.integer("lag_threshold");
  const KafkaLag lag{.total = row.integer("total_lag"), .partitions = row.integer("partitions"), .with_lag = 0};
  return {{"reported_lag", scaler.reported_lag(lag)}};
}

}  // namespace

void add_keda(Registry& registry) {
  registry["poll_decision"] = check_poll;
  registry["activation"] = check_activation;
  registry["fallback_metric"] = check_fallback_metric;
  registry["fallback_counter"] = check_fallback_counter;
  registry["scaling_modifiers"] = check_modifiers;
  registry["effective_max_scale"] = check_effective_max_scale;
  registry["multiple_triggers"] = check_multiple_triggers;
  registry["jobs_created_default_strategy"] = check_jobs_created;
  registry["rabbitmq_expected_queue_consumption_time"] = check_consumption_time;
  registry["sqs_queue_length"] = check_sqs;
  registry["kafka_even_distribution"] = check_even_distribution;
  registry["kafka_partition_cap"] = check_partition_cap;
}

}  // namespace windtunnel::conformance
