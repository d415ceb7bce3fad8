// Words as the Go library cuts them (expr-lang/expr v1.17.8, parser/lexer), oddities included: "&", "!", "=", "*", "<"
// and
// ">" take one of "&=*" with them, so that "<*" is one (unknown) operator.
#include <algorithm>
#include <array>

#include "policies/expression/problem.hpp"
#include "policies/expression/token.hpp"

namespace windtunnel::expression {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c);
}
bool one_of(std::string_view set, char c) {
  return c != '\0' && set.find(c) != std::string_view::npos;
}

class Lexer {
 public:
  explicit Lexer(std::string_view formula) : all_(formula) {}

  std::vector<Token> run() {
    while (skip_blanks()) next_token();
    begin_ = at_;
    emit(TokenKind::end, "");
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < all_.size() ? all_[at_ + ahead] : '\0'; }
  [[nodiscard]] bool at_end() const { return at_ >= all_.size(); }
  [[nodiscard]] std::string_view word() const { return all_.substr(begin_, at_ - begin_); }

  /// Characters, not bytes: those that go on with a character do not count.
  [[nodiscard]] int column(std::size_t byte) const {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    const auto before = all_.substr(0, byte);
    return 1 + static_cast<int>(before.size()) -
           static_cast<int>(std::count_if(before.begin(), before.end(), continues));
  }

  void emit(TokenKind kind, std::string value) { out_.push_back({kind, std::move(value), column(begin_)}); }
  void emit_word(TokenKind kind) { emit(kind, std::string(word())); }
  bool accept(std::string_view set) {
    if (!one_of(set, peek())) return false;
    ++at_;
    return true;
  }
  void accept_run(std::string_view set) {
    while (accept(set)) {
    }
  }

  /// Blanks and comments. @return whether anything follows
  bool skip_blanks() {
    while (!at_end()) {
      if (accept(" \t\n\r\v\f")) continue;
      if (all_.substr(at_, 2) == "\xC2\xA0" || all_.substr(at_, 2) == "\xC2\x85") {  // no-break space, next line
        at_ += 2;
        continue;
      }
      if (peek() != '/' || !one_of("/*", peek(1))) return true;
      skip_comment();
    }
    return false;
  }

  void skip_comment() {
    const bool line = peek(1) == '/';
    const auto end = all_.find(line ? "\n" : "*/", at_ + 2);
    if (end == std::string_view::npos && !line) refuse(column(at_), "the comment does not end", "close it with */");
    at_ = end == std::string_view::npos ? all_.size() : end + (line ? 1 : 2);
  }

  void next_token() {
    begin_ = at_;
    const char c = peek();
    if (c == '\'' || c == '"') return quoted();
    if (c == '`') return raw();
    if ((c == 'b' || c == 'B') && one_of("'\"", peek(1))) refuse_unmodelled(column(at_), "a byte string");
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (is_letter(c)) return name();
    ++at_;
    if (one_of("([{)]}", c)) return emit_word(TokenKind::bracket);
    if (c == '?')
      accept(".?");
    else if (c == '#')
      return pointer();
    else if (c == '|' || c == ':' || c == '.')
      accept(std::string_view(&c, 1));
    else if (one_of("&!=*<>", c))
      accept("&=*");
    else if (!one_of("/,;%+-^", c))
      unknown_character();
    emit_word(TokenKind::op);
  }

  [[noreturn]] void unknown_character() const {
    const auto c = static_cast<unsigned char>(all_[begin_]);
    if (c >= 0x80) refuse_unmodelled(column(begin_), "a letter beyond ASCII outside quotes");
    refuse(column(begin_), std::string("unexpected character '") + static_cast<char>(c) + "'");
  }

  void number() {
    std::string_view digits = "0123456789_";
    if (accept("0")) {
      if (accept("xX"))
        digits = "0123456789abcdefABCDEF_";
      else if (accept("oO"))
        digits = "01234567_";
      else if (accept("bB"))
        digits = "01_";
    }
    accept_run(digits);
    if (peek() == '.' && peek(1) == '.') return emit_word(TokenKind::number);  // 1..3 is a range
    if (accept(".")) accept_run(digits);
    if (accept("eE")) {
      accept("+-");
      accept_run(digits);
    }
    if (is_word(peek())) {
      ++at_;
      refuse(column(begin_), in_quotes(word()) + " is no number");
    }
    emit_word(TokenKind::number);
  }

  void name() {
    while (is_word(peek())) ++at_;
    static constexpr std::array<std::string_view, 11> kOperators = {
        "not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"};
    const bool op = std::find(kOperators.begin(), kOperators.end(), word()) != kOperators.end();
    emit_word(op ? TokenKind::op : TokenKind::name);
  }

  /// "#", and the name that may stick to it: #index, #acc.
  void pointer() {
    accept("#");
    emit_word(TokenKind::op);
    begin_ = at_;
    while (is_word(peek())) ++at_;
    if (at_ > begin_) emit_word(TokenKind::name);
  }

  void raw() {
    std::string out;
    for (++at_; !at_end(); ++at_) {
      if (peek() != '`')
        out += peek();
      else if (peek(1) == '`')
        out += '`', ++at_;
      else {
        ++at_;
        return emit(TokenKind::text, out);
      }
    }
    refuse(column(begin_), "the text does not end", "close it with `");
  }

  void quoted() {
    const char quote = all_[at_++];
    std::string out;
    while (peek() != quote) {
      if (at_end() || peek() == '\n')
        refuse(column(begin_), "the text does not end", std::string("close it with ") + quote);
      if (peek() == '\\')
        out += escaped(quote);
      else
        out += all_[at_++];
    }
    ++at_;
    emit(TokenKind::text, out);
  }

  char escaped(char quote) {
    static constexpr std::string_view kNames = "abfnrtv\\";
    static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\";
    const std::size_t where = at_++;
    const char c = peek();
    if (at_end()) refuse(column(begin_), "the text does not end", std::string("close it with ") + quote);
    ++at_;
    if (c == quote) return c;
    if (const auto known = kNames.find(c); known != std::string_view::npos) return kMeant[known];
    if (one_of("xuU01234567", c)) refuse_unmodelled(column(where), std::string("the escape \\") + c);
    refuse(column(where), std::string("unknown escape \\") + c);
  }

  std::string_view all_;
  std::size_t at_ = 0, begin_ = 0;
  std::vector<Token> out_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view formula) {
  return Lexer(formula).run();
}

}  // namespace windtunnel::expression
