// One line on a terminal while a run goes on: share done, queries a second, time left.
#pragma once

#include <chrono>
#include <string>

#include "sim/runset/run_set.hpp"

namespace windtunnel::cli {

/// The line itself, at most `width` columns, plain ASCII.
std::string progress_text(const RunSetProgress& progress, double elapsed_s, int width);

/// Draws at most ten times a second on standard error, and erases the line at the end.
class ProgressBar {
 public:
  /// @param wanted  false: never draws. Nor does it when standard error is no terminal.
  explicit ProgressBar(bool wanted);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void update(const RunSetProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;
  bool draws_ = false;
  bool on_screen_ = false;
  Clock::time_point began_ = Clock::now();
  Clock::time_point drawn_ = Clock::now();
};

}  // namespace windtunnel::cli
