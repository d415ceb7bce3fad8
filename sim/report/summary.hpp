// summary.json: names are a contract (add, do not rename). Seconds, bytes, USD; null where there is nothing to say.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>

#include "sim/report/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// Relative error of every quantile: they come from histograms with 64 sub-buckets an octave.
inline constexpr double kQuantileError = 0.008;

/// One run as summary.json has it, keys in the contract's order.
nlohmann::ordered_json summarize(const Scenario& scenario, const RunResult& run);

/// Several replications as one summary: every scalar is the mean over those that have it, and a sibling
/// `<name>_ci95` carries the half width of its 95 % interval (Student's t; null with fewer than two values). Notes are
/// joined, the `engine` figures are added up (`peak_rss_bytes` is the largest).
/// @param runs  summaries of the same scenario in seed order, at least one; one comes back as it is
nlohmann::ordered_json merge_summaries(std::span<const nlohmann::ordered_json> runs);

/// summarize(), then merge_summaries(). @param runs  replications in seed order, at least one
nlohmann::ordered_json summarize(const Scenario& scenario, std::span<const RunResult> runs);

/// The text of a JSON file: two spaces, shortest digits that read back the same, a final newline. Bytes that are no
/// UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& value);

}  // namespace windtunnel
