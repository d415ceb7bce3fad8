// One run, two who follow it.
#pragma once

#include "sim/report/run_result.hpp"

namespace windtunnel {

/// Passes everything on to both; either may be null. A run goes on only while both want it to.
class ObserverPair final : public RunObserver {
 public:
  ObserverPair(RunObserver* first, RunObserver* second) : each_{first, second} {}

  bool on_progress(double simulated_s, double horizon_s, std::uint64_t queries) override {
    bool go_on = true;
    for (RunObserver* one : each_)
      if (one != nullptr) go_on = one->on_progress(simulated_s, horizon_s, queries) && go_on;
    return go_on;
  }
  void on_decision(const DecisionRecord& decision) override {
    for (RunObserver* one : each_)
      if (one != nullptr) one->on_decision(decision);
  }
  [[nodiscard]] bool wants_decisions() const override {
    return (each_[0] != nullptr && each_[0]->wants_decisions()) || (each_[1] != nullptr && each_[1]->wants_decisions());
  }
  void on_scale_up(const ScaleUpRecord& scale_up) override {
    for (RunObserver* one : each_)
      if (one != nullptr) one->on_scale_up(scale_up);
  }
  void on_kill(const KillRecord& kill) override {
    for (RunObserver* one : each_)
      if (one != nullptr) one->on_kill(kill);
  }
  void on_node(const NodeRecord& node) override {
    for (RunObserver* one : each_)
      if (one != nullptr) one->on_node(node);
  }
  [[nodiscard]] bool wants_holdings() const override {
    return (each_[0] != nullptr && each_[0]->wants_holdings()) || (each_[1] != nullptr && each_[1]->wants_holdings());
  }
  void on_holdings(const std::vector<DeviceHolding>& holdings) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_holdings()) one->on_holdings(holdings);
  }
  void on_history(const std::vector<LedgerChange>& history) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_holdings()) one->on_history(history);
  }
  [[nodiscard]] bool wants_samples() const override {
    return (each_[0] != nullptr && each_[0]->wants_samples()) || (each_[1] != nullptr && each_[1]->wants_samples());
  }
  void on_series(const std::vector<Series>& series) override {
    for (RunObserver* one : each_)
      if (one != nullptr) one->on_series(series);
  }
  void on_sample(double at_s, const std::vector<double>& values) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_samples()) one->on_sample(at_s, values);
  }
  [[nodiscard]] bool wants_memory() const override {
    return (each_[0] != nullptr && each_[0]->wants_memory()) || (each_[1] != nullptr && each_[1]->wants_memory());
  }
  void on_memory(const MemoryRecord& memory) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_memory()) one->on_memory(memory);
  }
  void on_host_memory(const HostMemoryRecord& memory) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_memory()) one->on_host_memory(memory);
  }
  [[nodiscard]] bool wants_queries() const override {
    return (each_[0] != nullptr && each_[0]->wants_queries()) || (each_[1] != nullptr && each_[1]->wants_queries());
  }
  void on_query(const QueryRecord& query) override {
    for (RunObserver* one : each_)
      if (one != nullptr && one->wants_queries()) one->on_query(query);
  }

 private:
  RunObserver* each_[2];
};

}  // namespace windtunnel
