#include "sim/simulation/anatomy.hpp"

#include <algorithm>
#include <utility>

#include "sim/simulation/scaling.hpp"
#include "sim/simulation/scraping.hpp"

namespace windtunnel {
namespace {

/// Where one replica's time from the decision to its readiness went.
void split_start(const Replica& r, ScaleUpRecord& record) {
  const StartTimes& t = r.times;
  const Duration all = r.ready_since - record.decided;
  const Duration node = t.scheduling + t.node + t.driver;
  const Duration load = t.stages[kContainer] + t.stages[kImport] + t.stages[kLoad] + t.stages[kFirstBatch];
  const Duration rest = all - node - t.stages[kPull] - load;
  const bool died_on_the_way = r.starts > 1;  // only the last start has its times
  record.parts[kScaleUpNode] = node;
  record.parts[kScaleUpPull] = t.stages[kPull];
  record.parts[kScaleUpLoad] = load + (died_on_the_way ? rest : Duration{});
  record.parts[kScaleUpProbe] = died_on_the_way ? Duration{} : rest;
}

/// One replica fewer to wait for; the last one closes the event.
void settle_scale_up(World& w, ModelState& m, std::uint32_t event) {
  auto& open = m.scale_up.open;
  const auto it = open.find(event);
  if (it == open.end() || --it->second.waiting > 0) return;
  const ScaleUpRecord record = it->second.record;
  const bool served = it->second.served;
  open.erase(it);
  if (!served) return;
  ++m.scale_up.sums.events;
  for (std::size_t i = 0; i < record.parts.size(); ++i) m.scale_up.sums.parts[i] += record.parts[i];
  if (w.options.observer != nullptr) w.options.observer->on_scale_up(record);
}

}  // namespace

void watch_demand(const World& w, ModelState& m) {
  ScaleUpTrace& trace = m.scale_up;
  const double slots = static_cast<double>(m.ready_count.value()) * m.scrape.last.concurrency;
  if (m.queued + m.in_service <= slots) {
    trace.calm_at = w.now;
    trace.demanded.reset();
    return;
  }
  if (trace.demanded) return;
  const SimTime oldest = std::min(oldest_waiting(w, m), w.now);
  trace.demanded = std::max(oldest, trace.calm_at);
  trace.shown = w.now;
}

void note_proposal(const World& w, ModelState& m, const Observation& seen, int proposed) {
  auto& asked = m.scale_up.asked;
  if (proposed <= seen.current_replicas) {
    asked.clear();
  } else if (asked.empty() || proposed > asked.back().replicas) {
    asked.push_back({.at = w.now, .sampled = SimTime{to_duration(seen.sampled_at_s)}, .replicas = proposed});
  }
}

void begin_scale_up(World& w, ModelState& m, const Observation& seen, int desired, std::uint32_t first) {
  ScaleUpTrace& trace = m.scale_up;
  std::uint32_t created = 0;
  for (auto it = m.replicas.rbegin(); it != m.replicas.rend() && w.replicas[*it].ordinal >= first; ++it) {
    w.replicas[*it].scale_up = trace.next;
    ++created;
  }
  if (created == 0) return;
  // The first decision of the unbroken run that asked for as many; a bound correction asked for itself.
  const auto asked = std::find_if(trace.asked.begin(), trace.asked.end(),
                                  [&](const ScaleUpTrace::Asked& a) { return a.replicas >= desired; });
  const SimTime sample{to_duration(seen.sampled_at_s)};
  const SimTime proposed = asked == trace.asked.end() ? w.now : asked->at;
  const SimTime sampled = std::min(asked == trace.asked.end() ? sample : asked->sampled, proposed);
  const SimTime shown = trace.demanded ? std::min(trace.shown, sampled) : sampled;
  const SimTime demanded = trace.demanded ? std::min(*trace.demanded, shown) : shown;
  ScaleUpRecord record{.demanded = demanded,
                       .decided = w.now,
                       .served = w.now,
                       .model = m.id,
                       .from = seen.current_replicas,
                       .to = desired,
                       .parts = {}};
  record.parts[kScaleUpScrape] = shown - demanded;
  record.parts[kScaleUpWindow] = sampled - shown;
  record.parts[kScaleUpLoop] = proposed - sampled;
  record.parts[kScaleUpLimit] = w.now - proposed;
  trace.open[trace.next++] = {.record = record, .waiting = created, .served = false};
}

void scale_up_served(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  const std::uint32_t event = std::exchange(r.scale_up, kNone);
  if (const auto it = m.scale_up.open.find(event); it != m.scale_up.open.end()) {
    it->second.served = true;
    it->second.record.served = w.now;
    split_start(r, it->second.record);  // the last to serve is the one it took so long for
  }
  settle_scale_up(w, m, event);
}

void scale_up_given_up(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  settle_scale_up(w, w.models[r.model], std::exchange(r.scale_up, kNone));
}

}  // namespace windtunnel
