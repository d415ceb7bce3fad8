// Which variants of a model a process has in device memory, and which one goes when another is to come in.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// Least recently used goes first, as in servers that keep a bounded number of checkpoints or adapters (S-LoRA and
/// vLLM keep adapters so [R]). One that a running batch needs never goes.
class ResidentSet {
 public:
  struct Resident {
    std::uint32_t variant = 0;
    std::uint32_t users = 0;  ///< batches in service that need it
    Bytes bytes{};
    SimTime usable_at{};  ///< its load is over; kNever: it is on its way, and nobody knows when
  };

  [[nodiscard]] Bytes bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return by_use_.size(); }

  /// A batch needs the variant, which becomes the most recently used. @return it, or null where it is not here
  Resident* use(std::uint32_t variant) {
    const auto it = find(variant);
    if (it == by_use_.end()) return nullptr;
    std::rotate(it, it + 1, by_use_.end());
    ++by_use_.back().users;
    return &by_use_.back();
  }
  /// The batch is over.
  void release(std::uint32_t variant) {
    if (const auto it = find(variant); it != by_use_.end() && it->users > 0) --it->users;
  }
  [[nodiscard]] bool has(std::uint32_t variant) const {
    return std::any_of(by_use_.begin(), by_use_.end(), [&](const Resident& r) { return r.variant == variant; });
  }
  /// Comes in as the most recently used. @param users  batches that need it: 0 for one that is fetched ahead
  void insert(std::uint32_t variant, Bytes bytes, SimTime usable_at, std::uint32_t users = 1) {
    by_use_.push_back({.variant = variant, .users = users, .bytes = bytes, .usable_at = usable_at});
    bytes_ += bytes;
  }
  /// It is there now, or will be at that time.
  void arrives(std::uint32_t variant, SimTime usable_at) {
    if (const auto it = find(variant); it != by_use_.end()) it->usable_at = usable_at;
  }
  /// Whether `more` would pass a bound. @param most,most_bytes  0: no bound
  [[nodiscard]] bool must_evict(Bytes more, int most, Bytes most_bytes) const {
    return (most > 0 && by_use_.size() >= static_cast<std::size_t>(most)) ||
           (most_bytes.value > 0 && bytes_ + more > most_bytes);
  }
  /// Forgets the least recently used that nobody needs just now. @param spared  nor soon
  /// @return what it was; nothing if all are needed
  std::optional<Resident> evict(std::span<const std::uint32_t> spared = {}) {
    const auto it = std::find_if(by_use_.begin(), by_use_.end(), [&](const Resident& r) {
      return r.users == 0 && std::find(spared.begin(), spared.end(), r.variant) == spared.end();
    });
    if (it == by_use_.end()) return std::nullopt;
    const Resident gone = *it;
    by_use_.erase(it);
    bytes_ -= gone.bytes;
    return gone;
  }
  void clear() {
    by_use_.clear();
    bytes_ = {};
  }

 private:
  std::vector<Resident>::iterator find(std::uint32_t variant) {
    return std::find_if(by_use_.begin(), by_use_.end(), [&](const Resident& r) { return r.variant == variant; });
  }
  std::vector<Resident> by_use_;  // least recently used first; a handful
  Bytes bytes_{};
};

}  // namespace windtunnel
