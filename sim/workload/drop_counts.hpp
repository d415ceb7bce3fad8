// How many rows were left out, by reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace windtunnel {

/// Reasons in order of first sight.
class DropCounts {
 public:
  void add(std::string_view reason, std::uint64_t how_many = 1) {
    for (auto& [name, rows] : rows_) {
      if (name != reason) continue;
      rows += how_many;
      return;
    }
    rows_.emplace_back(reason, how_many);
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::uint64_t>>& by_reason() const { return rows_; }

 private:
  std::vector<std::pair<std::string, std::uint64_t>> rows_;
};

}  // namespace windtunnel
