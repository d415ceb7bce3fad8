// zstd, a frame or several; without the library such files are refused with the way out.
#include "sim/core/error.hpp"
#include "sim/workload/byte_source.hpp"

#ifdef WINDTUNNEL_HAS_ZSTD

#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace windtunnel {
namespace {

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(const std::string& path)
      : path_(path), file_(std::fopen(path.c_str(), "rb")), stream_(ZSTD_createDStream()), packed_(1U << 16) {
    if (!file_) throw IoError(path_ + ": cannot be opened: " + std::strerror(errno));
    if (!stream_) throw IoError(path_ + ": no memory to read zstd data");
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 27);  // 128 MiB: what zstd itself takes by default
  }
  std::size_t read(std::span<char> out) override {
    ZSTD_outBuffer unpacked{out.data(), out.size(), 0};
    while (unpacked.pos < unpacked.size) {
      if (in_.pos == in_.size && !refill()) {
        // At the end: what the decoder still holds comes out first, then the frame must be whole.
        const std::size_t before = unpacked.pos;
        if (pending_ != 0) step(unpacked);
        if (unpacked.pos != before) continue;
        if (pending_ != 0)
          throw InputError({path_, "the zstd data end too early: the file was cut short", "copy or fetch it again"});
        break;
      }
      step(unpacked);
    }
    return unpacked.pos;
  }
  [[nodiscard]] bool is_compressed() const override { return true; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  void step(ZSTD_outBuffer& unpacked) {
    pending_ = ZSTD_decompressStream(stream_.get(), &unpacked, &in_);
    if (ZSTD_isError(pending_) != 0)
      throw InputError({path_, std::string("the zstd data are corrupt (") + ZSTD_getErrorName(pending_) + ")",
                        "copy or fetch the file again"});
  }
  bool refill() {
    const std::size_t got = std::fread(packed_.data(), 1, packed_.size(), file_.get());
    if (got == 0 && std::ferror(file_.get()) != 0) throw IoError(path_ + ": reading failed: " + std::strerror(errno));
    in_ = {packed_.data(), got, 0};
    return got > 0;
  }

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  std::vector<char> packed_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::size_t pending_ = 0;  // 0: a frame has just ended
};

}  // namespace

std::unique_ptr<ByteSource> open_zstd(const std::string& path) {
  return std::make_unique<ZstdSource>(path);
}

}  // namespace windtunnel

#else

namespace windtunnel {

std::unique_ptr<ByteSource> open_zstd(const std::string& path) {
  throw InputError({path, "is compressed with zstd, which this build cannot read",
                    "unpack it with zstd -d, or build with libzstd-dev installed"});
}

}  // namespace windtunnel

#endif
