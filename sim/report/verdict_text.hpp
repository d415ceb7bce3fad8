// The words of a verdict, shared by its table, JUnit file, Markdown and annotations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/report/verdict.hpp"

namespace windtunnel {

std::string asked_text(const Judgement& judgement);     ///< "below 15 s"
std::string measured_text(const Judgement& judgement);  ///< "15.32 ±0.11 s"
std::string missing_text(const Judgement& judgement);   ///< "0.32 s (2.1 %)", "-" where there is nothing to say

/// Why it is not met, in one sentence that stands alone.
std::string reason_text(const Judgement& judgement);

/// Of a count that was 0 in every run: what that leaves open. Empty for anything else.
/// "0 in 5 runs: up to 0.6 a run cannot be excluded (95 %)", which is 3/n: the mean at which n Poisson counts are all 0
/// with probability 5 % (rule of three).
std::string zero_text(const Judgement& judgement, std::uint64_t replications);

/// "room-pipeline (variant MPS)".
std::string title_text(const Verdict& verdict);
/// "seed 7, 5 replications, digest 0123456789abcdef".
std::string origin_text(const Verdict& verdict);
/// "not met, 1 of 3 expectations missed".
std::string verdict_text(const Verdict& verdict);
/// What a reader must know to read this verdict, a sentence each: only what applies. Notes of the runs come last.
std::vector<std::string> remarks(const Verdict& verdict);

}  // namespace windtunnel
