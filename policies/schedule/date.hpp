// Dates as a schedule writes them.
#pragma once

#include <optional>
#include <string_view>

#include "policies/kubernetes/scalers/cron_schedule.hpp"

namespace windtunnel {

/// "2025-01-06" or "2025-01-06T08:30"; nothing for what is no date from 1970 on.
std::optional<CivilMinutes> parse_date(std::string_view text);

}  // namespace windtunnel
