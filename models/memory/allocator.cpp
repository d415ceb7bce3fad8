#include "models/memory/allocator.hpp"

#include <cmath>

namespace windtunnel {
namespace {

constexpr std::int64_t kBlock = 512;
constexpr std::int64_t kPage = 2 * kMiB;
constexpr std::int64_t kSmallRequest = kMiB;
constexpr std::int64_t kSmallSegment = 2 * kMiB;
constexpr std::int64_t kLargeRequest = 10 * kMiB;
constexpr std::int64_t kLargeSegment = 20 * kMiB;

// Only whole cached blocks go back to the driver; slivers of split ones that are in use stay [S]. How much of the
// fragmentation that is: half [A].
constexpr double kKeptFragmentation = 0.5;

Bytes round_up(double bytes, std::int64_t to) {
  return {static_cast<std::int64_t>(std::ceil(bytes / static_cast<double>(to))) * to};
}

}  // namespace

Bytes round_to_blocks(double bytes) {
  return round_up(bytes, kBlock);
}

Bytes segments_for(Bytes request) {
  if (request.value <= 0) return {};
  if (request.value <= kSmallRequest) return {kSmallSegment};
  if (request.value < kLargeRequest) return {kLargeSegment};
  return {(request.value + kPage - 1) / kPage * kPage};
}

Bytes round_to_pages(double bytes) {
  return round_up(bytes, kPage);
}

WorkMemory work_memory(const MemorySpec& memory, double bytes) {
  if (memory.allocator == Allocator::plain) {  // no cache, so nothing that giving it back would save
    const Bytes pages = round_to_pages(bytes * memory.overhead);
    return {pages, pages};
  }
  const double kept = 1 + (memory.overhead - 1) * kKeptFragmentation;
  return {segments_for(round_to_blocks(bytes * memory.overhead)), segments_for(round_to_blocks(bytes * kept))};
}

}  // namespace windtunnel
