// What CI systems show beside a change: a mark at each line of the scenario that is not met, a summary of the job.
#pragma once

#include <string>

#include "sim/report/verdict.hpp"

namespace windtunnel::cli {

/// One mark for each expectation that is not met, a line each, in the language of the CI system that this process runs
/// under (by its environment); empty under none.
std::string annotations(const Verdict& verdict);

/// Appends to the file that the CI system shows as the job's summary, where it names one.
/// @return what went wrong, or empty
std::string append_job_summary(const std::string& markdown);

}  // namespace windtunnel::cli
