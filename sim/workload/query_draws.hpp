// What is drawn about a query besides its instant: size and target, each from its workload's own stream (law 3).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "sim/core/law.hpp"
#include "sim/core/rng.hpp"
#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

class QueryDraws {
 public:
  /// @param size_law      empty: sizes stay as they are
  /// @param target_count  1: targets stay as they are; more: drawn evenly from 0 .. target_count - 1
  QueryDraws(const RngStreams& streams, const std::string& name, const std::optional<Law>& size_law, int target_count)
      : size_rng_(streams.stream("size/" + name)),
        target_rng_(streams.stream("target/" + name)),
        has_size_(size_law.has_value()),
        target_count_(static_cast<std::uint32_t>(target_count)) {
    if (size_law) size_ = LawSampler(*size_law);
  }

  void operator()(std::span<Arrival> queries) {
    if (has_size_)
      for (Arrival& query : queries) query.size = static_cast<float>(size_(size_rng_));
    if (target_count_ > 1)
      for (Arrival& query : queries) query.target = target_rng_.below(target_count_);
  }

 private:
  LawSampler size_;
  Rng size_rng_;
  Rng target_rng_;
  bool has_size_;
  std::uint32_t target_count_;
};

}  // namespace windtunnel
