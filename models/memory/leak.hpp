// Growth with age: what a process holds for good after so many queries and so long a life.
#pragma once

#include "models/memory/allocator.hpp"

namespace windtunnel {

/// In the driver's pages. It is live memory: no give-back returns it, only the process's end.
inline Bytes leaked(const LeakSpec& leak, std::uint64_t queries, double age_s) {
  return round_to_pages(static_cast<double>(leak.per_query.value) * static_cast<double>(queries) +
                        static_cast<double>(leak.per_hour.value) * age_s / 3600);
}

}  // namespace windtunnel
