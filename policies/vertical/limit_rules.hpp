// The rules that a report sets beside each other.
#pragma once

#include <array>
#include <string_view>

#include "policies/vertical/memory_recommender.hpp"

namespace windtunnel {

struct LimitRule {
  std::string_view name, doc;
  MemoryRule rule = MemoryRule::vpa;
  double percentile = 0.9;
};

/// From the tightest to the safest.
inline constexpr std::array kLimitRules = {
    LimitRule{"vpa", "P90 of decayed peaks with its margin: the vertical autoscaler's target", MemoryRule::vpa, 0.9},
    LimitRule{"p99", "P99 of decayed peaks with its margin", MemoryRule::vpa, 0.99},
    LimitRule{"peak", "largest peak with its margin", MemoryRule::peak, 1}};

using LimitsByRule = std::array<Bytes, kLimitRules.size()>;

inline LimitsByRule limits_by_rule(const MemoryRecommender& recommender, SimTime now) {
  LimitsByRule out{};
  for (std::size_t i = 0; i < kLimitRules.size(); ++i)
    out[i] = recommender.target_by(kLimitRules[i].rule, kLimitRules[i].percentile, now);
  return out;
}

}  // namespace windtunnel
