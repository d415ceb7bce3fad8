// Every metric an exporter publishes here, under its production name. `list metrics` prints this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace windtunnel {

/// Who publishes it, and so what a scrape target is.
enum class Exporter : std::uint8_t { broker, gateway, server, dcgm, kube_state, cadvisor };

enum class MetricType : std::uint8_t { gauge, counter, histogram };

enum class MetricId : std::uint8_t {
  rabbitmq_ready,
  rabbitmq_unacked,
  rabbitmq_messages,
  rabbitmq_published,
  rabbitmq_delivered,
  sqs_visible,
  sqs_not_visible,
  sqs_oldest,
  pubsub_undelivered,
  pubsub_oldest,
  kafka_lag,
  redis_size,
  requests,
  request_duration,
  vllm_waiting,
  vllm_running,
  vllm_success,
  vllm_latency,
  vllm_queue_time,
  triton_success,
  triton_request_us,
  triton_queue_us,
  triton_pending,
  gpu_util,
  fb_used,
  fb_free,
  gr_engine_active,
  deployment_spec,
  deployment_replicas,
  deployment_ready,
  deployment_available,
  pod_ready,
  pod_phase,
  restarts,
  cpu_seconds,
  memory_working_set,
};

struct MetricRow {
  MetricId id;
  std::string_view name;  ///< of a histogram: without _bucket, _sum, _count
  MetricType type;
  Exporter exporter;
  std::string_view unit;
  std::string_view labels;
  std::string_view doc;
  std::string_view source;
};

std::span<const MetricRow> metric_table();
std::string_view exporter_name(Exporter exporter);
std::string_view type_name(MetricType type);

/// The row whose series bear that name (a histogram's `..._bucket` too), or nullptr.
const MetricRow* find_metric(std::string_view series_name);
/// Every name a series may have.
std::span<const std::string_view> series_names();

/// Upper bounds of the latency histograms' buckets, in seconds; +Inf follows.
std::span<const double> latency_bounds();

}  // namespace windtunnel
