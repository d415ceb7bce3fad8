// The table that `compare` shows: one column for each variant, same traffic.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>

namespace windtunnel {

/// One column of the table.
struct ComparedVariant {
  std::string name;
  const nlohmann::ordered_json* summary = nullptr;
};

/// Queries, kills by cause and exit code, response times, where the time goes, service levels, cost and the GPUs, a
/// column for each variant; more variants than fit into 80 columns go on below in a further block. Rows that are zero
/// in every variant and only explain others (a cause, an exit code) are left out. With replications: mean and half
/// width of the 95 % interval.
std::string compare_table(std::span<const ComparedVariant> variants);

}  // namespace windtunnel
