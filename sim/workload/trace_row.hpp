// One row of a recorded trace, whatever its format.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/core/time.hpp"

namespace windtunnel {

struct TraceRow {
  std::int64_t at_ns = 0;          ///< as recorded: since 1970 for a wall clock, else as the file counts
  std::string_view label = {};     ///< valid as long as the reader; empty if there is none
  std::uint32_t label_number = 0;  ///< labels are numbered from 0 in order of first sight
  float size = 1;                  ///< items, > 0
  Duration deadline{};             ///< after arrival; 0 means none
  std::int64_t service_ns = -1;    ///< recorded service time; negative if there is none
};

}  // namespace windtunnel
