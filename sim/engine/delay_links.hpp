// All links of constant delay, and which of them is due next.
#pragma once

#include <tuple>
#include <vector>

#include "sim/engine/delay_ring.hpp"

namespace windtunnel {

/// The head that is due first is known at any time, and looked for only where it leaves: a push can but bring an
/// earlier one.
class DelayLinks {
 public:
  /// @return the link of that delay and kind: a new one if there is none yet
  std::uint32_t link(Duration delay, EventKind kind) {
    for (std::uint32_t i = 0; i < rings_.size(); ++i)
      if (rings_[i].delay() == delay && rings_[i].kind() == kind) return i;
    rings_.emplace_back(delay, kind);
    return static_cast<std::uint32_t>(rings_.size() - 1);
  }

  [[nodiscard]] const DelayRing& operator[](std::uint32_t link) const { return rings_[link]; }
  /// Of the head that is due first, by time, then kind, then link; kNever where nothing is under way.
  [[nodiscard]] SimTime at() const { return at_; }
  [[nodiscard]] EventKind kind() const { return kind_; }
  [[nodiscard]] std::uint32_t due() const { return due_; }

  [[gnu::always_inline]] void push(std::uint32_t link, SimTime now, std::uint32_t item) {
    DelayRing& ring = rings_[link];
    ring.push(now, item);
    if (ring.size() == 1) note_head(link);
  }

  /// Takes the head of due() off.
  std::uint32_t pop() {
    const std::uint32_t item = rings_[due_].pop();
    look();
    return item;
  }

  /// Takes heads off a link as long as `is_moot(item, due time)`.
  template <typename IsMoot>
  [[gnu::always_inline]] void drop_moot(std::uint32_t link, const IsMoot& is_moot) {
    DelayRing& ring = rings_[link];
    bool dropped = false;
    for (; ring.size() > 0 && is_moot(ring.front(), ring.at()); dropped = true) ring.pop();
    if (dropped && link == due_) look();
  }

 private:
  void note_head(std::uint32_t link) {
    const DelayRing& ring = rings_[link];
    if (ring.at() > at_) return;
    if (ring.at() == at_ && std::tuple(ring.kind(), link) >= std::tuple(kind_, due_)) return;
    at_ = ring.at();
    kind_ = ring.kind();
    due_ = link;
  }

  void look() {
    SimTime at = kNever;
    EventKind kind{};  // none is lower, so that kNever is no head
    std::uint32_t due = 0;
    std::uint32_t link = 0;
    for (const DelayRing& ring : rings_) {
      if (ring.at() < at || (ring.at() == at && ring.kind() < kind)) {
        at = ring.at();
        kind = ring.kind();
        due = link;
      }
      ++link;
    }
    at_ = at;
    kind_ = kind;
    due_ = due;
  }

  std::vector<DelayRing> rings_;
  SimTime at_ = kNever;
  EventKind kind_{};
  std::uint32_t due_ = 0;
};

}  // namespace windtunnel
