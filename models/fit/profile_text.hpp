// A fitted profile as YAML, with how well it fits beside the figures.
#pragma once

#include <string>

#include "models/fit/csv_table.hpp"

namespace windtunnel {

/// Fits everything the table holds: a `profiles` block with one entry for each model (each device and precision for
/// images), residuals and valid range as comments; a `contention` block for each model of a table of pairs.
/// @return all problems: unknown columns, bad cells, too few rows
Result<std::string> fitted_profiles(const CsvTable& table);

}  // namespace windtunnel
