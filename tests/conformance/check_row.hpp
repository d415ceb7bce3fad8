// One row against its checker.
#pragma once

#include <string>

#include "tests/conformance/registry.hpp"

namespace windtunnel::conformance {

enum class RowState { passed, failed, not_understood };

struct RowVerdict {
  std::string id;
  RowState state = RowState::passed;
  std::string note;  ///< what differs, or why it was not understood
};

/// Compares only the keys present in `expect`: integers, texts and lists exactly, other numbers as doubles; the two
/// tolerances of the format are those of window_average and excess_burst_capacity.
[[nodiscard]] RowVerdict check_row(const nlohmann::json& row, const std::string& place, const Registry& registry);

/// @param slack  largest difference of two numbers
/// @return what differs, as "path: expected 3, got 4"; empty when nothing does
[[nodiscard]] std::string difference(const nlohmann::json& expected, const nlohmann::json& got, const std::string& path,
                                     double slack = 0);

}  // namespace windtunnel::conformance
