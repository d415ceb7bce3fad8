// The triggers of a ScaledObject or ScaledJob, one reader a type.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policies/kubernetes/keda_value.hpp"
#include "sim/scenario/keda_metadata.hpp"
#include "sim/scenario/kube_block.hpp"
#include "sim/scenario/kube_quantity.hpp"
#include "sim/scenario/query_check.hpp"
#include "sim/scenario/read_keda.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostTriggers = 100;

/// Types KEDA 2.21 has beside those in kTriggerTypes.
constexpr std::array kForeignTypes = std::to_array<std::string_view>({"activemq",
                                                                      "apache-kafka",
                                                                      "arangodb",
                                                                      "artemis-queue",
                                                                      "aws-cloudwatch",
                                                                      "aws-dynamodb",
                                                                      "aws-dynamodb-streams",
                                                                      "aws-kinesis-stream",
                                                                      "azure-app-insights",
                                                                      "azure-blob",
                                                                      "azure-data-explorer",
                                                                      "azure-eventhub",
                                                                      "azure-log-analytics",
                                                                      "azure-monitor",
                                                                      "azure-pipelines",
                                                                      "azure-queue",
                                                                      "azure-servicebus",
                                                                      "beanstalkd",
                                                                      "cassandra",
                                                                      "couchdb",
                                                                      "datadog",
                                                                      "dynatrace",
                                                                      "elasticsearch",
                                                                      "etcd",
                                                                      "external",
                                                                      "external-push",
                                                                      "forgejo-runner",
                                                                      "gcp-cloudtasks",
                                                                      "gcp-stackdriver",
                                                                      "gcp-storage",
                                                                      "github-runner",
                                                                      "graphite",
                                                                      "huawei-cloudeye",
                                                                      "ibmmq",
                                                                      "influxdb",
                                                                      "kubernetes-workload",
                                                                      "liiklus",
                                                                      "loki",
                                                                      "metrics-api",
                                                                      "mongodb",
                                                                      "mssql",
                                                                      "mysql",
                                                                      "nats-jetstream",
                                                                      "new-relic",
                                                                      "nsq",
                                                                      "openstack-metric",
                                                                      "openstack-swift",
                                                                      "postgresql",
                                                                      "predictkube",
                                                                      "pulsar",
                                                                      "redis-cluster-streams",
                                                                      "redis-sentinel-streams",
                                                                      "redis-streams",
                                                                      "selenium-grid",
                                                                      "solace-event-queue",
                                                                      "solarwinds",
                                                                      "solr",
                                                                      "splunk",
                                                                      "splunk-observability",
                                                                      "stan",
                                                                      "sumologic",
                                                                      "temporal"});

using TriggerReader = void (*)(KedaMetadata& metadata, const KedaSurroundings& around, KedaTrigger& trigger);

void read_prometheus(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  PrometheusScaler scaler;
  scaler.query = m.need("query", "a PromQL expression that gives one series");
  if (!scaler.query.empty()) {
    const auto checked = check_query(scaler.query);
    if (!checked)
      for (const auto& error : checked.problems())
        m.refuse("query", error.where.empty() ? error.what : error.where + ": " + error.what, error.hint);
  }
  trigger.target = m.need_number("threshold", "the value a replica shall have, e.g. \"5\"", 0, true);
  trigger.activation = m.number("activationThreshold", 0, -1e300);
  scaler.ignore_null_values = m.flag("ignoreNullValues", true);
  m.connection({"serverAddress", "metricName", "namespace", "customHeaders", "unsafeSsl", "authModes", "timeout",
                "awsRegion", "identityOwner", "queryParameters"});
  trigger.source = std::move(scaler);
}

