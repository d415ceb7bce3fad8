// The verdict as Markdown: a comment on a change, or a job's summary.
#pragma once

#include <string>

#include "sim/report/verdict.hpp"

namespace windtunnel {

/// A heading, a table with a row for each expectation, remarks. Names are shown as they are, never as markup.
std::string verdict_markdown(const Verdict& verdict);

}  // namespace windtunnel
