// Regular expressions of label matchers, in RE2's syntax as far as queries use it. Whole strings match, as Prometheus
// anchors them; time is linear in the text whatever the pattern is.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel::promql {

class Pattern {
 public:
  /// Literals, `.`, classes, \d \w \s, groups, |, * + ? {m,n}, (?i) at the start.
  /// @return an Error naming the place in the pattern for anything else
  static Result<Pattern> compile(std::string_view text);
  /// Whether all of `text` matches; bytes are compared.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  friend class PatternCompiler;
  enum class Op : std::uint8_t { bytes, split, jump, begin, end, accept };
  struct Step {
    Op op = Op::accept;
    std::uint32_t next = 0, other = 0;  ///< of split, the second way
    std::uint32_t set = 0;              ///< of bytes: which are taken
  };
  std::vector<Step> steps_;
  std::vector<std::bitset<256>> sets_;
};

}  // namespace windtunnel::promql
