// Text that comes again and again, kept once and known by a number.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace windtunnel {

/// Numbers labels in order of first sight. Looked up by text, never walked in the order of the hash.
class LabelTable {
 public:
  static constexpr std::size_t kMost = 1'000'000;

  /// Instead of a number: the label would be one too many. (An optional goes through memory and costs an eighth of a
  /// row.)
  static constexpr std::uint32_t kFull = ~std::uint32_t{0};

  /// The label's number, or kFull.
  std::uint32_t number(std::string_view label) {
    const Ends ends = ends_of(label);
    Recent& recent = recent_[slot_of(ends)];
    // Up to sixteen characters, length and ends are the whole label.
    if (recent.ends == ends && (ends.size <= 16 || views_[recent.number] == label)) return recent.number;
    return number_slowly(label, ends, recent);
  }
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return views_[number]; }
  [[nodiscard]] std::size_t size() const { return views_.size(); }

 private:
  /// A label's length, first and last eight characters: tells most labels apart.
  struct Ends {
    std::uint64_t size = ~std::uint64_t{0}, head = 0, tail = 0;
    bool operator==(const Ends&) const = default;
  };
  struct Recent {
    Ends ends;
    std::uint32_t number = 0;
  };
  /// Apart, so that number() is small enough to go into its caller.
  [[gnu::noinline]] std::uint32_t number_slowly(std::string_view label, const Ends& ends, Recent& recent) {
    if (const auto found = numbers_.find(label); found != numbers_.end()) {
      recent = {ends, found->second};
      return recent.number;
    }
    if (views_.size() == kMost) return kFull;
    recent = {ends, static_cast<std::uint32_t>(views_.size())};
    views_.emplace_back(texts_.emplace_back(label));
    numbers_.emplace(views_.back(), recent.number);
    return recent.number;
  }
  template <class Word>
  static std::uint64_t word_at(const char* text) {
    Word word = 0;
    std::memcpy(&word, text, sizeof word);
    return word;
  }
  static Ends ends_of(std::string_view label) {
    const std::size_t size = label.size();
    if (size >= 8) return {size, word_at<std::uint64_t>(label.data()), word_at<std::uint64_t>(label.data() + size - 8)};
    if (size >= 4) return {size, word_at<std::uint32_t>(label.data()), word_at<std::uint32_t>(label.data() + size - 4)};
    Ends ends{size, 0, 0};
    for (const char c : label) ends.head = ends.head << 8U | static_cast<unsigned char>(c);
    return ends;
  }
  static std::size_t slot_of(const Ends& ends) {
    return ((ends.head ^ (ends.tail * 0x9e3779b185ebca87ULL) ^ ends.size) * 0xc2b2ae3d27d4eb4fULL) >> 56U;
  }

  std::array<Recent, 256> recent_{};     // labels seen lately, by slot
  std::deque<std::string> texts_;        // its strings stay where they are
  std::vector<std::string_view> views_;  // of them by number: found faster than in a deque
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace windtunnel
