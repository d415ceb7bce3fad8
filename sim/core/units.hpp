// Bytes as a type, and ids that cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>

namespace windtunnel {

template <class Unit, class Rep>
struct Quantity {
  Rep value{};
  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.value + b.value}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.value - b.value}; }
  constexpr Quantity& operator+=(Quantity b) {
    value += b.value;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity b) {
    value -= b.value;
    return *this;
  }
};

using Bytes = Quantity<struct BytesUnit, std::int64_t>;

inline constexpr std::int64_t kMiB = 1024 * 1024;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

// Ids are plain indices into the run's own vectors: printable, sortable, never dangling.
using ModelId = std::uint32_t;
using ReplicaId = std::uint32_t;
using GpuId = std::uint32_t;
using NodeId = std::uint32_t;
using QueryId = std::uint32_t;  // a recycled slot, not a serial number
inline constexpr std::uint32_t kNone = 0xffffffffU;

/// An id as results show it: none is -1.
constexpr std::int64_t id_of(std::uint32_t id) {
  return id == kNone ? -1 : static_cast<std::int64_t>(id);
}

}  // namespace windtunnel
