// What is wrong with a formula, and where in it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace windtunnel::expression {

/// The text in quotes.
inline std::string in_quotes(std::string_view text) {
  std::string out(1, '"');
  out.append(text);
  out.push_back('"');
  return out;
}

struct Problem {
  int column = 1;             ///< of the character it begins at, counted from 1
  std::string what = {};      ///< the value and the rule it breaks
  std::string hint = {};      ///< the way out; may be empty
  bool not_modelled = false;  ///< the language has it, but not here

  /// "column 9: unknown name "backlag"; did you mean "backlog"?"
  [[nodiscard]] std::string message() const {
    return "column " + std::to_string(column) + ": " + what + (hint.empty() ? "" : "; " + hint);
  }
};

/// Carries a problem out of the parser, the checker or an evaluation; never leaves this room.
class Refused : public std::runtime_error {
 public:
  explicit Refused(Problem problem) : std::runtime_error(problem.message()), problem_(std::move(problem)) {}
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

/// Throws what the language has and we do not.
[[noreturn]] inline void refuse_unmodelled(int column, const std::string& construct, const std::string& way_out = {}) {
  throw Refused({.column = column, .what = construct + " is not modelled", .hint = way_out, .not_modelled = true});
}

[[noreturn]] inline void refuse(int column, std::string what, std::string hint = {}) {
  throw Refused({.column = column, .what = std::move(what), .hint = std::move(hint)});
}

}  // namespace windtunnel::expression
