#include "models/memory/paging.hpp"

namespace windtunnel {

// A mode that grants some amount grants every smaller one, so bisection finds the largest, whatever the mode counts.
Bytes grantable(const SharingMode& mode, const MemoryRequest& request) {
  constexpr std::int64_t kPage = 2 * kMiB;
  if (mode.admit(request) == MemoryVerdict::granted) return request.asked;
  std::int64_t fits = 0, refused = (request.asked.value + kPage - 1) / kPage;
  while (refused - fits > 1) {
    const std::int64_t pages = fits + (refused - fits) / 2;
    MemoryRequest part = request;
    part.asked = {pages * kPage};
    (mode.admit(part) == MemoryVerdict::granted ? fits : refused) = pages;
  }
  return {fits * kPage};
}

}  // namespace windtunnel
