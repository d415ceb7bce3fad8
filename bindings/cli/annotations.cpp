#include "bindings/cli/annotations.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string_view>
#include <system_error>

#include "sim/report/text_escape.hpp"
#include "sim/report/verdict_text.hpp"

namespace windtunnel::cli {
namespace fs = std::filesystem;
namespace {

struct Mark {
  std::string file, title, message;
  int line = 0;
};

struct Escape {
  char c;
  std::string_view as;
};

std::string escaped(std::string_view text, std::initializer_list<Escape> escapes) {
  std::string out;
  for (const char c : text) {
    std::string_view as(&c, 1);
    for (const Escape& escape : escapes)
      if (escape.c == c) as = escape.as;
    out += as;
  }
  return out;
}

/// docs.github.com, "Workflow commands"; the escapes are those of actions/toolkit, command.ts.
std::string github(const Mark& mark) {
  const auto property = [](std::string_view text) {
    return escaped(text, {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}});
  };
  const std::string line = mark.line > 0 ? fmt::format(",line={}", mark.line) : "";
  return fmt::format("::error file={}{},title={}::{}", property(mark.file), line, property(mark.title),
                     escaped(mark.message, {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}}));
}

/// learn.microsoft.com, "Logging commands"; there a % is written %AZP25.
std::string azure(const Mark& mark) {
  const auto property = [](std::string_view text) {
    return escaped(text, {{'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}, {';', "%3B"}, {']', "%5D"}});
  };
  const std::string line = mark.line > 0 ? fmt::format("linenumber={};", mark.line) : "";
  return fmt::format("##vso[task.logissue type=error;sourcepath={};{}]{}", property(mark.file), line,
                     escaped(mark.message, {{'%', "%AZP25"}, {'\r', "%0D"}, {'\n', "%0A"}}));
}

/// A CI system: the variable that tells it, the one that names the checkout, and how it is told of a line.
struct CiSystem {
  const char *variable, *checkout;
  std::string (*format)(const Mark&);
};

constexpr std::array kSystems = {CiSystem{"GITHUB_ACTIONS", "GITHUB_WORKSPACE", github},
                                 CiSystem{"TF_BUILD", "BUILD_SOURCESDIRECTORY", azure}};

std::string environment(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

bool is_under(const CiSystem& system) {
  const std::string value = environment(system.variable);
  return value == "true" || value == "True" || value == "TRUE" || value == "1";
}

/// Lines are marked by the path in the checkout, wherever the command was started.
std::string path_in_checkout(const std::string& file, const std::string& checkout) {
  if (checkout.empty()) return file;
  std::error_code error;
  const fs::path absolute = fs::weakly_canonical(file, error);
  const fs::path root = fs::weakly_canonical(checkout, error);
  const fs::path relative = absolute.lexically_relative(root);
  const bool is_inside = !error && !relative.empty() && *relative.begin() != "..";
  return is_inside ? relative.generic_string() : file;
}

}  // namespace

std::string annotations(const Verdict& verdict) {
  std::string out;
  for (const CiSystem& system : kSystems) {
    if (!is_under(system)) continue;
    const std::string file = path_in_checkout(verdict.file, environment(system.checkout));
    for (const Judgement& judgement : verdict.judgements) {
      if (judgement.outcome == Outcome::met) continue;
      out +=
          system.format({.file = file,
                         .title = clean_text(fmt::format("{}: {}", title_text(verdict), to_string(judgement.outcome))),
                         .message = clean_text(reason_text(judgement)),
                         .line = judgement.asked.line});
      out += '\n';
    }
  }
  return out;
}

std::string append_job_summary(const std::string& markdown) {
  const std::string file = environment("GITHUB_STEP_SUMMARY");
  if (file.empty()) return "";
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::app);
  out << markdown << '\n';
  out.close();
  if (out) return "";
  const int reason = errno;
  return fmt::format("GITHUB_STEP_SUMMARY: {}: cannot be appended to{}", file,
                     reason == 0 ? "" : ": " + std::generic_category().message(reason));
}

}  // namespace windtunnel::cli
