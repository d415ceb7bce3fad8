#include "sim/workload/text_buffer.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

gzFile open_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw InputError({path, "is a folder, not a trace file", "name a file inside it"});
  errno = 0;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    const int reason = errno;
    if (reason == ENOENT) throw InputError({path, "no such file", "paths are taken relative to the scenario's folder"});
    throw InputError({path, std::string("cannot be opened: ") + std::strerror(reason), {}});
  }
  gzbuffer(file, 1U << 16);
  return file;
}

}  // namespace

void TextBuffer::Close::operator()(gzFile_s* file) const {
  gzclose_r(file);
}

TextBuffer::TextBuffer(std::string path) : path_(std::move(path)), file_(open_file(path_)) {}
TextBuffer::TextBuffer(TextBuffer&&) noexcept = default;
TextBuffer& TextBuffer::operator=(TextBuffer&&) noexcept = default;
TextBuffer::~TextBuffer() = default;

bool TextBuffer::fill() {
  if (at_end_) return false;
  const std::size_t kept = end_ - begin_;
  if (bytes_.size() < kept + kBlock) {
    std::vector<char> larger(kept + 2 * kBlock);  // room for a long line's rest, so that this happens once
    if (kept > 0) std::memcpy(larger.data(), bytes_.data() + begin_, kept);
    bytes_ = std::move(larger);
  } else if (begin_ > 0) {
    std::memmove(bytes_.data(), bytes_.data() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;

  const std::span<char> room(bytes_.data() + end_, kBlock);
  const std::size_t got = read_block(room);
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
  if (gzdirect(file_.get()) != 0) return;  // plain text has no checksum
  do {
    consume(ahead().size());
  } while (fill());
}

std::size_t TextBuffer::read_block(std::span<char> out) {
  const int got = gzread(file_.get(), out.data(), static_cast<unsigned>(out.size()));
  int code = Z_OK;
  const char* message = gzerror(file_.get(), &code);
  if (got >= 0 && code == Z_OK) return static_cast<std::size_t>(got);
  if (code == Z_ERRNO) throw IoError(path_ + ": reading failed: " + std::strerror(errno));
  if (code == Z_BUF_ERROR)
    throw InputError({path_, "the gzip data end too early: the file was cut short", "copy or fetch it again"});
  std::string_view detail = message == nullptr ? "" : message;  // zlib puts "path: " in front
  if (detail.starts_with(path_ + ": ")) detail.remove_prefix(path_.size() + 2);
  throw InputError({path_, "the gzip data are corrupt (" + std::string(detail) + ")", "copy or fetch the file again"});
}

}  // namespace windtunnel
