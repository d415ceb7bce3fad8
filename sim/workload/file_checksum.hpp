// A checksum of a file's bytes, against damage (not against forgery).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace windtunnel {

/// Four lanes of multiply and rotate: several bytes a clock, so that checking costs less than reading.
class FileChecksum {
 public:
  /// @param bytes  a multiple of 32 of them, but for the last call
  void add(std::span<const char> bytes);
  [[nodiscard]] std::uint64_t value() const;

 private:
  std::array<std::uint64_t, 4> lanes_{1, 2, 3, 4};
  std::uint64_t length_ = 0;
};

/// Of the file's bytes from `begin` to its end. @throws IoError when it cannot be read
std::uint64_t checksum_of(const std::string& path, std::size_t begin);

}  // namespace windtunnel
