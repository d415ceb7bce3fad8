#include "sim/workload/byte_source.hpp"

#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

/// zlib passes text through that is not gzipped.
class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb")) {
    if (!file_) throw IoError(path_ + ": cannot be opened: " + std::strerror(errno));
    gzbuffer(file_.get(), 1U << 16);
  }
  std::size_t read(std::span<char> out) override {
    const int got = gzread(file_.get(), out.data(), static_cast<unsigned>(out.size()));
    int code = Z_OK;
    const char* message = gzerror(file_.get(), &code);
    if (got >= 0 && code == Z_OK) return static_cast<std::size_t>(got);
    if (code == Z_ERRNO) throw IoError(path_ + ": reading failed: " + std::strerror(errno));
    if (code == Z_BUF_ERROR)
      throw InputError({path_, "the gzip data end too early: the file was cut short", "copy or fetch it again"});
    std::string_view detail = message == nullptr ? "" : message;  // zlib puts "path: " in front
    if (detail.starts_with(path_ + ": ")) detail.remove_prefix(path_.size() + 2);
    throw InputError(
        {path_, "the gzip data are corrupt (" + std::string(detail) + ")", "copy or fetch the file again"});
  }
  [[nodiscard]] bool is_compressed() const override { return gzdirect(file_.get()) == 0; }

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose_r(file); }
  };
  std::string path_;
  std::unique_ptr<gzFile_s, Close> file_;
};

}  // namespace

std::unique_ptr<ByteSource> open_bytes(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw InputError({path, "is a folder, not a trace file", "name a file inside it"});
  errno = 0;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) {
    const int reason = errno;
    if (reason == ENOENT) throw InputError({path, "no such file", "paths are taken relative to the scenario's folder"});
    throw InputError({path, std::string("cannot be opened: ") + std::strerror(reason), {}});
  }
  char magic[4] = {};
  if (std::filesystem::is_regular_file(path, ignored) && std::fread(magic, 1, 4, file.get()) == 4 &&
      std::memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0)
    return open_zstd(path);
  return std::make_unique<GzipSource>(path);
}

}  // namespace windtunnel
