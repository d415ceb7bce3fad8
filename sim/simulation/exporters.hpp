// What each exporter publishes, said once: `out.put(metric, part, labels, value)` for each figure, in a fixed order.
// Finding the series and taking the values are two passes over the same function.
#pragma once

#include <cmath>

#include "sim/simulation/memory.hpp"
#include "sim/simulation/metric_wheel.hpp"

namespace windtunnel {

inline constexpr const char* kNamespace = "default";

inline std::string node_name(const World& w, NodeId node) {
  const NodePool& pool = w.pools[w.nodes[node].pool];
  return pool.spec->name + "-" + std::to_string(node - pool.first_node);
}

/// As Prometheus writes a bucket's bound: 0.3, 1.0, 120.0.
std::string bound_text(double bound);

template <class Out, class MakeLabels>
void put_histogram(Out& out, MetricId id, MakeLabels labels, const std::array<std::uint64_t, kLatencyBuckets>& counts,
                   double sum) {
  const auto bounds = latency_bounds();
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kLatencyBuckets; ++i) {
    below += counts[i];
    out.put(
        id, "_bucket",
        [&] {
          Labels all = labels();
          all.emplace_back("le", i < bounds.size() ? bound_text(bounds[i]) : "+Inf");
          return all;
        },
        [&] { return static_cast<double>(below); });
  }
  out.put(id, "_sum", labels, [&] { return sum; });
  out.put(id, "_count", labels, [&] { return static_cast<double>(below); });
}

template <class Out>
void publish_broker(World& w, Out& out) {
  for (const ModelState& m : w.models) {
    const QueueView& q = w.metric_path->brokers[m.id].view;
    const std::string& name = m.spec->name;
    const auto queue = [&] { return Labels{{"queue", name}}; };
    const auto sqs = [&] { return Labels{{"queue_name", name}}; };
    const auto subscription = [&] { return Labels{{"subscription_id", name}}; };
    const auto waits = [&] { return q.ready; };
    const auto all = [&] { return q.ready + q.unacknowledged; };
    const auto delivered = [&] { return q.unacknowledged; };
    const auto oldest = [&] { return q.oldest_age_s; };
    using enum MetricId;
    out.put(rabbitmq_ready, "", queue, waits);
    out.put(rabbitmq_unacked, "", queue, delivered);
    out.put(rabbitmq_messages, "", queue, all);
    out.put(rabbitmq_published, "", queue, [&] { return static_cast<double>(published(w, m)); });
    out.put(rabbitmq_delivered, "", queue, [&] { return static_cast<double>(m.lifetime_completed); });
    out.put(sqs_visible, "", sqs, waits);
    out.put(sqs_not_visible, "", sqs, delivered);
    out.put(sqs_oldest, "", sqs, oldest);
    out.put(pubsub_undelivered, "", subscription, all);
    out.put(pubsub_oldest, "", subscription, oldest);
    out.put(redis_size, "", [&] { return Labels{{"key", name}}; }, waits);
    if (!w.metric_path->wants(kafka_lag)) continue;
    const auto partitions = static_cast<std::size_t>(w.metric_path->spec.partitions);
    for (std::size_t i = 0; i < partitions; ++i)
      out.put(
          kafka_lag, "",
          [&] { return Labels{{"consumergroup", name}, {"topic", name}, {"partition", std::to_string(i)}}; },
          [&] { return i < q.partition_lag.size() ? q.partition_lag[i] : 0; });
  }
}

template <class Out>
void publish_gateway(World& w, Out& out) {
  std::vector<Duration> bounds;
  for (const double s : latency_bounds()) bounds.push_back(to_duration(s));
  for (const ModelState& m : w.models) {
    const auto labels = [&] { return Labels{{"service", m.spec->name}}; };
    out.put(MetricId::requests, "", labels, [&] { return static_cast<double>(m.lifetime_completed); });
    if (!w.metric_path->wants(MetricId::request_duration)) continue;
    std::array<std::uint64_t, kLatencyBuckets> counts{};
    const auto now = m.response_time.at_most(bounds), before = m.scrape.response_before.at_most(bounds);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      counts[i] = now[i] + before[i] - below;
      below = now[i] + before[i];
    }
    counts.back() = m.response_time.count() + m.scrape.response_before.count() - below;
    put_histogram(out, MetricId::request_duration, labels, counts,
                  m.response_time.sum_s() + m.scrape.response_before.sum_s());
  }
}

template <class Out>
void publish_server(World& w, const ScrapeTarget& target, Out& out) {
  const ReplicaId replica = target.index;
  const Replica& r = w.replicas[replica];
  const ModelState& m = w.models[target.model];
  const ServerCounters& server = server_of(w, replica);
  const auto v = [&] {
    return Labels{{"model_name", m.spec->name}, {"namespace", kNamespace}, {"pod", target.instance}};
  };
  const auto t = [&] { return Labels{{"model", m.spec->name}, {"namespace", kNamespace}, {"pod", target.instance}}; };
  const auto waiting = [&] { return static_cast<double>(r.queue.size()); };
  const auto served = [&] { return static_cast<double>(server.served); };
  const auto us = [](std::int64_t ns) { return [ns] { return static_cast<double>(ns / 1000); }; };
  using enum MetricId;
  out.put(vllm_waiting, "", v, waiting);
  out.put(vllm_running, "", v, [&] { return static_cast<double>(w.outstanding[replica] - r.queue.size()); });
  out.put(vllm_success, "", v, served);
  out.put(triton_success, "", t, served);
  out.put(triton_request_us, "", t, us(server.request_ns));
  out.put(triton_queue_us, "", t, us(server.queue_ns));
  out.put(triton_pending, "", t, waiting);
  const auto& path = *w.metric_path;
  if (path.wants(vllm_latency))
    put_histogram(out, vllm_latency, v, server.latency, static_cast<double>(server.request_ns) * 1e-9);
  if (path.wants(vllm_queue_time))
    put_histogram(out, vllm_queue_time, v, server.queue_time, static_cast<double>(server.queue_ns) * 1e-9);
}

