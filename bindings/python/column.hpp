// Numbers of one run as a read-only view: Python sees the memory itself and keeps its owner alive.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace windtunnel::python {

class Column {
 public:
  /// A view of `values`, which `owner` holds.
  Column(std::shared_ptr<const void> owner, const std::vector<double>& values)
      : owner_(std::move(owner)), data_(values.data()), size_(values.size()), is_double_(true) {}
  Column(std::shared_ptr<const void> owner, const std::vector<std::int64_t>& values)
      : owner_(std::move(owner)), data_(values.data()), size_(values.size()), is_double_(false) {}
  /// Its own numbers.
  template <class T>
  static Column of(std::vector<T> values) {
    auto held = std::make_shared<const std::vector<T>>(std::move(values));
    const std::vector<T>& numbers = *held;
    return {std::move(held), numbers};
  }

  [[nodiscard]] const void* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_double() const { return is_double_; }

 private:
  std::shared_ptr<const void> owner_;
  const void* data_;
  std::size_t size_;
  bool is_double_;
};

}  // namespace windtunnel::python