void read_rabbitmq(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  RabbitmqScaler scaler;
  const auto host = m.text("host");
  const std::size_t protocol = m.choice("protocol", {"auto", "http", "amqp"}, 0);
  scaler.http = protocol == 1 || (protocol == 0 && host && host->starts_with("http"));
  scaler.mode =
      std::array{RabbitmqMode::queue_length, RabbitmqMode::message_rate, RabbitmqMode::deliver_get_rate,
                 RabbitmqMode::published_to_delivered_ratio, RabbitmqMode::expected_queue_consumption_time}[m.choice(
          "mode",
          {"QueueLength", "MessageRate", "DeliverGetRate", "PublishedToDeliveredRatio", "ExpectedQueueConsumptionTime"},
          0)];
  const auto old = m.text("queueLength");
  trigger.target = old ? m.number("queueLength", 20, 0, true) : m.number("value", 20, 0, true);
  if (old && m.text("value")) m.refuse("queueLength", "says the same as value", "keep mode and value");
  trigger.activation = m.number("activationValue", 0, -1e300);
  scaler.exclude_unacknowledged = m.flag("excludeUnacknowledged", false);
  if (scaler.mode != RabbitmqMode::queue_length && !scaler.http)
    m.refuse("mode", "needs the HTTP protocol: AMQP tells no rates", "add protocol: http, or use mode: QueueLength");
  if (scaler.exclude_unacknowledged && !scaler.http)
    m.refuse("excludeUnacknowledged", "means nothing over AMQP, which counts ready messages only",
             "add protocol: http, or remove it");
  m.connection({"queueName", "hostFromEnv", "vhostName", "useRegex", "pageSize", "operation", "timeout", "metricName",
                "unsafeSsl", "usernameFromEnv", "passwordFromEnv", "workloadIdentityResource", "tls"});
  trigger.source = scaler;
}

void read_sqs(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  SqsScaler scaler;
  trigger.target = static_cast<double>(m.whole("queueLength", 5, 1));
  trigger.activation = static_cast<double>(m.whole("activationQueueLength", 0, 0));
  scaler.scale_on_in_flight = m.flag("scaleOnInFlight", true);
  scaler.scale_on_delayed = m.flag("scaleOnDelayed", false);
  m.connection({"queueURL", "queueURLFromEnv", "awsRegion", "awsEndpoint", "identityOwner"});
  trigger.source = scaler;
}

void read_pubsub(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  PubsubScaler scaler;
  const std::size_t mode =
      m.choice("mode", {"SubscriptionSize", "NumUndeliveredMessages", "OldestUnackedMessageAge"}, 0);
  scaler.mode = mode == 2 ? PubsubMode::oldest_unacked_message_age : PubsubMode::subscription_size;
  trigger.target = m.number("value", 10, 0, true);
  trigger.activation = m.number("activationValue", 0, -1e300);
  m.connection({"subscriptionName", "subscriptionNameFromEnv", "credentialsFromEnv"});
  m.not_modelled({"topicName", "topicNameFromEnv", "aggregation", "timeHorizon", "valueIfNull"},
                 "remove it: the subscription's last published figure is read");
  m.not_modelled({"subscriptionSize"}, "KEDA 2.20 removed it: write mode: SubscriptionSize and value");
  trigger.source = scaler;
}

void read_kafka(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  KafkaScaler scaler;
  scaler.lag_threshold = m.whole("lagThreshold", 10, 1);
  trigger.target = static_cast<double>(scaler.lag_threshold);
  trigger.activation = static_cast<double>(m.whole("activationLagThreshold", 0, 0));
  scaler.allow_idle_consumers = m.flag("allowIdleConsumers", false);
  scaler.limit_to_partitions_with_lag = m.flag("limitToPartitionsWithLag", false);
  scaler.ensure_even_distribution = m.flag("ensureEvenDistributionOfPartitions", false);
  if (scaler.allow_idle_consumers && scaler.limit_to_partitions_with_lag)
    m.refuse("allowIdleConsumers", "contradicts limitToPartitionsWithLag", "keep one of the two");
  m.connection({"bootstrapServers", "bootstrapServersFromEnv", "consumerGroup", "consumerGroupFromEnv", "topic",
                "topicFromEnv", "offsetResetPolicy", "scaleToZeroOnInvalidOffset", "fullMetadata", "version", "tls",
                "unsafeSsl", "sasl", "saslTokenProvider", "awsRegion"});
  m.not_modelled({"excludePersistentLag", "partitionLimitation"}, "remove it: every partition counts");
  trigger.source = scaler;
}

