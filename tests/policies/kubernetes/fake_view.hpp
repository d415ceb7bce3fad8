// Clients whose answers a test sets.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policies/metrics_view.hpp"

namespace windtunnel::testing_support {

struct FakeView final : MetricsView {
  std::vector<PodView> all;
  std::map<std::string, MetricAnswer, std::less<>> externals, pod_metrics;  ///< by name; external with "?selector"
  int asked = 0;

  const std::vector<PodView>& pods() override { return all; }
  MetricAnswer queue(QueueView&) override { return {.series = {}, .error = "no broker"}; }
  MetricAnswer prometheus(std::string_view) override { return {.series = {}, .error = "no Prometheus"}; }
  MetricAnswer pod_metric(std::string_view name) override { return answer(pod_metrics, std::string(name)); }
  MetricAnswer external(std::string_view name, std::string_view selector) override {
    return answer(externals, std::string(name) + (selector.empty() ? "" : "?" + std::string(selector)));
  }

  void set_external(const std::string& name, std::vector<double> values) {
    MetricAnswer out;
    for (const double value : values) out.series.push_back({.labels = {}, .value = value});
    externals[name] = out;
  }
  /// Ready pods past their start.
  void add_ready(int count) {
    for (int i = 0; i < count; ++i) {
      PodView pod;
      pod.name = "pod-" + std::to_string(all.size());
      pod.phase = PodPhase::running;
      pod.ready = true;
      pod.started_s = 0;
      all.push_back(pod);
    }
  }

 private:
  MetricAnswer answer(const std::map<std::string, MetricAnswer, std::less<>>& from, const std::string& name) {
    ++asked;
    const auto it = from.find(name);
    return it == from.end() ? MetricAnswer{.series = {}, .error = "no metric " + name} : it->second;
  }
};

}  // namespace windtunnel::testing_support
