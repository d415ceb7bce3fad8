#include "sim/metrics/metric_table.hpp"

#include <array>

namespace windtunnel {

std::span<const MetricRow> metric_table() {
  using enum MetricId;
  using enum Exporter;
  constexpr auto gauge = MetricType::gauge;
  constexpr auto counter = MetricType::counter;
  constexpr auto histogram = MetricType::histogram;
  constexpr std::string_view rabbit = "RabbitMQ 3.12, rabbitmq_prometheus per-object metrics";
  constexpr std::string_view sqs = "cloudwatch_exporter of AWS/SQS";
  constexpr std::string_view pubsub = "stackdriver_exporter of pubsub.googleapis.com";
  constexpr std::string_view vllm = "vLLM docs, production metrics";
  constexpr std::string_view triton = "Triton Inference Server docs, metrics";
  constexpr std::string_view dcgm_source = "dcgm-exporter, etc/default-counters.csv";
  constexpr std::string_view ksm = "kube-state-metrics docs";
  static constexpr std::array rows = {
      MetricRow{rabbitmq_ready, "rabbitmq_queue_messages_ready", gauge, broker, "1", "queue",
                "messages waiting in the model's queue", rabbit},
      MetricRow{rabbitmq_unacked, "rabbitmq_queue_messages_unacked", gauge, broker, "1", "queue",
                "delivered, not yet answered", rabbit},
      MetricRow{rabbitmq_messages, "rabbitmq_queue_messages", gauge, broker, "1", "queue", "ready + unacked", rabbit},
      MetricRow{rabbitmq_published, "rabbitmq_queue_messages_published_total", counter, broker, "1", "queue",
                "messages published", "kbudde/rabbitmq_exporter"},
      MetricRow{rabbitmq_delivered, "rabbitmq_queue_messages_delivered_total", counter, broker, "1", "queue",
                "messages delivered and answered", "kbudde/rabbitmq_exporter"},
      MetricRow{sqs_visible, "aws_sqs_approximate_number_of_messages_visible_average", gauge, broker, "1", "queue_name",
                "ApproximateNumberOfMessages", sqs},
      MetricRow{sqs_not_visible, "aws_sqs_approximate_number_of_messages_not_visible_average", gauge, broker, "1",
                "queue_name", "ApproximateNumberOfMessagesNotVisible", sqs},
      MetricRow{sqs_oldest, "aws_sqs_approximate_age_of_oldest_message_maximum", gauge, broker, "s", "queue_name",
                "ApproximateAgeOfOldestMessage", sqs},
      MetricRow{pubsub_undelivered,
                "stackdriver_pubsub_subscription_pubsub_googleapis_com_subscription_num_undelivered_messages", gauge,
                broker, "1", "subscription_id", "messages not yet acknowledged", pubsub},
      MetricRow{pubsub_oldest,
                "stackdriver_pubsub_subscription_pubsub_googleapis_com_subscription_oldest_unacked_message_age", gauge,
                broker, "s", "subscription_id", "age of the oldest waiting message", pubsub},
      MetricRow{kafka_lag, "kafka_consumergroup_lag", gauge, broker, "1", "consumergroup, topic, partition",
                "latest offset less the committed one, by partition", "danielqsj/kafka_exporter"},
      MetricRow{redis_size, "redis_key_size", gauge, broker, "1", "key", "length of the model's list",
                "oliver006/redis_exporter"},
      MetricRow{requests, "http_requests_total", counter, gateway, "1", "service", "queries answered",
                "Prometheus naming practice"},
      MetricRow{request_duration, "http_request_duration_seconds", histogram, gateway, "s", "service, le",
                "response time as the client has it, waiting included", "Prometheus naming practice"},
      MetricRow{vllm_waiting, "vllm:num_requests_waiting", gauge, server, "1", "model_name, pod",
                "queued at the server; with dispatch: pull queries wait at the broker and this is 0", vllm},
      MetricRow{vllm_running, "vllm:num_requests_running", gauge, server, "1", "model_name, pod", "in service", vllm},
      MetricRow{vllm_success, "vllm:request_success_total", counter, server, "1", "model_name, pod", "queries served",
                vllm},
      MetricRow{vllm_latency, "vllm:e2e_request_latency_seconds", histogram, server, "s", "model_name, pod, le",
                "from the server's queue to the answer", vllm},
      MetricRow{vllm_queue_time, "vllm:request_queue_time_seconds", histogram, server, "s", "model_name, pod, le",
                "time in the server's queue", vllm},
      MetricRow{triton_success, "nv_inference_request_success", counter, server, "1", "model, pod", "queries served",
                triton},
      MetricRow{triton_request_us, "nv_inference_request_duration_us", counter, server, "us", "model, pod",
                "time in the server, summed", triton},
      MetricRow{triton_queue_us, "nv_inference_queue_duration_us", counter, server, "us", "model, pod",
                "time in the server's queue, summed", triton},
      MetricRow{triton_pending, "nv_inference_pending_request_count", gauge, server, "1", "model, pod",
                "queued at the server", triton},
      MetricRow{gpu_util, "DCGM_FI_DEV_GPU_UTIL", gauge, dcgm, "%",
                "gpu, UUID, device, modelName, Hostname, exported_pod",
                "share of the time since the exporter's last collection with any kernel on the device; not of MIG "
                "instances",
                dcgm_source},
      MetricRow{fb_used, "DCGM_FI_DEV_FB_USED", gauge, dcgm, "MiB",
                "gpu, UUID, device, modelName, Hostname, exported_pod, GPU_I_ID, GPU_I_PROFILE",
                "framebuffer in use by all", dcgm_source},
      MetricRow{fb_free, "DCGM_FI_DEV_FB_FREE", gauge, dcgm, "MiB",
                "gpu, UUID, device, modelName, Hostname, exported_pod, GPU_I_ID, GPU_I_PROFILE", "framebuffer free",
                dcgm_source},
      MetricRow{gr_engine_active, "DCGM_FI_PROF_GR_ENGINE_ACTIVE", gauge, dcgm, "1",
                "gpu, UUID, device, modelName, Hostname, exported_pod, GPU_I_ID, GPU_I_PROFILE",
                "share of time the engine was active, in [0, 1]; of MIG instances too", dcgm_source},
      MetricRow{deployment_spec, "kube_deployment_spec_replicas", gauge, kube_state, "1", "namespace, deployment",
                "replicas asked for", ksm},
      MetricRow{deployment_replicas, "kube_deployment_status_replicas", gauge, kube_state, "1", "namespace, deployment",
                "pods that are not being deleted", ksm},
      MetricRow{deployment_ready, "kube_deployment_status_replicas_ready", gauge, kube_state, "1",
                "namespace, deployment", "ready ones", ksm},
      MetricRow{deployment_available, "kube_deployment_status_replicas_available", gauge, kube_state, "1",
                "namespace, deployment", "ready ones (minReadySeconds 0)", ksm},
      MetricRow{pod_ready, "kube_pod_status_ready", gauge, kube_state, "1", "namespace, pod, condition",
                "1 where condition=\"true\" holds", ksm},
      MetricRow{pod_phase, "kube_pod_status_phase", gauge, kube_state, "1", "namespace, pod, phase",
                "1 for the phase it is in: Pending or Running", ksm},
      MetricRow{restarts, "kube_pod_container_status_restarts_total", counter, kube_state, "1",
                "namespace, pod, container", "starts of the container beyond the first", ksm},
      MetricRow{cpu_seconds, "container_cpu_usage_seconds_total", counter, cadvisor, "s", "namespace, pod, container",
                "CPU time used", "cAdvisor docs, Prometheus metrics"},
      MetricRow{memory_working_set, "container_memory_working_set_bytes", gauge, cadvisor, "bytes",
                "namespace, pod, container", "host memory in use", "cAdvisor docs, Prometheus metrics"},
  };
  return rows;
}

std::string_view exporter_name(Exporter exporter) {
  switch (exporter) {
    case Exporter::broker: return "broker";
    case Exporter::gateway: return "gateway";
    case Exporter::server: return "server";
    case Exporter::dcgm: return "dcgm-exporter";
    case Exporter::kube_state: return "kube-state-metrics";
    case Exporter::cadvisor: return "cadvisor";
  }
  return "";
}

std::string_view type_name(MetricType type) {
  return type == MetricType::gauge ? "gauge" : type == MetricType::counter ? "counter" : "histogram";
}

std::span<const std::string_view> series_names() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> out = {"up"};
    for (const auto& row : metric_table()) {
      if (row.type != MetricType::histogram) {
        out.emplace_back(row.name);
        continue;
      }
      for (const auto* part : {"_bucket", "_sum", "_count"}) out.push_back(std::string(row.name) + part);
    }
    return out;
  }();
  static const std::vector<std::string_view> names(texts.begin(), texts.end());
  return names;
}

const MetricRow* find_metric(std::string_view series_name) {
  for (const auto& row : metric_table()) {
    if (row.name == series_name && row.type != MetricType::histogram) return &row;
    if (row.type != MetricType::histogram || !series_name.starts_with(row.name)) continue;
    const auto part = series_name.substr(row.name.size());
    if (part == "_bucket" || part == "_sum" || part == "_count") return &row;
  }
  return nullptr;
}

std::span<const double> latency_bounds() {
  // The buckets of vLLM's end-to-end latency histogram, less the longest ones.
  static constexpr std::array kBounds = {0.3,  0.5,  0.8,  1.0,  1.5,  2.0,  2.5,  5.0,
                                         10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 120.0};
  return kBounds;
}

}  // namespace windtunnel