void read_redis(KedaMetadata& m, const KedaSurroundings&, KedaTrigger& trigger) {
  m.need("listName", "the list whose length is read");
  trigger.target = static_cast<double>(m.whole("listLength", 5, 1));
  trigger.activation = static_cast<double>(m.whole("activationListLength", 0, 0));
  m.connection({"address",
                "addressFromEnv",
                "addresses",
                "addressesFromEnv",
                "host",
                "hostFromEnv",
                "hosts",
                "hostsFromEnv",
                "port",
                "portFromEnv",
                "ports",
                "portsFromEnv",
                "username",
                "usernameFromEnv",
                "passwordFromEnv",
                "sentinelUsername",
                "sentinelUsernameFromEnv",
                "sentinelPassword",
                "sentinelPasswordFromEnv",
                "sentinelMaster",
                "sentinelMasterFromEnv",
                "databaseIndex",
                "enableTLS",
                "unsafeSsl"});
  trigger.source = RedisScaler{};
}

CronSchedule read_schedule(KedaMetadata& m, std::string_view key, std::string_view doc) {
  const std::string line = m.need(key, doc);
  auto parsed = CronSchedule::parse(line.empty() ? "* * * * *" : line);
  if (auto* schedule = std::get_if<CronSchedule>(&parsed)) return *schedule;
  m.refuse(key, std::get<std::string>(parsed), "write a crontab line, e.g. \"0 8 * * 1-5\"");
  return {};
}

void read_cron(KedaMetadata& m, const KedaSurroundings& around, KedaTrigger& trigger) {
  CronScaler scaler;
  m.need("timezone", "a zone of the tz database, e.g. Europe/London");
  scaler.start = read_schedule(m, "start", "when the replicas shall be there, e.g. \"0 8 * * 1-5\"");
  scaler.end = read_schedule(m, "end", "when they are no longer needed, e.g. \"0 18 * * 1-5\"");
  scaler.time_zero = around.clock_start;
  if (const auto start = m.text("start"); start && start == m.text("end"))
    m.refuse("end", "is the same as start", "let it come later");
  m.need("desiredReplicas", "how many from start to end");
  scaler.desired_replicas = m.whole("desiredReplicas", 1, 1);
  trigger.target = 1;
  trigger.source = scaler;
}

/// cpu and memory; their metricType is Utilization or AverageValue.
void read_resource(KedaMetadata& m, KedaTrigger& trigger, const std::string& metric_type) {
  ResourceScaler scaler;
  const auto old = m.text("type");
  const std::string type = metric_type.empty() && old ? *old : metric_type;
  const std::string value = m.need("value", "percent of the request, or a quantity such as 500m or 2Gi");
  m.connection({"containerName"});
  if (type == "Utilization") {
    scaler.percent = static_cast<std::int32_t>(std::min<std::int64_t>(m.whole("value", 1, 1), 1'000'000));
  } else if (type == "AverageValue") {
    scaler.target = HpaTargetKind::average_value;
    const auto milli = parse_quantity_milli(value.empty() ? "1" : value);
    if (milli && *milli > 0)
      scaler.target_milli = *milli;
    else
      m.refuse("value", fmt::format("\"{}\" is no quantity above 0", one_line(value, 40)), "write 500m, 2 or 4Gi");
  } else {
    m.refuse("value", "has no metricType that says what it is of",
             "add metricType: Utilization or metricType: AverageValue to the trigger");
  }
  trigger.source = scaler;
}

struct TriggerType {
  std::string_view name;
  TriggerReader read;  ///< null: cpu and memory
};
constexpr std::array kTriggerTypes = std::to_array<TriggerType>({{"prometheus", read_prometheus},
                                                                 {"rabbitmq", read_rabbitmq},
                                                                 {"aws-sqs-queue", read_sqs},
                                                                 {"gcp-pubsub", read_pubsub},
                                                                 {"kafka", read_kafka},
                                                                 {"redis", read_redis},
                                                                 {"redis-cluster", read_redis},
                                                                 {"redis-sentinel", read_redis},
                                                                 {"cron", read_cron},
                                                                 {"cpu", nullptr},
                                                                 {"memory", nullptr}});

