// Whether a scenario's `expect` can be judged at all.
#pragma once

#include "sim/core/error.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// What makes the expectations of a scenario unusable, before anything has run: none at all, paths that lead to no
/// figure, bounds in another unit than the metric's. Each with file, line, place in the file and the way out.
Problems check_expectations(const Scenario& scenario);

}  // namespace windtunnel
