// The text of a file, plain or compressed, as a window that moves forward: constant memory whatever the file's size.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace windtunnel {

class ByteSource;  // byte_source.hpp

/// Reads in blocks of 256 KiB, which stay in the second-level cache. Gzip and zstd are recognised by their magic bytes,
/// never by the name. A UTF-8 byte order mark is skipped. One owner, one thread.
class TextBuffer {
 public:
  static constexpr std::size_t kBlock = std::size_t{1} << 18;
  static constexpr std::size_t kPad = 16;  ///< bytes behind ahead() that may be read, whatever they are

  /// @throws InputError if the file is missing, a directory, or may not be read
  explicit TextBuffer(std::string path);
  TextBuffer(TextBuffer&&) noexcept;
  TextBuffer& operator=(TextBuffer&&) noexcept;
  ~TextBuffer();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The text in memory that was not consumed yet; may be edited in place.
  [[nodiscard]] std::span<char> ahead() { return {bytes_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }
  /// Reads one more block behind what is ahead, which moves in memory (spans taken before are void).
  /// @return false at the end of the file
  /// @throws InputError for truncated or corrupt compressed data, IoError if the machine fails to read
  bool fill();
  /// Called when the text turned out wrong: reads a compressed file to its end, so that damage to the file is told as
  /// such and not as a row that makes no sense. @throws as fill() does; what was ahead is gone
  void check_rest();
  /// True once a block held a quotation mark or a NUL: lines then need a closer look.
  [[nodiscard]] bool needs_care() const { return needs_care_; }

 private:
  std::string path_;
  std::unique_ptr<ByteSource> source_;
  std::vector<char> bytes_;
  std::size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;
  bool needs_care_ = false;
  bool started_ = false;
};

}  // namespace windtunnel
