// libFuzzer's entry: the bytes become a file in memory, which the reader named by WINDTUNNEL_FUZZ_READER reads every
// way there is.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/read_anything.hpp"
#include "tests/fuzz/read_manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const asked = std::getenv("WINDTUNNEL_FUZZ_READER");
  static const std::string reader = asked ? asked : "auto";
  if (reader == "manifests")  // Kubernetes', not a trace
    return windtunnel::testing::read_manifest({reinterpret_cast<const char*>(data), size}) == SIZE_MAX ? -1 : 0;
  static const int file = memfd_create("trace", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (file < 0 || ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) {
    std::perror("a file in memory");
    std::abort();
  }
  return windtunnel::testing::read_anything(path, reader) == UINT64_MAX ? -1 : 0;
}
