// Which GPU of the catalogue a table means by its own name of it.
#pragma once

#include <string_view>

#include "sim/cluster/spec.hpp"

namespace windtunnel {

/// The catalogue's GPU all of whose words ("A100", "40GB") the name has, a number after a letter aside ("SXM4" is SXM);
/// of several the one with most words. Null where none is.
const GpuType* match_gpu(std::string_view device);

}  // namespace windtunnel
