// Trace files in a scratch folder of their own, gone when the test ends.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace windtunnel::testing {

class TraceFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("windtunnel-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()) + "-" +
               std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(std::string_view content, const std::string& name = "trace.csv") const {
    const std::string path = (folder_ / name).string();
    std::filesystem::remove(path);  // a file written over is flushed to the disk at once, which takes milliseconds
    std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    return path;
  }
  /// The bytes of `content` gzipped.
  static std::string gzipped(std::string_view content) {
    const auto path = std::filesystem::temp_directory_path() / ("windtunnel-gz-" + std::to_string(::getpid()));
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
    gzclose(file);
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::filesystem::remove(path);
    return bytes;
  }

  std::filesystem::path folder_;
};

}  // namespace windtunnel::testing
