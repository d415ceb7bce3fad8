#include "policies/promql/pattern.hpp"

#include <algorithm>
#include <cctype>

namespace windtunnel::promql {

// Thompson's construction: every piece is steps whose open ends lead to the step behind its last one.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}

  Result<Pattern> run() {
    if (text_.size() > kLongest) return problem("is longer than 1000 bytes");
    if (text_.starts_with("(?i)")) {
      fold_case_ = true;
      at_ = 4;
    }
    try {
      alternatives(0);
      if (at_ < text_.size()) fail("has a ) too many");
      emit({.op = Pattern::Op::accept});
    } catch (const Bad& bad) {
      return problem(bad.what);
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kLongest = 1000, kMostSteps = 20000;
  static constexpr int kDeepest = 50;
  struct Bad {
    std::string what;
  };
  using Set = std::bitset<256>;

  [[noreturn]] void fail(std::string what) const { throw Bad{std::move(what)}; }
  [[nodiscard]] Error problem(const std::string& what) const {
    return {"byte " + std::to_string(at_ + 1) + " of the pattern", what,
            "patterns have literals, ., classes, groups, |, *, +, ? and {m,n}"};
  }

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(out_.steps_.size()); }
  std::uint32_t emit(Pattern::Step step) {
    if (out_.steps_.size() >= kMostSteps) fail("repeats too much");
    out_.steps_.push_back(step);
    return here() - 1;
  }
  void insert(std::uint32_t at, Pattern::Step step) {
    emit({});  // counts it
    out_.steps_.pop_back();
    for (auto& s : out_.steps_) {
      if (s.next > at) ++s.next;
      if (s.other > at) ++s.other;
    }
    for (std::uint32_t i = at; i < here(); ++i) {  // what led to `at` from inside still leads to the piece's start
      if (out_.steps_[i].next == at) ++out_.steps_[i].next;
      if (out_.steps_[i].other == at && out_.steps_[i].op == Pattern::Op::split) ++out_.steps_[i].other;
    }
    out_.steps_.insert(out_.steps_.begin() + at, step);
  }
  void bytes(const Set& set) {
    out_.sets_.push_back(set);
    const std::uint32_t i = emit({.op = Pattern::Op::bytes, .set = static_cast<std::uint32_t>(out_.sets_.size() - 1)});
    out_.steps_[i].next = i + 1;
  }

  void alternatives(int depth) {
    if (depth > kDeepest) fail("is nested more than 50 deep");
    const std::uint32_t start = here();
    sequence(depth);
    if (at_ >= text_.size() || text_[at_] != '|') return;
    ++at_;
    insert(start, {.op = Pattern::Op::split, .next = start + 1});
    const std::uint32_t jump = emit({.op = Pattern::Op::jump});
    out_.steps_[start].other = here();
    alternatives(depth);  // at most as often as the pattern has bytes
    out_.steps_[jump].next = here();
  }

  void sequence(int depth) {
    while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')') {
      const std::uint32_t start = here();
      atom(depth);
      repetitions(start);
    }
  }

  void atom(int depth) {
    const char c = text_[at_++];
    if (c == '(') {
      if (text_.substr(at_).starts_with("?:")) at_ += 2;
      if (at_ < text_.size() && text_[at_] == '?') fail("has a group with a flag");
      alternatives(depth + 1);
      if (at_ >= text_.size()) fail("lacks a )");
      ++at_;
      return;
    }
    if (c == '*' || c == '+' || c == '?') fail("repeats nothing");
    if (c == '^' || c == '$') {
      const std::uint32_t i = emit({.op = c == '^' ? Pattern::Op::begin : Pattern::Op::end});
      out_.steps_[i].next = i + 1;
      return;
    }
    Set set;
    if (c == '.')
      set = Set().set().reset('\n');
    else if (c == '[')
      set = char_class();
    else if (c == '\\')
      set = escape();
    else
      add(set, static_cast<unsigned char>(c));
    bytes(set);
  }

  void add(Set& set, unsigned char c) const {
    set.set(c);
    if (!fold_case_) return;
    set.set(static_cast<unsigned char>(std::tolower(c)));
    set.set(static_cast<unsigned char>(std::toupper(c)));
  }

  Set escape() {
    if (at_ >= text_.size()) fail("ends in a \\");
    const char c = text_[at_++];
    Set set;
    const auto range = [&](int from, int to) {
      for (int i = from; i <= to; ++i) set.set(static_cast<std::size_t>(i));
    };
    switch (c) {
      case 'd':
      case 'D': range('0', '9'); return c == 'd' ? set : ~set;
      case 'w':
      case 'W':
        range('0', '9');
        range('a', 'z');
        range('A', 'Z');
        set.set('_');
        return c == 'w' ? set : ~set;
      case 's':
      case 'S':
        for (const char space : {' ', '\t', '\n', '\f', '\r'}) set.set(static_cast<unsigned char>(space));
        return c == 's' ? set : ~set;
      case 'n': set.set('\n'); return set;
      case 't': set.set('\t'); return set;
      default: break;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) fail(std::string("has \\") + c + ", which is not known here");
    add(set, static_cast<unsigned char>(c));
    return set;
  }

