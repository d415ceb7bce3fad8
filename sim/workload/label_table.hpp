// Text that comes again and again, kept once and known by a number.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace windtunnel {

/// Numbers labels in order of first sight. Looked up by text, never walked in the order of the hash.
class LabelTable {
 public:
  static constexpr std::size_t kMost = 1'000'000;

  /// The label's number; empty when it would be one too many.
  std::optional<std::uint32_t> number(std::string_view label) {
    std::uint32_t& recent = recent_[slot_of(label)];
    if (recent < views_.size() && views_[recent] == label) return recent;
    if (const auto found = numbers_.find(label); found != numbers_.end()) return recent = found->second;
    if (views_.size() == kMost) return {};
    recent = static_cast<std::uint32_t>(views_.size());
    views_.emplace_back(texts_.emplace_back(label));
    numbers_.emplace(views_.back(), recent);
    return recent;
  }
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return views_[number]; }
  [[nodiscard]] std::size_t size() const { return views_.size(); }

 private:
  /// Tells most labels apart by their length and ends; a clash costs one look into the map.
  static std::size_t slot_of(std::string_view label) {
    std::uint64_t head = 0, tail = 0;
    if (label.size() >= 8) {
      std::memcpy(&head, label.data(), 8);
      std::memcpy(&tail, label.data() + label.size() - 8, 8);
    } else {
      for (const char c : label) head = head << 8U | static_cast<unsigned char>(c);
    }
    return ((head ^ (tail * 0x9e3779b185ebca87ULL) ^ label.size()) * 0xc2b2ae3d27d4eb4fULL) >> 56U;
  }

  std::array<std::uint32_t, 256> recent_{};  // numbers of labels seen lately, by slot
  std::deque<std::string> texts_;            // its strings stay where they are
  std::vector<std::string_view> views_;      // of them by number: found faster than in a deque
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace windtunnel
