// The laws of random amounts a scenario may name, with their parameters.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/param.hpp"

namespace windtunnel {

struct LawRow {
  std::string_view name;
  LawKind kind = LawKind::deterministic;
  std::string_view doc;
  std::vector<Param> params;
};

/// Laws of plain numbers (sizes of queries).
std::span<const LawRow> law_table();
/// Laws of durations (service times, cold starts, provisioning). No geometric one: it lives on 1, 2, ...
std::span<const LawRow> time_law_table();

/// Checks the parts of a law against each other. What is wrong, or empty.
std::string check_law(const Law& law, bool scv_given);

}  // namespace windtunnel
