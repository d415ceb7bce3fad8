#include "sim/workload/text_buffer.hpp"

#include <cstring>
#include <string_view>
#include <utility>

#include "sim/workload/byte_source.hpp"

namespace windtunnel {

TextBuffer::TextBuffer(std::string path) : path_(std::move(path)), source_(open_bytes(path_)) {}
TextBuffer::TextBuffer(TextBuffer&&) noexcept = default;
TextBuffer& TextBuffer::operator=(TextBuffer&&) noexcept = default;
TextBuffer::~TextBuffer() = default;

bool TextBuffer::fill() {
  if (at_end_) return false;
  const std::size_t kept = end_ - begin_;
  if (bytes_.size() < kept + kBlock + kPad) {
    std::vector<char> larger(kept + 2 * kBlock + kPad);  // room for a long line's rest, so that this happens once
    if (kept > 0) std::memcpy(larger.data(), bytes_.data() + begin_, kept);
    bytes_ = std::move(larger);
  } else if (begin_ > 0) {
    std::memmove(bytes_.data(), bytes_.data() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;

  const std::span<char> room(bytes_.data() + end_, kBlock);
  const std::size_t got = source_->read(room);
  end_ += got;
  at_end_ = got < kBlock;
  if (!needs_care_)
    needs_care_ = std::memchr(room.data(), '"', got) != nullptr || std::memchr(room.data(), 0, got) != nullptr;
  if (!started_) {
    started_ = true;
    if (std::string_view(bytes_.data(), end_).starts_with("\xEF\xBB\xBF")) begin_ = 3;
  }
  return got > 0;
}

void TextBuffer::check_rest() {
  if (!source_->is_compressed()) return;  // plain text has no checksum
  do {
    consume(ahead().size());
  } while (fill());
}

}  // namespace windtunnel
