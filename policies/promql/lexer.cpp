#include "policies/promql/lexer.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

#include "policies/promql/query.hpp"

namespace windtunnel::promql {
namespace {

constexpr std::size_t kLongestQuery = 16384;

bool starts_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
}
bool is_word(char c) {
  return starts_word(c) || (c >= '0' && c <= '9');
}

class QueryCutter {
 public:
  explicit QueryCutter(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> run() {
    while (skip_blank()) {
      Token token;
      token.column = at_ + 1;
      const char c = text_[at_];
      const bool digit =
          std::isdigit(static_cast<unsigned char>(c)) != 0 ||
          (c == '.' && at_ + 1 < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_ + 1])) != 0);
      const std::string problem = digit                               ? take_number(token)
                                  : starts_word(c) && !after_bracket_ ? take_name(token)
                                  : c == '"' || c == '\'' || c == '`' ? take_text(token)
                                  : starts_word(c) && c != ':'        ? take_name(token)
                                                                      : take_sign(token);
      if (!problem.empty()) return Error{column_text(token.column), problem, ""};
      after_bracket_ = token.kind == TokenKind::duration;  // [5m:1m]: this colon begins no name
      tokens_.push_back(std::move(token));
    }
    tokens_.push_back({.kind = TokenKind::end, .text = "the end", .column = text_.size() + 1});
    return std::move(tokens_);
  }

 private:
  // @return whether something is left
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#')
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        ++at_;
      else
        return true;
    }
    return false;
  }

  std::string take_name(Token& token) {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    token.kind = TokenKind::name;
    token.text = text_.substr(start, at_ - start);
    return {};
  }

  std::string take_number(Token& token) {
    const std::size_t start = at_;
    std::size_t end = at_;
    while (end < text_.size() && std::isalnum(static_cast<unsigned char>(text_[end])) != 0) ++end;
    token.text = text_.substr(start, end - start);
    if (const std::int64_t ms = parse_prom_duration(token.text); ms >= 0) {
      at_ = end;
      token.kind = TokenKind::duration;
      token.duration_ms = ms;
      return {};
    }
    token.kind = TokenKind::number;
    const bool hex = token.text.starts_with("0x") || token.text.starts_with("0X");
    const char* first = text_.data() + start;
    const char* last = text_.data() + text_.size();
    std::from_chars_result read{};
    if (hex) {
      std::uint64_t value = 0;
      read = std::from_chars(first + 2, last, value, 16);
      token.number = static_cast<double>(value);
    } else {
      read = std::from_chars(first, last, token.number);
    }
    if (read.ec != std::errc{} || (read.ptr < last && (is_word(*read.ptr) || *read.ptr == '.')))
      return "\"" + token.text + "\" is no number and no duration";
    at_ = static_cast<std::size_t>(read.ptr - text_.data());
    token.text = text_.substr(start, at_ - start);
    return {};
  }

  std::string take_text(Token& token) {
    const char quote = text_[at_++];
    token.kind = TokenKind::text;
    while (at_ < text_.size() && text_[at_] != quote) {
      char c = text_[at_++];
      if (c == '\n' && quote != '`') return "a string runs over the end of a line";
      if (c == '\\' && quote != '`') {
        if (at_ >= text_.size()) break;
        c = text_[at_++];
        switch (c) {
          case 'n': c = '\n'; break;
          case 't': c = '\t'; break;
          case 'r': c = '\r'; break;
          case '\\':
          case '"':
          case '\'': break;
          default: return std::string("unknown escape \\") + c + " in a string";
        }
      }
      token.text += c;
    }
    if (at_ >= text_.size()) return "a string does not end";
    ++at_;
    return {};
  }

  std::string take_sign(Token& token) {
    static constexpr std::array<std::string_view, 6> kTwo = {"==", "!=", "=~", "!~", ">=", "<="};
    static constexpr std::string_view kOne = "(){}[],+-*/%^<>=:@";
    token.kind = TokenKind::sign;
    for (const auto two : kTwo)
      if (text_.substr(at_).starts_with(two)) token.text = two;
    if (token.text.empty() && kOne.find(text_[at_]) != std::string_view::npos) token.text = text_.substr(at_, 1);
    if (token.text.empty()) return "unexpected character";
    at_ += token.text.size();
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool after_bracket_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

std::string column_text(std::size_t column) {
  return "column " + std::to_string(column);
}

Result<std::vector<Token>> cut_query(std::string_view text) {
  if (text.size() > kLongestQuery) return Error{column_text(1), "the query is longer than 16 KiB", ""};
  return QueryCutter(text).run();
}

std::int64_t parse_prom_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t ms;
  };
  static constexpr std::array<Unit, 7> kUnits = {
      {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}, {"y", 31536000000}}};
  constexpr std::int64_t kMost = 1000 * std::int64_t{31536000000};  // a thousand years: nothing overflows
  std::int64_t sum = 0, before = std::numeric_limits<std::int64_t>::max();
  std::size_t at = 0;
  while (at < text.size()) {
    std::int64_t n = 0;
    const auto read = std::from_chars(text.data() + at, text.data() + text.size(), n);
    if (read.ec != std::errc{} || n < 0 || text[at] == '-') return -1;
    at = static_cast<std::size_t>(read.ptr - text.data());
    const Unit* unit = nullptr;
    for (const Unit& u : kUnits)
      if (unit == nullptr && text.substr(at).starts_with(u.name)) unit = &u;
    if (unit == nullptr || unit->ms >= before || n > kMost / unit->ms) return -1;  // largest unit first
    before = unit->ms;
    sum += n * unit->ms;
    if (sum > kMost) return -1;
    at += unit->name.size();
  }
  return text.empty() ? -1 : sum;
}

}  // namespace windtunnel::promql
