// The verdict on a terminal of 80 columns.
#pragma once

#include <string>

#include "sim/report/verdict.hpp"

namespace windtunnel {

/// Two lines for each expectation, so that paths are shown whole; the last line is the verdict.
std::string verdict_table(const Verdict& verdict);

}  // namespace windtunnel
