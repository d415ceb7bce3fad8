// The verdict as JUnit XML, which every CI system shows.
#pragma once

#include <string>

#include "sim/report/verdict.hpp"

namespace windtunnel {

/// One suite, one case for each expectation: class = scenario (and variant), name = "metric bound value". What is not
/// met is a failure, its type the outcome. Valid XML 1.0 whatever the names hold; no times, so the same run gives the
/// same bytes.
std::string verdict_junit(const Verdict& verdict);

}  // namespace windtunnel
