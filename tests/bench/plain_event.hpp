// What the three plain loops share: a 16-byte event, one std::priority_queue, and the figures they print.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "sim/core/histogram.hpp"

namespace windtunnel::bench {

/// 16 bytes. `what` is the loop's own small enum; `entity` and `version` its own too.
struct PlainEvent {
  std::int64_t at_ns;
  std::uint32_t entity;
  std::uint16_t version;
  std::uint16_t what;
  friend bool operator>(const PlainEvent& a, const PlainEvent& b) { return a.at_ns > b.at_ns; }
};
static_assert(sizeof(PlainEvent) == 16);

using PlainQueue = std::priority_queue<PlainEvent, std::vector<PlainEvent>, std::greater<>>;

/// What a plain loop found, to be held against the engine's own answer.
struct PlainResult {
  std::uint64_t queries = 0;
  double mean_wait_s = 0;
  double replica_seconds = 0;
  Histogram response_time;
};

PlainResult plain_w1(std::uint64_t queries, std::uint64_t seed);
PlainResult plain_w2(std::uint64_t queries, std::uint64_t seed);
PlainResult plain_w3(std::uint64_t queries, std::uint64_t seed, int gpus);

}  // namespace windtunnel::bench
