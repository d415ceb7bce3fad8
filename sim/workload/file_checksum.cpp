#include "sim/workload/file_checksum.hpp"

#include <bit>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::uint64_t kPrime = 0x9e3779b185ebca87ULL;  // xxHash's first 64-bit prime

}  // namespace

void FileChecksum::add(std::span<const char> bytes) {
  length_ += bytes.size();
  while (!bytes.empty()) {
    std::uint64_t words[4] = {};
    const std::size_t count = bytes.size() < sizeof words ? bytes.size() : sizeof words;
    std::memcpy(words, bytes.data(), count);
    for (std::size_t lane = 0; lane < 4; ++lane) lanes_[lane] = std::rotl((lanes_[lane] ^ words[lane]) * kPrime, 29);
    bytes = bytes.subspan(count);
  }
}

std::uint64_t FileChecksum::value() const {
  std::uint64_t value = length_ * kPrime;
  for (const std::uint64_t lane : lanes_) value = std::rotl((value ^ lane) * kPrime, 31);
  return value ^ (value >> 33U);
}

std::uint64_t checksum_of(const std::string& path, std::size_t begin) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file || std::fseek(file.get(), static_cast<long>(begin), SEEK_SET) != 0)
    throw IoError(path + ": cannot be read");
  FileChecksum sum;
  std::vector<char> block(std::size_t{1} << 18);
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), file.get())) sum.add({block.data(), got});
  if (std::ferror(file.get()) != 0) throw IoError(path + ": reading failed");
  return sum.value();
}

}  // namespace windtunnel
