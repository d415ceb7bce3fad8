#include "sim/workload/counts_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "sim/core/error.hpp"
#include "sim/workload/line_reader.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMaxToken = 1000;  // characters of one number

constexpr bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

}  // namespace

std::string CountsReader::where() const {
  return fmt::format("{}:{}: number {}", text_.path(), line_, seconds_);
}

bool CountsReader::take_token(std::string_view& token) {
  while (true) {
    const std::span<char> ahead = text_.ahead();
    std::size_t begin = 0;
    while (begin < ahead.size() && is_space(ahead[begin])) line_ += ahead[begin++] == '\n' ? 1 : 0;
    std::size_t end = begin;
    while (end < ahead.size() && !is_space(ahead[end])) ++end;
    text_.consume(begin);
    if (end == ahead.size() && end - begin <= kMaxToken && text_.fill()) continue;  // it may go on in the next block
    token = std::string_view(ahead.data() + begin, end - begin);
    text_.consume(end - begin);
    return !token.empty();
  }
}

bool CountsReader::next(CountBin& bin) {
  if (!next(bin.count)) return false;
  bin.begin_ns = static_cast<std::int64_t>(seconds_ - 1) * 1'000'000'000;
  bin.width_ns = 1'000'000'000;
  bin.target = target_;
  return true;
}

bool CountsReader::next(std::uint64_t& count) {
  std::string_view token;
  if (!take_token(token)) return false;
  ++seconds_;
  count = 0;
  bool plain = token.size() <= 7;  // below the limit whatever the digits
  for (const char c : token) {
    plain = plain && c >= '0' && c <= '9';
    if (!plain) break;
    count = count * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (plain) return true;
  try {
    count = parse_slowly(token);
  } catch (const InputError&) {
    text_.check_rest();  // a damaged gzip file gives rubbish before its checksum shows it
    throw;
  }
  return true;
}

std::uint64_t CountsReader::parse_slowly(std::string_view token) const {
  const char* begin = token.data() + (token.starts_with('+') ? 1 : 0);
  double value = 0;
  const auto [end, error] = std::from_chars(begin, token.data() + token.size(), value);
  const auto fail = [&](std::string what, std::string hint) {
    throw InputError({where(), in_quotes(token) + " " + what, std::move(hint)});
  };
  if (error == std::errc::invalid_argument || end != token.data() + token.size())
    fail("is not a number", "counts are whole numbers parted by blanks or line ends, without a header");
  if (error != std::errc{} || !std::isfinite(value)) fail("is not finite", "a count is a whole number, 0 or more");
  if (value < 0) fail("is negative", "a count is a whole number, 0 or more");
  if (value != std::floor(value))
    fail("is not a whole number", "counts are queries in a second; a list of arrival times needs the header timestamp");
  if (value > static_cast<double>(kMaxBinCount))
    fail("is more than 10 000 000 queries in one second", "check the unit");
  return static_cast<std::uint64_t>(value);
}

}  // namespace windtunnel
