// What `trace info` shows.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

#include "sim/workload/gauge_info.hpp"
#include "sim/workload/trace_info.hpp"

namespace windtunnel::cli {

/// The names of the contract, null where there is nothing to say.
nlohmann::ordered_json trace_json(const TraceInfo& info);

/// The same for people, at most 80 columns.
std::string trace_table(const std::string& file, const TraceInfo& info);

/// The same two for measured values.
nlohmann::ordered_json gauge_json(const GaugeInfo& info);
std::string gauge_table(const std::string& file, const GaugeInfo& info);

}  // namespace windtunnel::cli
