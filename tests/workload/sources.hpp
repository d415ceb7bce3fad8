// Specs made in one line, arrivals collected, and intervals from independent stretches.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/workload/registry.hpp"

namespace windtunnel::testing {

/// Under a sanitizer, where a draw takes twenty times as long: statistics of long runs are then taken of shorter ones.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// Parameters of a process as a reader would give them: defaults filled in, then what is `given`.
inline ParamSet params_of(std::string_view process, const std::map<std::string, ParamSet::Value>& given) {
  const ProcessEntry* entry = find_entry(process_registry(), process);
  EXPECT_NE(entry, nullptr) << process;
  ParamSet params;
  for (const Param& param : entry->params) {
    if (param.fallback.empty()) continue;
    if (param.type == ParamType::choice) {
      params.set(param.name, std::string(param.fallback), false);
    } else {
      double value = 0;
      std::from_chars(param.fallback.data(), param.fallback.data() + param.fallback.size(), value);
      params.set(param.name, value, false);
    }
  }
  for (const auto& [name, value] : given) params.set(name, value, true);
  return params;
}

inline WorkloadSpec synthetic(std::string process, const std::map<std::string, ParamSet::Value>& given) {
  WorkloadSpec spec;
  spec.name = "quality";
  spec.source = ArrivalSpec{.process = process, .params = params_of(process, given), .curve = {}};
  return spec;
}

inline WorkloadSpec recorded(const std::string& file) {
  WorkloadSpec spec;
  spec.name = "quality";
  TraceSpec trace;
  trace.file = file;
  spec.source = trace;
  return spec;
}

inline TraceSpec& trace_of(WorkloadSpec& spec) {
  return std::get<TraceSpec>(spec.source);
}

/// The first `limit` arrivals, asked for in blocks of `block`.
inline std::vector<Arrival> collect(ArrivalSource& source, std::size_t limit = 10'000'000, std::size_t block = 256) {
  std::vector<Arrival> all, buffer(block);
  while (all.size() < limit) {
    const std::size_t wanted = std::min(block, limit - all.size());
    const std::size_t got = source.next({buffer.data(), wanted});
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    if (got < wanted) break;
  }
  return all;
}

inline std::vector<Arrival> arrivals_of(const WorkloadSpec& spec, std::size_t limit = 10'000'000,
                                        std::uint64_t seed = 7, int target_count = 1, std::size_t block = 256) {
  const auto source = make_source(spec, RngStreams(seed), target_count);
  return collect(*source, limit, block);
}

inline std::vector<double> seconds_of(const std::vector<Arrival>& arrivals) {
  std::vector<double> out;
  for (const Arrival& arrival : arrivals) out.push_back(to_seconds(arrival.at));
  return out;
}

inline std::string as_text(const std::vector<Arrival>& arrivals) {
  std::string out;
  for (const Arrival& a : arrivals)
    out += std::to_string(a.at.time_since_epoch().count()) + "/" + std::to_string(a.size) + "/" +
           std::to_string(a.target) + "/" + std::to_string(a.deadline.count()) + " ";
  return out;
}

/// Mean of independent values and 5 standard errors of it: beyond by chance once in two million.
struct Interval {
  double mean, half_width;
};
inline Interval interval_of(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double n = static_cast<double>(values.size()), mean = sum / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, 5 * std::sqrt(squares / (n - 1) / n)};
}

/// Queries in successive bins of that width, the last partial bin left out.
inline std::vector<double> bin_counts(const std::vector<Arrival>& arrivals, double width_s) {
  std::vector<double> bins;
  for (const Arrival& arrival : arrivals) {
    const auto bin = static_cast<std::size_t>(to_seconds(arrival.at) / width_s);
    if (bins.size() <= bin) bins.resize(bin + 1);
    bins[bin] += 1;
  }
  if (!bins.empty()) bins.pop_back();
  return bins;
}

}  // namespace windtunnel::testing
