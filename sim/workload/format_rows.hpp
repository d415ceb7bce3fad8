// Where the declarations of the formats stand.
#pragma once

#include <vector>

#include "sim/workload/format_registry.hpp"

namespace windtunnel {

/// Every format, in the order in which they are listed.
std::vector<FormatRow> format_rows();

}  // namespace windtunnel
