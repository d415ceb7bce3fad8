// Whether the series a query selects can be there: its labels, and the models they name.
#pragma once

#include <span>
#include <string_view>

#include "policies/promql/query.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {

/// A selector that can never match is blind, and would scale to the minimum in silence.
/// @param models  every name of a model
/// @return Errors whose `where` is "column N": a label the metric has not, or a value that no model of the scenario
/// gives it
Problems check_series(const promql::Query& query, std::span<const std::string_view> models);

}  // namespace windtunnel
