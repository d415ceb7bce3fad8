#include "bindings/cli/console.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace windtunnel::cli {

void print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EPIPE) return;
    throw IoError("standard output: " + std::generic_category().message(errno));
  }
}

void say(std::string_view line) {
  std::string text(line);
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
}

ExitCode refuse(const Problems& problems) {
  for (const Error& problem : problems) say(problem.text());
  return kBadInput;
}

ExitCode refuse(const Error& error) {
  return refuse(Problems{error});
}

void ignore_broken_pipes() {
  std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace windtunnel::cli
