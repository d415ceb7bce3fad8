// A column of result.h5: a one-dimensional dataset that grows while the run goes on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/core/hdf5_handle.hpp"

namespace windtunnel {

/// Chunked, compressed, with its unit as an attribute. Values gather in memory and are written a chunk at a time, so a
/// column costs its chunk in memory whatever the horizon. Every call may throw IoError.
class Hdf5Column {
 public:
  static constexpr std::size_t kChunk = 1024;

  static Hdf5Column of_doubles(hid_t group, std::string_view name, std::string_view unit);
  static Hdf5Column of_integers(hid_t group, std::string_view name, std::string_view unit);
  /// Text of at most `size` bytes; longer text is cut at a character.
  static Hdf5Column of_text(hid_t group, std::string_view name, std::size_t size);

  void push(double value) { append(&value, sizeof value); }
  void push(std::int64_t value) { append(&value, sizeof value); }
  void push(std::string_view text);
  /// Writes what has gathered.
  void flush();

 private:
  Hdf5Column(hid_t group, std::string_view name, std::string_view unit, Hdf5Handle type);
  void append(const void* value, std::size_t size);

  Hdf5Handle type_, dataset_;
  std::size_t item_size_ = 0;
  std::vector<std::byte> buffer_;
  hsize_t written_ = 0;
};

}  // namespace windtunnel
