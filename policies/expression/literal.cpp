#include "policies/expression/literal.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>

#include "policies/expression/problem.hpp"

namespace windtunnel::expression {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {  // Levenshtein
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t here = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = row[j];
      row[j] = here;
    }
  }
  return row.back();
}

bool digits_to_integer(std::string_view digits, int base, std::int64_t& out) {
  const auto* end = digits.data() + digits.size();
  const auto done = std::from_chars(digits.data(), end, out, base);
  return done.ec == std::errc{} && done.ptr == end && !digits.empty() && digits.front() != '-';
}

}  // namespace

bool parse_integer(std::string_view text, std::int64_t& out) {
  if (text.starts_with('+')) text = text.substr(1), out = 0;
  if (text.empty() || text.starts_with('+')) return false;
  if (text.starts_with('-') && (text.size() == 1 || text[1] == '-' || text[1] == '+')) return false;
  const auto* end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, out);
  return done.ec == std::errc{} && done.ptr == end;
}

bool parse_real(std::string_view text, double& out) {
  bool negative = false;
  if (text.starts_with('+') || text.starts_with('-')) {
    negative = text.front() == '-';
    text = text.substr(1);
  }
  if (text.empty() || text.front() == '-' || text.front() == '+' || text.ends_with(')')) return false;  // nan(...)
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex && text.find_first_of("pP") == std::string_view::npos) return false;
  if (hex) text = text.substr(2);
  const auto* end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, out, hex ? std::chars_format::hex : std::chars_format::general);
  if (done.ptr != end) return false;
  if (done.ec == std::errc::result_out_of_range) {  // too small is 0, too large is an error
    if (!(std::strtod(std::string(text).c_str(), nullptr) < 1) || hex) return false;
    out = std::strtod(std::string(text).c_str(), nullptr);
  } else if (done.ec != std::errc{}) {
    return false;
  }
  if (negative) out = -out;
  return true;
}

Value literal_value(const Token& token) {
  std::string digits;
  for (const char c : token.value)
    if (c != '_') digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto wrong = [&](const char* what) { refuse(token.column, "\"" + token.value + "\" " + what); };
  std::int64_t whole = 0;
  const int base = digits.starts_with("0x") ? 16 : digits.starts_with("0b") ? 2 : digits.starts_with("0o") ? 8 : 10;
  if (base != 16 && digits.find_first_of(".e") != std::string::npos) {
    double real = 0;
    if (!parse_real(digits, real)) wrong("is no number, or larger than the largest double");
    return real;
  }
  if (!digits_to_integer(std::string_view(digits).substr(base == 10 ? 0 : 2), base, whole))
    wrong("is no whole number of 64 bits");
  return whole;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  std::string list, nearest;
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& one : known) {
    list += (list.empty() ? "" : ", ") + one;
    if (const auto d = distance(name, one); d < best) best = d, nearest = one;
  }
  if (list.empty()) return {};
  return nearest.empty() ? "known: " + list : "did you mean \"" + nearest + "\"? (known: " + list + ")";
}

}  // namespace windtunnel::expression