/// Labels of DCGM's series of a card or MIG instance; the pod it names, if any.
Labels dcgm_labels(const World& world, const ScrapeTarget& target, GpuId gpu, ReplicaId pod);
/// Which pods the exporter names on it; kNone: the device without one.
std::vector<ReplicaId> dcgm_pods(const World& world, GpuId gpu);
/// Looks at how busy the node's cards and their pods were since its last look.
void collect_dcgm(World& world, ScrapeTarget& target);

template <class Out>
void publish_dcgm(World& w, const ScrapeTarget& target, Out& out) {
  const ClusterNode& node = w.nodes[target.index];
  const NodePool& pool = w.pools[node.pool];
  constexpr double kMib = 1024.0 * 1024.0;
  using enum MetricId;
  for (std::uint32_t g = 0; g < pool.per_node; ++g) {
    const GpuId gpu = node.first_gpu + g;
    if (!is_there(w, w.gpus[gpu])) continue;
    const DeviceLedger& ledger = w.gpus[gpu].ledger;
    const auto pods = dcgm_pods(w, gpu);
    const bool of_pods = w.metric_path->spec.dcgm_pods == DcgmPods::processes;
    for (std::size_t i = 0; i < pods.size(); ++i) {
      const ReplicaId pod = pods[i];
      const bool own = of_pods && pod != kNone;  // its own figures, not the device's
      const auto labels = [&] { return dcgm_labels(w, target, gpu, pod); };
      const double busy = own ? server_of(w, pod).busy_share : target.busy_share[g];
      const double used =
          own ? static_cast<double>(held(w.replicas[pod]).value) : static_cast<double>(ledger.used().value);
      if (pool.instance_modes.empty()) out.put(gpu_util, "", labels, [&] { return std::round(busy * 100); });
      out.put(fb_used, "", labels, [&] { return std::round(used / kMib); });
      if (own) continue;
      out.put(fb_free, "", labels, [&] { return std::round(static_cast<double>(ledger.free().value) / kMib); });
      out.put(gr_engine_active, "", labels, [&] { return busy; });
    }
  }
}

template <class Out>
void publish_kube_state(World& w, Out& out) {
  using enum MetricId;
  const MetricPath& path = *w.metric_path;
  for (const ModelState& m : w.models) {
    const auto deployment = [&] { return Labels{{"namespace", kNamespace}, {"deployment", m.spec->name}}; };
    const auto current = [&] { return static_cast<double>(m.current.value()); };
    const auto ready = [&] { return static_cast<double>(m.ready_count.value()); };
    out.put(deployment_spec, "", deployment, current);
    out.put(deployment_replicas, "", deployment, current);
    out.put(deployment_ready, "", deployment, ready);
    out.put(deployment_available, "", deployment, ready);
    if (!path.wants(pod_ready) && !path.wants(pod_phase) && !path.wants(restarts)) continue;
    for (const ReplicaId id : m.replicas) {
      const Replica& r = w.replicas[id];
      const auto pod = [&](const char* key, const char* value) {
        return [&w, &m, id, key, value] {
          return Labels{{"namespace", kNamespace}, {"pod", pod_name(m, w.replicas[id])}, {key, value}};
        };
      };
      const bool is_ready = std::binary_search(m.ready.begin(), m.ready.end(), id);
      const bool pends = r.gpu == kNone || (r.state == ReplicaState::starting && r.stage == kPull);
      out.put(pod_ready, "", pod("condition", "true"), [&] { return is_ready ? 1.0 : 0.0; });
      out.put(pod_phase, "", pod("phase", "Pending"), [&] { return pends ? 1.0 : 0.0; });
      out.put(pod_phase, "", pod("phase", "Running"), [&] { return pends ? 0.0 : 1.0; });
      out.put(restarts, "", pod("container", "server"), [&] { return r.starts > 1 ? r.starts - 1.0 : 0.0; });
    }
  }
}

template <class Out>
void publish_cadvisor(World& w, const ScrapeTarget& target, Out& out) {
  const ClusterNode& node = w.nodes[target.index];
  for (std::uint32_t g = 0; g < w.pools[node.pool].per_node; ++g)
    for (const ReplicaId id : w.gpus[node.first_gpu + g].replicas) {
      const ModelState& m = w.models[w.replicas[id].model];
      const auto labels = [&] {
        return Labels{{"namespace", kNamespace}, {"pod", pod_name(m, w.replicas[id])}, {"container", "server"}};
      };
      out.put(MetricId::cpu_seconds, "", labels, [&] { return windtunnel::cpu_seconds(w, id); });
      out.put(MetricId::memory_working_set, "", labels, [&] { return static_cast<double>(w.replicas[id].host.value); });
    }
}

template <class Out>
void publish(World& w, const ScrapeTarget& target, Out& out) {
  switch (target.exporter) {
    case Exporter::broker: return publish_broker(w, out);
    case Exporter::gateway: return publish_gateway(w, out);
    case Exporter::server: return publish_server(w, target, out);
    case Exporter::dcgm: return publish_dcgm(w, target, out);
    case Exporter::kube_state: return publish_kube_state(w, out);
    case Exporter::cadvisor: return publish_cadvisor(w, target, out);
  }
}

}  // namespace windtunnel