const TriggerType* find_type(KubeBlock& block, const std::string& type) {
  for (const auto& row : kTriggerTypes)
    if (row.name == type) return &row;
  const auto known = names_of(kTriggerTypes);
  const bool foreign = std::find(kForeignTypes.begin(), kForeignTypes.end(), type) != kForeignTypes.end();
  if (foreign)
    block.refuse("type", fmt::format("{} is a trigger of KEDA's that is not modelled here", type),
                 fmt::format("known: {}", fmt::join(known, ", ")));
  else
    block.refuse("type", fmt::format("unknown trigger type \"{}\"", one_line(type, 40)), suggestion(type, known));
  return nullptr;
}

KedaTrigger read_trigger_block(ProblemList& problems, const Node& node, const std::string& path,
                               const KedaSurroundings& around, bool& ok) {
  KubeBlock block(problems, node, path,
                  {"type", "name", "metadata", "metricType", "useCachedMetrics", "authenticationRef"});
  KedaTrigger trigger;
  block.need("type", "which source: prometheus, rabbitmq, aws-sqs-queue, ...");
  trigger.type = block.text("type").value_or("");
  trigger.name = block.text("name").value_or("");
  block.pass_over("authenticationRef", "how to log in");
  trigger.use_cached_metrics = block.choice("useCachedMetrics", {"false", "true"}).value_or(0) == 1;
  const std::string metric_type = block.text("metricType").value_or("");
  const TriggerType* type = trigger.type.empty() ? nullptr : find_type(block, trigger.type);
  if (type != nullptr) {
    KedaMetadata metadata(problems, node, block.find("metadata"), block.path_of("metadata"));
    if (type->read != nullptr) {
      type->read(metadata, around, trigger);
      const auto kind = block.choice("metricType", {"AverageValue", "Value"}).value_or(0);
      trigger.metric_type = kind == 0 ? HpaTargetKind::average_value : HpaTargetKind::value;
      if (metadata.ok() && keda_metric_milli(trigger.target) == 0)
        block.refuse("the target is less than a thousandth, the finest the HPA sees", "raise it");
    } else {
      read_resource(metadata, trigger, metric_type);
    }
    if (trigger.use_cached_metrics && (type->read == nullptr || trigger.type == "cron"))
      block.refuse("useCachedMetrics", fmt::format("is not for {} triggers", trigger.type), "remove it");
    metadata.finish();
    ok = ok && metadata.ok();
  }
  ok = ok && block.ok() && type != nullptr;
  return trigger;
}

}  // namespace

std::vector<KedaTrigger> read_keda_triggers(ProblemList& problems, const Node& spec, const std::string& path,
                                            const KedaSurroundings& around, bool& ok) {
  std::vector<KedaTrigger> out;
  const std::string here = join_path(path, "triggers");
  const Node* list = spec.find("triggers");
  if (list == nullptr || !list->is(Node::Kind::sequence) || list->items.empty()) {
    problems.add(list == nullptr ? spec : *list, here,
                 list == nullptr                  ? "is missing"
                 : list->is(Node::Kind::sequence) ? "is empty"
                                                  : fmt::format("is {}, not a list", list->describe()),
                 "list at least one: - {type: rabbitmq, metadata: {queueName: work, value: \"5\"}}");
    ok = false;
    return out;
  }
  for (const auto& item : list->items) {
    if (out.size() == kMostTriggers) {
      problems.add(item, here, fmt::format("has more than {} entries", kMostTriggers), "keep those that rule");
      ok = false;
      return out;
    }
    const std::string at = join_path(here, std::to_string(out.size()));
    KedaTrigger trigger = read_trigger_block(problems, item, at, around, ok);
    const bool taken = !trigger.name.empty() && std::any_of(out.begin(), out.end(), [&](const KedaTrigger& other) {
      return other.name == trigger.name;
    });
    if (taken) {
      problems.add(item, join_path(at, "name"), fmt::format("\"{}\" is another trigger's too", trigger.name),
                   "give each its own");
      ok = false;
    }
    out.push_back(std::move(trigger));
  }
  return out;
}

}  // namespace windtunnel
