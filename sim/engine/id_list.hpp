// Ids put aside for a moment: a vector whose push is a store, for what happens to every query.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace windtunnel {

class IdList {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t size() const { return count_; }
  std::uint32_t operator[](std::size_t index) const { return ids_[index]; }

  [[gnu::always_inline]] void push(std::uint32_t id) {
    if (count_ == room_) [[unlikely]]
      grow();
    ids_[count_++] = id;
  }
  void clear() { count_ = 0; }
  void sort() { std::sort(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(count_)); }

 private:
  [[gnu::noinline]] void grow() {
    room_ *= 2;
    ids_.resize(room_);
  }

  std::size_t room_ = 16, count_ = 0;
  std::vector<std::uint32_t> ids_ = std::vector<std::uint32_t>(room_);
};

}  // namespace windtunnel
