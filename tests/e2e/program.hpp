// Starts the built program and waits for it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace windtunnel::e2e {

struct Finished {
  int exit_code = -1;  ///< -1: ended by a signal, or killed after the time limit
  std::string out, err;
};

struct Start {
  std::filesystem::path folder = ".";  ///< working directory
  enum class Output { kept, reader_gone, full_disk } output = Output::kept;
  bool terminal = false;                        ///< standard error is a terminal
  std::function<void(int pid)> meanwhile = {};  ///< called once it runs
  /// Beside the test's own, from which the variables of CI systems are taken out.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::chrono::seconds limit = std::chrono::seconds(60);
};

Finished run_program(const std::vector<std::string>& arguments, const Start& start);
Finished run_program(const std::vector<std::string>& arguments);

/// A small scenario that runs in milliseconds, with two variants to compare and traffic that shares a GPU.
std::string small_scenario();

/// One that would run for hours.
std::string endless_scenario();

/// A fresh folder with `scenario.yaml` in it; its other content is what the program left behind.
class Workplace {
 public:
  explicit Workplace(const std::string& scenario);
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Everything but the scenario, sorted, hidden files included.
  [[nodiscard]] std::vector<std::string> left_behind() const;
  Finished run(const std::vector<std::string>& arguments, Start start = {}) const;

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& file);
int widest_line(const std::string& text);
std::size_t lines_in(const std::string& text);

}  // namespace windtunnel::e2e
