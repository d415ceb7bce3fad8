// The bytes of a file after any compression is undone.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace windtunnel {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `out` from the front; fewer bytes than asked for only at the end.
  /// @throws InputError for truncated or corrupt compressed data, IoError if the machine fails to read
  virtual std::size_t read(std::span<char> out) = 0;
  /// False for plain text, which has no checksum that could tell of damage.
  [[nodiscard]] virtual bool is_compressed() const = 0;
};

/// Opens a file: gzip, zstd (where the library was there at build time) or plain, by its first bytes.
/// @throws InputError if the file is missing, a folder, or may not be read
std::unique_ptr<ByteSource> open_bytes(const std::string& path);

/// zstd_source.cpp; called with a file that begins with zstd's magic bytes.
std::unique_ptr<ByteSource> open_zstd(const std::string& path);

}  // namespace windtunnel
