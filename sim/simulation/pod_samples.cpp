// What a replica's process has counted, and what metrics-server and the broker make of the present.
#include <algorithm>

#include "sim/simulation/metric_wheel.hpp"

namespace windtunnel {
namespace {

std::size_t latency_bucket(Duration time) {
  const auto bounds = latency_bounds();
  const double s = to_seconds(time);
  return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), s) - bounds.begin());
}

// Messages in the broker's queue; where queries are pushed the rest of them wait at their replica, delivered.
std::uint32_t at_the_broker(const ModelState& m) {
  return m.pull ? m.queued : m.queue.size();
}

}  // namespace

/// Another process begins at 0. Apart, so that the usual case stays a few instructions.
[[gnu::noinline]] static ServerCounters& begin_server(World& w, ReplicaId replica, std::uint64_t process) {
  auto& servers = w.metric_path->servers;
  if (replica >= servers.size()) servers.resize(w.replicas.size());
  ServerCounters& server = servers[replica];
  if (server.process != process) {
    server = {};
    server.process = process;
    server.began = w.now;
    server.busy_ns_before = w.replicas[replica].busy_ns;
  }
  return server;
}

static inline ServerCounters& server_at(World& w, ReplicaId replica, const Replica& r) {
  auto& servers = w.metric_path->servers;
  const std::uint64_t process = std::uint64_t{r.model} << 48U ^ std::uint64_t{r.ordinal} << 20U ^ r.starts;
  if (replica >= servers.size() || servers[replica].process != process) [[unlikely]]
    return begin_server(w, replica, process);
  return servers[replica];
}

ServerCounters& server_of(World& w, ReplicaId replica) {
  return server_at(w, replica, w.replicas[replica]);
}

void count_served(World& w, const Query& q) {
  ServerCounters& server = server_of(w, q.replica);
  // Where queries are pulled they reach the server when their service begins.
  const SimTime came = w.models[q.model].pull ? q.started : q.enqueued;
  ++server.served;
  server.request_ns += (w.now - came).count();
  server.queue_ns += (q.started - came).count();
  ++server.latency[latency_bucket(w.now - came)];
  ++server.queue_time[latency_bucket(q.started - came)];
}

std::int64_t busy_ns(const World& w, const ServerCounters& server, const Replica& r) {
  return r.busy_ns - server.busy_ns_before + (r.active > 0 ? (w.now - r.busy_since).count() : 0);
}

double cpu_seconds(World& w, ReplicaId replica) {
  const Replica& r = w.replicas[replica];
  const auto& cpu = w.models[r.model].spec->cpu;
  if (!cpu) return 0;
  const ServerCounters& server = server_of(w, replica);
  Duration busy{busy_ns(w, server, r)};
  // Loading keeps a core as busy as serving does [A].
  if (r.state == ReplicaState::starting)
    busy += w.now - server.began;
  else if (r.ready_since > server.began)
    busy += r.ready_since - server.began;
  return cpu->idle * to_seconds(w.now - server.began) + (cpu->busy - cpu->idle) * to_seconds(busy);
}

void sample_pods(World& w, const ModelState& m) {
  for (const ReplicaId replica : m.replicas) {
    const Replica& r = w.replicas[replica];
    const bool no_container = r.state == ReplicaState::starting && r.stage == kPull;
    if (r.gpu == kNone || r.state == ReplicaState::backing_off || no_container) continue;
    ServerCounters& server = server_of(w, replica);
    const double at_s = to_seconds(w.now);
    if (r.host.value > 0) server.memory = PodSample{static_cast<double>(r.host.value), at_s, 0};
    if (!m.spec->cpu) continue;
    const double used = cpu_seconds(w, replica);
    if (server.scraped && w.now > server.scraped_at) {
      const double window = to_seconds(w.now - server.scraped_at);
      server.cpu = PodSample{(used - server.scraped_cpu_s) / window, at_s, window};
    }
    server.scraped = true;
    server.scraped_at = w.now;
    server.scraped_cpu_s = used;
  }
}

std::uint64_t published(const World& w, const ModelState& m) {
  return static_cast<std::uint64_t>(w.metric_path->arrived_before[m.id] + static_cast<std::int64_t>(m.counts.arrived));
}

void refresh_broker(World& w, const ModelState& m) {
  BrokerSample& sample = w.metric_path->brokers[m.id];
  const std::uint64_t came = published(w, m), answered = m.lifetime_completed;
  const double span = to_seconds(w.now - sample.at);
  QueueView& view = sample.view;
  if (sample.taken && span > 0) {
    view.published_per_s = static_cast<double>(came - sample.published) / span;
    view.delivered_per_s = static_cast<double>(answered - sample.delivered) / span;
  }
  const std::uint32_t ready = at_the_broker(m), inside = m.queued + m.in_service;
  view.ready = ready;
  view.unacknowledged = inside - ready;
  view.oldest_age_s = oldest_age_s(w, m);
  const auto partitions = static_cast<std::uint32_t>(w.metric_path->spec.partitions);
  view.partition_lag.resize(partitions);
  for (std::uint32_t i = 0; i < partitions; ++i)
    view.partition_lag[i] = inside / partitions + (i < inside % partitions ? 1 : 0);
  if (sample.taken && w.now == sample.at) return;  // asked twice at one instant: rates stay
  sample.at = w.now;
  sample.taken = true;
  sample.published = came;
  sample.delivered = answered;
}

}  // namespace windtunnel
