// Runs one case on the engine and judges its rows.
#pragma once

#include <string>
#include <vector>

#include "tests/theory/verdict.hpp"

namespace windtunnel::theory {

struct CheckOptions {
  int threads = 2;
  double length = 1;     ///< times the plan's measured span
  int lengthenings = 2;  ///< doublings allowed when only precision is missed
};

enum class RowState { passed, failed, not_understood };

struct Row {
  std::string name = {};
  RowState state = RowState::not_understood;
  double target = 0;
  Estimate seen = {};
  double z = 0;
  std::string note = {};  ///< why it failed or was not understood
};

struct CaseReport {
  std::vector<Row> rows;
  double length = 1;  ///< of the longest run used
  [[nodiscard]] int count(RowState state) const;
};

/// Never throws for what the file says; an engine that refuses or breaks a mapped case fails its rows.
CaseReport check_case(const OracleCase& oracle, const CheckOptions& options);

/// The deterministic traces, whose rows are exact times instead of estimates.
CaseReport check_trace(const OracleCase& oracle);
/// The same for demands of memory: what becomes of each, and what the device then holds.
CaseReport check_memory_trace(const OracleCase& oracle);

}  // namespace windtunnel::theory
