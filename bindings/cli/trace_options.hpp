// How a recorded file is to be read, as options: the names of the scenario's trace block.
#pragma once

#include "bindings/cli/command_line.hpp"
#include "sim/workload/spec.hpp"

namespace windtunnel::cli {

void add_trace_options(CommandLine& line);

/// @param file  the trace
/// @return every option that cannot be read
Result<TraceSpec> trace_from(const ParsedCommand& command, const std::string& file);

}  // namespace windtunnel::cli
