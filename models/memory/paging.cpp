#include "models/memory/paging.hpp"

namespace windtunnel {

// A mode that grants some amount grants every smaller one, so bisection finds the largest, whatever the mode counts.
Bytes grantable(const SharingMode& mode, const MemoryRequest& request) {
  constexpr std::int64_t kStep = 2 * kMiB;  // a page of the driver
  if (mode.admit(request) == MemoryVerdict::granted) return request.asked;
  std::int64_t fits = 0, refused = (request.asked.value + kStep - 1) / kStep;
  while (refused - fits > 1) {
    const std::int64_t pages = fits + (refused - fits) / 2;
    MemoryRequest part = request;
    part.asked = {pages * kStep};
    (mode.admit(part) == MemoryVerdict::granted ? fits : refused) = pages;
  }
  return {fits * kStep};
}

}  // namespace windtunnel
