// Whether a query can be asked here: it parses, and some exporter offers what it selects.
#pragma once

#include <string>
#include <string_view>

#include "policies/promql/query.hpp"

namespace windtunnel {

/// @return the query, or Errors whose `where` is "column N": a construct that is not evaluated, or a metric that no
///         exporter offers, with the nearest known name
Result<promql::Query> check_query(std::string_view text);

/// What to say of a metric that no exporter offers; empty where one does.
std::string unknown_metric_hint(std::string_view name);

}  // namespace windtunnel