  Set char_class() {
    Set set;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    for (bool first = true;; first = false) {
      if (at_ >= text_.size()) fail("lacks a ]");
      const char c = text_[at_++];
      if (c == ']' && !first) break;
      if (c == '[' && at_ < text_.size() && text_[at_] == ':') fail("has a named class");
      if (c == '\\') {
        set |= escape();
        continue;
      }
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        const char to = text_[at_ + 1];
        at_ += 2;
        if (to == '\\' || static_cast<unsigned char>(to) < static_cast<unsigned char>(c)) fail("has a bad range");
        for (int i = static_cast<unsigned char>(c); i <= static_cast<unsigned char>(to); ++i)
          add(set, static_cast<unsigned char>(i));
      } else {
        add(set, static_cast<unsigned char>(c));
      }
    }
    return negated ? ~set : set;
  }

  void repetitions(std::uint32_t start) {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '*' || c == '+' || c == '?') {
        ++at_;
        repeat(start, c == '+' ? 1 : 0, c == '?' ? 1 : -1);
      } else if (c != '{' || !counted(start)) {
        return;
      }
      if (at_ < text_.size() && text_[at_] == '?') ++at_;  // lazy: the same strings match
    }
  }

  bool counted(std::uint32_t start) {
    std::size_t p = at_ + 1;
    const auto number = [&]() -> int {
      int n = -1;
      for (; p < text_.size() && text_[p] >= '0' && text_[p] <= '9' && n < 10000; ++p)
        n = (n < 0 ? 0 : n * 10) + (text_[p] - '0');
      return n;
    };
    const int least = number();
    int most = least;
    if (least >= 0 && p < text_.size() && text_[p] == ',') {
      ++p;
      most = number();
    }
    if (least < 0 || p >= text_.size() || text_[p] != '}') fail("has a { that begins no {m,n}");
    if (least > 1000 || most > 1000 || (most >= 0 && most < least)) fail("has a bad {m,n}: 0 to 1000");
    at_ = p + 1;
    repeat(start, least, most);
    return true;
  }

  // The piece from `start` on, `least` to `most` times; most -1: any number.
  void repeat(std::uint32_t start, int least, int most) {
    const std::vector<Pattern::Step> piece(out_.steps_.begin() + start, out_.steps_.end());
    out_.steps_.resize(start);
    const auto copy = [&] {
      const std::uint32_t by = here() - start;
      for (Pattern::Step step : piece) {
        step.next += by;
        if (step.op == Pattern::Op::split) step.other += by;
        emit(step);
      }
    };
    for (int i = 0; i < least; ++i) copy();
    if (most < 0) {
      const std::uint32_t split = emit({.op = Pattern::Op::split, .next = here() + 1});
      copy();
      emit({.op = Pattern::Op::jump, .next = split});
      out_.steps_[split].other = here();
      return;
    }
    std::vector<std::uint32_t> exits;
    for (int i = least; i < most; ++i) {
      exits.push_back(emit({.op = Pattern::Op::split, .next = here() + 1}));
      copy();
    }
    for (const std::uint32_t exit : exits) out_.steps_[exit].other = here();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool fold_case_ = false;
  Pattern out_;
};

Result<Pattern> Pattern::compile(std::string_view text) {
  return PatternCompiler(text).run();
}

bool Pattern::matches(std::string_view text) const {
  std::vector<std::uint32_t> now, later, stack;
  std::vector<std::size_t> seen(steps_.size(), ~std::size_t{0});
  // All steps that take a byte, reachable without one.
  const auto reach = [&](std::uint32_t from, std::size_t at, std::vector<std::uint32_t>& into) {
    stack.push_back(from);
    while (!stack.empty()) {
      const std::uint32_t i = stack.back();
      stack.pop_back();
      if (seen[i] == at) continue;
      seen[i] = at;
      const Step& step = steps_[i];
      if (step.op == Op::bytes || step.op == Op::accept) into.push_back(i);
      if (step.op == Op::jump || step.op == Op::split || (step.op == Op::begin && at == 0) ||
          (step.op == Op::end && at == text.size()))
        stack.push_back(step.next);
      if (step.op == Op::split) stack.push_back(step.other);
    }
  };
  reach(0, 0, now);
  for (std::size_t at = 0; at < text.size() && !now.empty(); ++at) {
    later.clear();
    for (const std::uint32_t i : now)
      if (steps_[i].op == Op::bytes && sets_[steps_[i].set].test(static_cast<unsigned char>(text[at])))
        reach(steps_[i].next, at + 1, later);
    now.swap(later);
  }
  return std::any_of(now.begin(), now.end(), [&](std::uint32_t i) { return steps_[i].op == Op::accept; });
}

}  // namespace windtunnel::promql
