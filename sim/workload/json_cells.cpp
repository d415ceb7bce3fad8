#include "sim/workload/json_cells.hpp"

#include <algorithm>
#include <cstdint>

namespace windtunnel {
namespace {

constexpr std::size_t kMostKeys = 1000;
constexpr int kDeepest = 64;  // nested lists and objects

constexpr std::string_view kNoObject = "is not a JSON object";
constexpr std::string_view kOpen = "is a JSON object that is not closed";

/// Walks over one object; every function returns false, with `wrong` set, for what is not JSON.
class MemberWalk {
 public:
  explicit MemberWalk(std::span<char> line) : line_(line) {}

  template <class Member>
  std::string_view run(Member&& member) {
    skip_blanks();
    if (!take('{')) return kNoObject;
    skip_blanks();
    if (take('}')) return at_end();
    while (true) {
      std::string_view key, value;
      if (!take_string(key)) return wrong_;
      skip_blanks();
      if (!take(':')) return "holds a key without a value";
      skip_blanks();
      if (!take_value(value)) return wrong_;
      member(key, value);
      skip_blanks();
      if (take('}')) return at_end();
      if (!take(',')) return at_ == line_.size() ? kOpen : std::string_view("holds members that no comma parts");
      skip_blanks();
    }
  }

 private:
  void skip_blanks() {
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r' || line_[at_] == '\n'))
      ++at_;
  }
  bool take(char c) {
    if (at_ == line_.size() || line_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view at_end() {
    skip_blanks();
    return at_ == line_.size() ? std::string_view{} : "goes on behind the object's end";
  }
  bool fail(std::string_view wrong) {
    wrong_ = wrong;
    return false;
  }

  bool take_string(std::string_view& out) {
    if (!take('"')) return fail("holds a key that is not a string");
    const std::size_t begin = at_;
    while (at_ < line_.size() && line_[at_] != '"' && line_[at_] != '\\') ++at_;
    std::size_t put = at_;
    while (at_ < line_.size() && line_[at_] != '"') {
      if (line_[at_] == '\\') {
        if (!take_escape(put)) return false;
      } else {
        line_[put++] = line_[at_++];
      }
    }
    if (at_ == line_.size()) return fail("holds a string that is not closed");
    ++at_;
    out = {line_.data() + begin, put - begin};
    return true;
  }

  /// An escape is never shorter than what it stands for, so it is written over itself.
  bool take_escape(std::size_t& put) {
    if (at_ + 1 >= line_.size()) return fail("holds a string that is not closed");
    const char kind = line_[at_ + 1];
    at_ += 2;
    switch (kind) {
      case 'n': line_[put++] = '\n'; return true;
      case 't': line_[put++] = '\t'; return true;
      case 'r': line_[put++] = '\r'; return true;
      case 'b': line_[put++] = '\b'; return true;
      case 'f': line_[put++] = '\f'; return true;
      case '"':
      case '\\':
      case '/': line_[put++] = kind; return true;
      case 'u': return take_unicode(put);
      default: return fail("holds an unknown escape");
    }
  }
  bool take_unicode(std::size_t& put) {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < line_.size() ? line_[at_] : 'x';
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return fail("holds an unknown escape");
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    // Halves of surrogate pairs are kept apart, three bytes each: labels only need to compare equal.
    if (code < 0x80) {
      line_[put++] = static_cast<char>(code);
    } else if (code < 0x800) {
      line_[put++] = static_cast<char>(0xc0U | (code >> 6U));
      line_[put++] = static_cast<char>(0x80U | (code & 0x3fU));
    } else {
      line_[put++] = static_cast<char>(0xe0U | (code >> 12U));
      line_[put++] = static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
      line_[put++] = static_cast<char>(0x80U | (code & 0x3fU));
    }
    return true;
  }

  bool take_value(std::string_view& out) {
    if (at_ == line_.size()) return fail(kOpen);
    if (line_[at_] == '"') return take_string(out);
    const std::size_t begin = at_;
    if (line_[at_] == '[' || line_[at_] == '{') {
      if (!skip_nested()) return false;
    } else {
      while (at_ < line_.size() && line_[at_] != ',' && line_[at_] != '}' && line_[at_] != ' ' && line_[at_] != '\t')
        ++at_;
    }
    out = {line_.data() + begin, at_ - begin};
    if (out.empty()) return fail("holds a key without a value");
    if (out == "null") out = {};
    return true;
  }

  bool skip_nested() {
    int depth = 0;
    for (; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (c == '"') {
        while (++at_ < line_.size() && line_[at_] != '"') at_ += line_[at_] == '\\' ? 1 : 0;
        if (at_ >= line_.size()) break;
      } else if (c == '[' || c == '{') {
        if (++depth > kDeepest) return fail("is nested over 64 deep");
      } else if ((c == ']' || c == '}') && --depth == 0) {
        ++at_;
        return true;
      }
    }
    at_ = line_.size();
    return fail(kOpen);
  }

  std::span<char> line_;
  std::size_t at_ = 0;
  std::string_view wrong_;
};

}  // namespace

std::vector<std::string> json_keys(std::string_view line) {
  std::string copy(line);
  std::vector<std::string> keys;
  const std::string_view wrong =
      MemberWalk({copy.data(), copy.size()}).run([&](std::string_view key, std::string_view) {
        if (keys.size() < kMostKeys) keys.emplace_back(key);
      });
  if (!wrong.empty()) keys.clear();
  return keys;
}

std::string_view json_cells(std::span<char> line, std::span<const std::string> names,
                            std::vector<std::string_view>& cells) {
  cells.assign(names.size(), {});
  std::size_t expected = 0;  // keys mostly come in the order of the first line
  return MemberWalk(line).run([&](std::string_view key, std::string_view value) {
    if (expected >= names.size() || names[expected] != key)
      expected = static_cast<std::size_t>(std::find(names.begin(), names.end(), key) - names.begin());
    if (expected < names.size()) cells[expected++] = value;
  });
}

}  // namespace windtunnel
