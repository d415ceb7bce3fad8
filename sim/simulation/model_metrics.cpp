// What the clients of one model's controller answer.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "policies/promql/adapter_selector.hpp"
#include "sim/simulation/metric_wheel.hpp"
#include "sim/simulation/vertical.hpp"

namespace windtunnel {
namespace {

std::string quoted_pattern(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') out += "\\\\";
    out += c;
  }
  return out;
}

class ModelMetrics : public MetricsView {
 public:
  ModelMetrics(World& w, ModelState& m) : w_(w), id_(m.id) {}

  const std::vector<PodView>& pods() override {
    const ModelState& m = model();
    if (m.decisions == described_for_ && w_.now == described_at_) return pods_;  // asked again for one decision
    described_for_ = m.decisions;
    described_at_ = w_.now;
    pods_.resize(m.replicas.size());
    named_.resize(m.replicas.size(), -1);
    for (std::size_t i = 0; i < pods_.size(); ++i) {
      const auto ordinal = static_cast<std::int64_t>(w_.replicas[m.replicas[i]].ordinal);
      if (named_[i] != ordinal) pods_[i].name = pod_name(m, w_.replicas[m.replicas[i]]), named_[i] = ordinal;
      describe(m, m.replicas[i], pods_[i]);
    }
    return pods_;
  }

  MetricAnswer queue(QueueView& into) override {
    if (w_.metric_path->spec.broker_refresh == Duration{}) refresh_broker(w_, model());
    into = w_.metric_path->brokers[id_].view;
    return {};
  }

  MetricAnswer prometheus(std::string_view query) override {
    MetricAnswer answer;
    PreparedQuery* prepared = ask_for(w_, query, answer.error);
    if (prepared == nullptr) return answer;
    QueryAnswer result = prepared->at(w_.now.time_since_epoch().count() / 1000000);
    answer.error = std::move(result.error);
    if (result.scalar) answer.series.push_back({{}, result.number});
    for (const auto& point : result.vector) {
      SeriesValue& series = answer.series.emplace_back();
      series.value = point.value;
      for (const auto& [label, value] : w_.metric_path->store.labels()[point.labels]) series.labels[label] = value;
    }
    return answer;
  }

  MetricAnswer pod_metric(std::string_view name) override {
    return cached("pods/" + std::string(name), [&] {
      const std::string pods = quoted_pattern(model().spec->name) + "-[0-9]+";
      const MetricRow* row = find_metric(name);
      const std::string_view pod = row != nullptr && row->exporter == Exporter::dcgm ? "exported_pod" : "pod";
      std::string query = fmt::format("sum by ({0}) ({1}{{{0}=~\"{2}\"}})", pod, name, pods);
      if (row == nullptr && name.ends_with("_per_second")) {  // the adapter's usual rule for counters
        std::string counter(name.substr(0, name.size() - std::string_view("_per_second").size()));
        if (find_metric(counter + "_total") != nullptr) counter += "_total";
        row = find_metric(counter);
        query = fmt::format("sum by (pod) (rate({}{{pod=~\"{}\"}}[2m]))", counter, pods);
      }
      if (row == nullptr) return unknown(name, "custom");
      MetricAnswer answer = prometheus(query);
      for (auto& series : answer.series)
        if (const auto it = series.labels.find("exported_pod"); it != series.labels.end())
          series.labels = {{"pod", it->second}};
      return answer;
    });
  }

  MetricAnswer external(std::string_view name, std::string_view selector) override {
    const ExternalQuery& asked = external_query(name, selector);
    return cached(asked.key, [&] { return asked.known ? prometheus(asked.query) : unknown(name, "external"); });
  }

 private:
  /// What the adapter asks for a metric: the same at every sync.
  struct ExternalQuery {
    std::string name, selector, key, query;
    bool known = false;
  };
  const ExternalQuery& external_query(std::string_view name, std::string_view selector) {
    for (const auto& one : external_)
      if (one.name == name && one.selector == selector) return one;
    return external_.emplace_back(
        ExternalQuery{.name = std::string(name),
                      .selector = std::string(selector),
                      .key = fmt::format("external/{}/{}", name, selector),
                      .query = fmt::format("{}{{{}}}", name, promql::adapter_matchers(selector)),
                      .known = find_metric(name) != nullptr});
  }

  struct Cached {
    SimTime at;
    MetricAnswer answer;
  };

  [[nodiscard]] const ModelState& model() const { return w_.models[id_]; }

  static MetricAnswer unknown(std::string_view name, std::string_view api) {
    return {.series = {},
            .error = fmt::format("the server could not find the metric {} in {}.metrics.k8s.io", name, api)};
  }

  // An adapter answers again what it fetched a moment ago.
  template <class Fetch>
  MetricAnswer cached(const std::string& key, Fetch fetch) {
    const Duration age = w_.metric_path->spec.adapter_cache;
    if (age == Duration{}) return fetch();
    const auto it = cache_.find(key);
    if (it != cache_.end() && w_.now - it->second.at < age) return it->second.answer;
    MetricAnswer answer = fetch();
    cache_[key] = {w_.now, answer};
    return answer;
  }

  void describe(const ModelState& m, ReplicaId replica, PodView& pod) {
    const Replica& r = w_.replicas[replica];
    const ModelSpec& spec = *m.spec;
    pod.deleted = r.deleted;
    const bool pulls = r.state == ReplicaState::starting && r.stage == kPull;
    pod.phase = r.gpu == kNone || pulls ? PodPhase::pending : PodPhase::running;
    pod.started_s.reset();
    pod.ready.reset();
    pod.cpu.reset();
    pod.memory.reset();
    pod.ready_changed_s = to_seconds(r.created);
    pod.cpu_request = spec.cpu ? spec.cpu->request : std::nullopt;
    pod.memory_request.reset();
    const PodRequests requests = requests_of(w_, r);
    const Bytes asked = requests.memory.value > 0 ? requests.memory : spec.host_memory.steady;
    if (asked.value > 0) pod.memory_request = static_cast<double>(asked.value);
    if (r.gpu == kNone) return;
    const SimTime started = r.created + r.times.scheduling + r.times.node + r.times.driver;
    pod.started_s = to_seconds(started);
    pod.ready = std::binary_search(m.ready.begin(), m.ready.end(), replica);
    pod.ready_changed_s = to_seconds(std::max(r.ready_since, started));
    const ServerCounters& server = server_of(w_, replica);
    pod.cpu = server.cpu;
    pod.memory = server.memory;
  }

  World& w_;
  ModelId id_;
  std::vector<PodView> pods_;
  std::uint64_t described_for_ = ~std::uint64_t{0};
  SimTime described_at_{};
  std::vector<std::int64_t> named_;  ///< whose name each of them bears
  std::map<std::string, Cached> cache_;
  std::deque<ExternalQuery> external_;
};

}  // namespace

std::string pod_name(const ModelState& m, const Replica& r) {
  return m.spec->name + "-" + std::to_string(r.ordinal);
}

std::unique_ptr<MetricsView> make_model_metrics(World& w, ModelState& m) {
  return std::make_unique<ModelMetrics>(w, m);
}

}  // namespace windtunnel
