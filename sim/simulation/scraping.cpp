#include "sim/simulation/scraping.hpp"

#include <algorithm>

#include "sim/simulation/anatomy.hpp"
#include "sim/simulation/metric_wheel.hpp"

namespace windtunnel {
namespace {

// Counters and sums as an exporter has them: since time 0, whatever the measurement window threw away.
ScrapeState::Snapshot counters(const World& w, const ModelState& m) {
  const auto& before = m.scrape;
  ScrapeState::Snapshot now{.at = w.now,
                            .completed = m.lifetime_completed,
                            .services = before.service_before.count() + m.service_time.count(),
                            .responses = before.response_before.count() + m.response_time.count(),
                            .arrived = before.arrived_before + static_cast<std::int64_t>(m.counts.arrived),
                            .service_s = before.service_before.sum_s() + m.service_time.sum_s(),
                            .response_s = before.response_before.sum_s() + m.response_time.sum_s(),
                            .response = {}};
  if (m.needs.response_time && m.needs.response_quantile >= 0) {
    now.response = before.response_before;
    now.response->merge(m.response_time);
  }
  return now;
}

// Windows over counters and histograms, as rate() over the scrapes that lie in them.
void look_back(World& w, ModelState& m, Observation& seen) {
  const SignalNeeds& needs = m.needs;
  if (!needs.response_time && !needs.throughput && !needs.processing_time && !needs.arrival_rate) return;
  auto& window = m.scrape.window;
  window.push_back(counters(w, m));
  while (window.size() > 2 && w.now - window[1].at >= needs.window) window.pop_front();
  const auto& first = window.front();
  const auto& last = window.back();
  const double span = to_seconds(last.at - first.at);
  const auto mean = [](double sum, std::uint64_t count) {
    return count > 0 ? sum / static_cast<double>(count) : kNoSample;
  };
  seen.throughput_per_s = span > 0 ? static_cast<double>(last.completed - first.completed) / span : kNoSample;
  seen.arrival_rate_per_s = span > 0 ? static_cast<double>(last.arrived - first.arrived) / span : kNoSample;
  seen.processing_time_s = mean(last.service_s - first.service_s, last.services - first.services);
  seen.response_time_s = mean(last.response_s - first.response_s, last.responses - first.responses);
  if (last.response && last.responses > first.responses)
    seen.response_time_s = last.response->since(*first.response).quantile_s(needs.response_quantile);
}

// The device view: what DCGM publishes for the cards its replicas sit on, whoever caused it.
void look_at_gpus(World& w, ModelState& m, Observation& seen) {
  if (!m.needs.gpu) return;
  auto& before = m.scrape.gpu_busy;
  const double span = to_seconds(w.now - m.scrape.scraped_at);
  double busy = 0, memory = 0;
  std::vector<GpuId>& cards = m.scrape.cards;
  cards.clear();
  for (const ReplicaId replica : m.replicas)
    if (w.replicas[replica].gpu != kNone) cards.push_back(w.replicas[replica].gpu);
  std::sort(cards.begin(), cards.end());
  cards.erase(std::unique(cards.begin(), cards.end()), cards.end());
  for (const GpuId gpu : cards) {
    busy += to_seconds(w.shares.busy(gpu, w.now) - before[gpu]);
    const DeviceLedger& ledger = w.gpus[gpu].ledger;
    memory += static_cast<double>(ledger.used().value) / static_cast<double>(ledger.size().value);
  }
  const auto n = static_cast<double>(cards.size());
  seen.gpu_utilization = cards.empty() || span <= 0 ? kNoSample : busy / n / span;
  seen.gpu_memory_used = cards.empty() ? kNoSample : memory / n;
  for (GpuId gpu = 0; gpu < before.size(); ++gpu) before[gpu] = w.shares.busy(gpu, w.now);
}

}  // namespace

SimTime oldest_waiting(const World& w, const ModelState& m) {
  SimTime oldest = kNever;
  if (!m.queue.empty()) oldest = w.queries[m.queue.front()].stage_arrived;
  if (m.pull) return oldest;  // replicas have no queues of their own
  for (const ReplicaId replica : m.replicas)
    if (!w.replicas[replica].queue.empty())
      oldest = std::min(oldest, w.queries[w.replicas[replica].queue.front()].stage_arrived);
  return oldest;
}

double oldest_age_s(World& w, const ModelState& m) {
  const SimTime oldest = oldest_waiting(w, m);
  return oldest == kNever ? 0 : to_seconds(w.now - oldest);
}

void scrape(World& w, ModelState& m) {
  Observation& seen = m.scrape.last;
  seen.sampled_at_s = to_seconds(w.now);
  seen.current_replicas = static_cast<int>(m.current.value());
  seen.ready_replicas = static_cast<int>(m.ready_count.value());
  seen.concurrency = std::max(1, m.spec->concurrency.limit) * m.spec->batch.counted();
  seen.queued = m.queued;
  seen.in_service = m.in_service;
  seen.backlog = m.queued + m.in_service;
  seen.oldest_age_s = oldest_age_s(w, m);
  look_back(w, m, seen);
  look_at_gpus(w, m, seen);
  m.scrape.scraped_at = w.now;
  watch_demand(w, m);
}

}  // namespace windtunnel
