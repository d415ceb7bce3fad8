// A small scenario and the messages it gives when a part of it is changed.
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "sim/scenario/loader.hpp"

namespace windtunnel::testing {

inline const std::string kSmall = R"(schema: 1
name: small
horizon: 1h
models:
  scene: {latency: {A10G: {fixed: 0.5s, per_item: 1.5s}}, memory: {weights: 2GB, per_item: 1GB}}
  quality: {service_time: {law: exponential, mean: 1s}}
pipelines:
  render: {stages: [scene, quality]}
workload:
  - {pipeline: render, arrivals: {process: poisson, rate: 0.2/s}}
  - {model: quality, arrivals: {rate: 0.1/s}}
cluster:
  node_pools:
    a10: {gpu: A10G, sharing: {mode: time_slicing, replicas: 4}, nodes: {min: 1, max: 4}}
scaling:
  scene: {policy: backlog_time, target: 3s, max: 8}
)";

/// `text` with its first `from` replaced. An absent `from` is a mistake in the test.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("nothing to replace: " + std::string(from));
  return text.replace(at, from.size(), to);
}

inline Result<Scenario> parse(const std::string& text, LoadOptions options = {}) {
  return parse_scenario(text, "small.yaml", WINDTUNNEL_SOURCE_DIR "/scenarios", options);
}

/// All messages, a line each; empty when the text is fine.
inline std::string messages(const std::string& text, LoadOptions options = {}) {
  const auto result = parse(text, std::move(options));
  std::string out;
  if (!result)
    for (const auto& error : result.problems()) out += error.text() + "\n";
  return out;
}

/// That `text` stands in what was said.
inline void expect_says(const std::string& said, std::string_view text) {
  EXPECT_NE(said.find(text), std::string::npos) << said;
}

/// That the resolved scenario reads as the same one.
inline void expect_resolves_to_itself(const std::string& text) {
  const auto once = parse(text);
  ASSERT_TRUE(once) << messages(text);
  const auto again = parse(once->resolved);
  ASSERT_TRUE(again) << messages(once->resolved) << once->resolved;
  EXPECT_EQ(again->resolved, once->resolved);
  EXPECT_EQ(again->digest, once->digest);
}

/// The messages after one change of the small scenario.
inline std::string after(std::string_view from, std::string_view to) {
  return messages(with(kSmall, from, to));
}

}  // namespace windtunnel::testing
