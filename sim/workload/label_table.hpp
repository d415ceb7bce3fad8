// Text that comes again and again, kept once and known by a number.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace windtunnel {

/// Numbers labels in order of first sight. Looked up by text, never walked in the order of the hash.
class LabelTable {
 public:
  static constexpr std::size_t kMost = 1'000'000;

  /// The label's number; empty when it would be one too many.
  std::optional<std::uint32_t> number(std::string_view label) {
    if (last_ < texts_.size() && texts_[last_] == label) return last_;
    if (const auto found = numbers_.find(label); found != numbers_.end()) return last_ = found->second;
    if (texts_.size() == kMost) return {};
    last_ = static_cast<std::uint32_t>(texts_.size());
    numbers_.emplace(texts_.emplace_back(label), last_);
    return last_;
  }
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return texts_[number]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // its strings stay where they are
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::uint32_t last_ = 0;
};

}  // namespace windtunnel
