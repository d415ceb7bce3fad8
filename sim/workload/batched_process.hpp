// Several queries at each instant of a process.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "sim/workload/registry.hpp"

namespace windtunnel {

/// At each instant of `instants` a number of queries drawn from a law, rounded to the nearest whole number, at least 1.
/// The instants are slowed down by `mean_batch`, so that the rate of queries is the one asked for.
class BatchedProcess final : public GapProcess {
 public:
  BatchedProcess(std::unique_ptr<GapProcess> instants, const Law& batch, double mean_batch)
      : instants_(std::move(instants)), batch_(batch) {
    if (instants_->count_batches(mean_batch)) return;
    if (!instants_->multiply_rate(1 / mean_batch)) gap_scale_ = mean_batch;
  }
  double next_gap_s(Rng& rng) override { return instants_->next_gap_s(rng) * gap_scale_; }
  int next_batch(Rng& rng) override {
    const int queries = static_cast<int>(std::clamp(std::round(batch_(rng)), 1.0, 1e9));
    instants_->on_batch(queries);
    return queries;
  }
  bool multiply_rate(double factor) override { return instants_->multiply_rate(factor); }
  [[nodiscard]] bool has_batches() const override { return true; }

 private:
  std::unique_ptr<GapProcess> instants_;
  LawSampler batch_;
  double gap_scale_ = 1;
};

/// Mean of max(1, round(X)): exact for deterministic, geometric and discrete laws; empty for the others, which `batch`
/// does not take.
std::optional<double> mean_batch(const Law& law);

}  // namespace windtunnel
