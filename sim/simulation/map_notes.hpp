// Labels in a trace's map that the trace does not have.
#pragma once

#include <string>
#include <vector>

#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// A note for each label of the entry's map that no row read carried, with the nearest label that rows did carry; and
/// one that names labels whose rows were dropped because the map names neither them nor "*".
std::vector<std::string> map_notes(const std::string& workload, const SourceCounts& counts);

}  // namespace windtunnel
