// Reads a law of random amounts, and writes one back.
#pragma once

#include <string>

#include "sim/core/law.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// A law where one may stand: a plain amount, or a block with `law`, or with `values`.
/// @param time  amounts are durations
Law read_law(ProblemList& problems, const Node& node, const std::string& path, bool time, bool& ok);
/// The law as a scenario writes it.
Node write_law(const Law& law, bool time);

}  // namespace windtunnel
