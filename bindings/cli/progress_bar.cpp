#include "bindings/cli/progress_bar.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/report/duration_text.hpp"
#include "sim/report/number_text.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel::cli {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr int kBar = 24;
constexpr int kWidth = 79;  // a character in the last column makes some terminals wrap

}  // namespace

std::string progress_text(const RunSetProgress& progress, double elapsed_s, int width) {
  const double rate = elapsed_s > 0 ? static_cast<double>(progress.queries) / elapsed_s : 0;
  std::string text;
  if (progress.share > 0) {  // a run to empty has no horizon to measure against
    const int filled = static_cast<int>(progress.share * kBar);
    text = fmt::format("[{:#<{}}{:.<{}}] {:3.0f} %", "", filled, "", kBar - filled, 100 * progress.share);
  }
  if (progress.total > 1)
    text += fmt::format("  run {}/{}", std::min(progress.done + 1, progress.total), progress.total);
  text += fmt::format("  {} queries/s", count_text(std::round(rate)));
  if (progress.share > 0.001)
    text += fmt::format("  {} left", duration_text(std::ceil(elapsed_s * (1 - progress.share) / progress.share)));
  return fit(text, width);
}

ProgressBar::ProgressBar(bool wanted) : draws_(wanted && ::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (on_screen_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::update(const RunSetProgress& progress) {
  if (!draws_) return;
  const auto now = Clock::now();
  if (now - drawn_ < kRedraw) return;
  drawn_ = now;
  on_screen_ = true;
  const double elapsed_s = std::chrono::duration<double>(now - began_).count();
  std::fputs(("\r" + progress_text(progress, elapsed_s, kWidth) + "\x1b[K").c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace windtunnel::cli
