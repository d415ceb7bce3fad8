// The project's version, as built.
#pragma once

#include <string_view>

namespace windtunnel {

/// "0.1.0", from the build description.
std::string_view version();

/// Version of the summary.json and result.h5 contract.
inline constexpr int kReportSchema = 1;

}  // namespace windtunnel
