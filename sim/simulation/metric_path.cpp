#include "sim/simulation/metric_path.hpp"

#include <algorithm>

#include "sim/simulation/metric_wheel.hpp"

namespace windtunnel {
namespace {

std::int64_t wheel_ms(SimTime at) {
  return at.time_since_epoch().count() / 1000000;
}

bool name_matches(const std::vector<promql::Matcher>& selector, std::string_view name) {
  return std::all_of(selector.begin(), selector.end(),
                     [&](const promql::Matcher& m) { return m.label != promql::kMetricName || m.matches(name); });
}

bool wants_any_of(const MetricPath& path, Exporter exporter) {
  const auto rows = metric_table();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const MetricRow& row) { return row.exporter == exporter && path.wants(row.id); });
}

// What is to be counted follows from what is wanted.
void set_counting(World& w) {
  const MetricPath& path = *w.metric_path;
  const bool server = wants_any_of(path, Exporter::server);
  for (ModelState& m : w.models) {
    m.counts_served = server;
    m.keeps_past = true;
  }
}

void want(World& w, const promql::Query& query) {
  MetricPath& path = *w.metric_path;
  for (const auto* selector : query.selectors()) {
    path.wanted.push_back(selector->matchers);
    for (const auto name : series_names()) {
      if (!name_matches(selector->matchers, name)) continue;
      if (const MetricRow* row = find_metric(name))
        path.wanted_metrics.set(static_cast<std::size_t>(row->id));
      else
        path.wants_up = true;
    }
  }
  ++path.epoch;
  set_counting(w);
}

// The one event on its way is the earliest thing due.
void plan_wheel(World& w) {
  MetricPath& path = *w.metric_path;
  SimTime next = std::min(path.broker_next, path.pods_next);
  for (const auto& target : path.targets) next = std::min(next, target.next);
  if (next == kNever && (path.wanted_metrics.any() || path.wants_up)) next = w.now + path.spec.scrape_interval;
  if (next == path.planned || next == kNever) return;
  path.planned = next;
  w.heap.push(next, EventKind::metrics_due, 0);
}

// Where the broker is looked at for a model: its policy asks, or its series are wanted.
bool broker_asked(const World& w) {
  return wants_any_of(*w.metric_path, Exporter::broker) ||
         std::any_of(w.models.begin(), w.models.end(), [](const ModelState& m) { return m.needs.metrics; });
}

}  // namespace

PreparedQuery* ask_for(World& w, std::string_view query, std::string& error) {
  MetricPath& path = *w.metric_path;
  if (const auto it = path.queries.find(query); it != path.queries.end()) return it->second.get();
  auto parsed = promql::parse_query(query);
  if (!parsed) {
    error = parsed.problems().front().text();
    return nullptr;
  }
  const std::int64_t look_back = path.spec.look_back.count() / 1000000;
  auto prepared = std::make_unique<PreparedQuery>(std::move(*parsed), path.store, look_back);
  want(w, prepared->query());
  find_targets(w);
  plan_wheel(w);
  return path.queries.emplace(std::string(query), std::move(prepared)).first->second.get();
}

void start_metrics(World& w) {
  const bool asked = std::any_of(w.models.begin(), w.models.end(), [](const auto& m) { return m.needs.metrics; });
  MetricRecording* recording = w.options.recording;
  if (!asked && recording == nullptr) return;
  w.metric_path = std::make_unique<MetricPath>(w.scenario.metrics, recording != nullptr ? &recording->store : nullptr);
  MetricPath& path = *w.metric_path;
  path.brokers.resize(w.models.size());
  path.arrived_before.resize(w.models.size());
  path.views.resize(w.models.size());
  set_counting(w);
  for (const ModelState& m : w.models)
    for (const ReplicaId replica : m.replicas) (void)server_of(w, replica);
  std::string error;
  if (recording != nullptr) {
    path.store.keep_for(std::numeric_limits<std::int64_t>::max() / 4);
    for (const auto& query : recording->queries) (void)ask_for(w, query, error);
  }
  for (ModelState& m : w.models) {
    if (!m.needs.metrics) continue;
    path.views[m.id] = make_model_metrics(w, m);
    for (const auto& query : m.needs.queries) (void)ask_for(w, query, error);  // what is wrong is said when it is asked
    for (const auto& name : m.needs.pod_metrics) (void)path.views[m.id]->pod_metric(name);
    for (const auto& name : m.needs.external_metrics) (void)path.views[m.id]->external(name, {});
  }
  if (broker_asked(w) && path.spec.broker_refresh > Duration{}) path.broker_next = w.now;
  if (std::any_of(w.models.begin(), w.models.end(), [](const ModelState& m) { return m.needs.metrics; }))
    path.pods_next = w.now;
  find_targets(w);
  plan_wheel(w);
}

void turn_metric_wheel(World& w) {
  MetricPath& path = *w.metric_path;
  if (path.planned != w.now) return;  // something earlier was planned meanwhile
  path.planned = kNever;
  if (path.broker_next <= w.now) {
    for (const ModelState& m : w.models) refresh_broker(w, m);
    path.broker_next = w.now + path.spec.broker_refresh;
  }
  if (path.pods_next <= w.now) {
    for (const ModelState& m : w.models)
      if (m.needs.metrics) sample_pods(w, m);
    path.pods_next = w.now + path.spec.metrics_server_resolution;
  }
  find_targets(w);
  for (ScrapeTarget& target : path.targets) {
    if (target.next > w.now) continue;
    scrape_target(w, target);
    target.next += target.interval;
  }
  std::erase_if(path.targets,
                [](const ScrapeTarget& target) { return target.gone && !target.answers && target.up == kNoSeries; });
  if (w.now >= path.forget_next) {
    path.store.drop_old(wheel_ms(w.now));
    path.forget_next = w.now + std::chrono::minutes(1);
  }
  plan_wheel(w);
}

}  // namespace windtunnel
