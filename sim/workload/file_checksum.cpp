#include "sim/workload/file_checksum.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::uint64_t kPrime = 0x9e3779b185ebca87ULL;  // xxHash's first 64-bit prime

}  // namespace

void FileChecksum::add(std::span<const char> bytes) {
  length_ += bytes.size();
  std::uint64_t words[4] = {};
  std::uint64_t a = lanes_[0], b = lanes_[1], c = lanes_[2], d = lanes_[3];  // in registers
  const auto mix = [&] {
    a = std::rotl((a ^ words[0]) * kPrime, 29);
    b = std::rotl((b ^ words[1]) * kPrime, 29);
    c = std::rotl((c ^ words[2]) * kPrime, 29);
    d = std::rotl((d ^ words[3]) * kPrime, 29);
  };
  for (; bytes.size() >= sizeof words; bytes = bytes.subspan(sizeof words)) {
    std::memcpy(words, bytes.data(), sizeof words);
    mix();
  }
  if (!bytes.empty()) {
    std::fill(std::begin(words), std::end(words), 0);
    std::memcpy(words, bytes.data(), bytes.size());
    mix();
  }
  lanes_ = {a, b, c, d};
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
