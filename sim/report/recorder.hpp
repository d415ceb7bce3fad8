// Keeps in memory what a run tells, for callers who look at it afterwards: decisions, kills, and on request samples and
// queries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/report/run_result.hpp"

namespace windtunnel {

/// Every series at full resolution: `values[i]` has one value of `series[i]` for each of `at_s`.
struct SampleColumns {
  std::vector<Series> series;  ///< names and units only
  std::vector<double> at_s;
  std::vector<std::vector<double>> values;
};

/// One entry for each query that ended, in the order they ended, the warm-up included.
struct QueryColumns {
  std::vector<std::int64_t> serial, model, pipeline;  ///< pipeline: -1 for none
  std::vector<double> arrived_s, ended_s, queueing_delay_s, service_time_s;
  std::vector<std::int64_t> completed;  ///< 1 or 0
};

/// What one replica held on the device of a kill.
struct KillHolding {
  std::uint32_t kill = 0;  ///< index into kills()
  DeviceHolding held;
};

/// One change of the ledger of a kill before it.
struct KillChange {
  std::uint32_t kill = 0;  ///< index into kills()
  LedgerChange change;
};

/// Memory grows with what is kept: 8 bytes a sample and series, 8 more a sample for its time, 64 a query.
class Recorder final : public RunObserver {
 public:
  static constexpr std::size_t kMostHoldings = 200'000;  ///< a crash loop of a full card could fill memory with it

  struct Keep {
    bool samples = false, queries = false;
  };
  explicit Recorder(Keep keep) : keep_(keep) {}

  void on_decision(const DecisionRecord& decision) override { decisions_.push_back(decision); }
  void on_scale_up(const ScaleUpRecord& scale_up) override { scale_ups_.push_back(scale_up); }
  void on_kill(const KillRecord& kill) override { kills_.push_back(kill); }
  [[nodiscard]] bool wants_holdings() const override { return true; }
  void on_holdings(const std::vector<DeviceHolding>& holdings) override;
  void on_history(const std::vector<LedgerChange>& history) override;
  [[nodiscard]] bool wants_samples() const override { return keep_.samples; }
  void on_series(const std::vector<Series>& series) override;
  void on_sample(double at_s, const std::vector<double>& values) override;
  [[nodiscard]] bool wants_queries() const override { return keep_.queries; }
  void on_query(const QueryRecord& query) override;

  [[nodiscard]] const std::vector<DecisionRecord>& decisions() const { return decisions_; }
  [[nodiscard]] const std::vector<ScaleUpRecord>& scale_ups() const { return scale_ups_; }
  [[nodiscard]] const std::vector<KillRecord>& kills() const { return kills_; }
  [[nodiscard]] const std::vector<KillHolding>& kill_ledger() const { return kill_ledger_; }
  /// As many rows at most as the one above.
  [[nodiscard]] const std::vector<KillChange>& kill_history() const { return kill_history_; }
  /// Kills whose holdings were too many to keep.
  [[nodiscard]] std::uint64_t kills_dropped() const { return kills_dropped_; }
  [[nodiscard]] const SampleColumns& samples() const { return samples_; }
  [[nodiscard]] const QueryColumns& queries() const { return queries_; }

 private:
  Keep keep_;
  std::vector<DecisionRecord> decisions_;
  std::vector<ScaleUpRecord> scale_ups_;
  std::vector<KillRecord> kills_;
  std::vector<KillHolding> kill_ledger_;
  std::vector<KillChange> kill_history_;
  std::uint64_t kills_dropped_ = 0;
  SampleColumns samples_;
  QueryColumns queries_;
};

}  // namespace windtunnel
