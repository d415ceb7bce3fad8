// The actions of `windtunnel trace` that have options of their own.
#pragma once

#include "bindings/cli/verb.hpp"

namespace windtunnel::cli {

/// @param arguments  those after the action's name
ExitCode trace_synth_verb(Arguments arguments);
ExitCode trace_fit_verb(Arguments arguments);
ExitCode trace_info_verb(Arguments arguments);
ExitCode trace_convert_verb(Arguments arguments);

}  // namespace windtunnel::cli
