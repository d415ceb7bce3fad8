#include "sim/workload/line_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// trimmed(), which nearly all cells are already.
std::string_view trimmed_quickly(const char* begin, const char* end) {
  const std::string_view cell(begin, static_cast<std::size_t>(end - begin));
  if (begin == end || (*begin > ' ' && end[-1] > ' ')) [[likely]]
    return cell;
  return trimmed(cell);
}

constexpr std::size_t kAtOnce = 16;
static_assert(kAtOnce <= TextBuffer::kPad);

/// A bit for each of 16 bytes that ends a cell: a comma or a line feed.
std::uint32_t cell_ends(const char* text) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')))));
#else
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kAtOnce; ++i) bits |= static_cast<std::uint32_t>(text[i] == ',' || text[i] == '\n') << i;
  return bits;
#endif
}

/// Takes the quotes off a cell that begins with one, in place; returns the cell and moves `at` behind it.
std::string_view take_quoted(std::span<char> line, std::size_t& at) {
  const std::size_t begin = ++at;
  std::size_t put = begin;
  for (; at < line.size(); ++at) {
    if (line[at] == '"') {
      if (at + 1 == line.size() || line[at + 1] != '"') break;
      ++at;  // a doubled quote stands for one
    }
    line[put++] = line[at];
  }
  if (at < line.size()) ++at;  // the closing quote
  for (; at < line.size() && line[at] != ','; ++at)
    if (!is_blank(line[at])) line[put++] = line[at];  // text behind it: kept, so that a number check sees it
  return {line.data() + begin, put - begin};
}

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, 40)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + (text.size() > 40 ? "...\"" : "\"");
}

bool LineReader::next(std::span<char>& line) {
  if (!text_.needs_care() && next_plain(line)) return true;
  std::size_t length = 0, whole = 0;
  while (find_end(length, whole)) {
    line = text_.ahead().first(length);
    text_.consume(whole);
    number_ = lines_ + 1;
    ++lines_;
    if (!line.empty() && line.back() == '\r') line = line.first(line.size() - 1);
    if (text_.needs_care()) {
      check({line.data(), line.size()});
      lines_ += static_cast<std::uint64_t>(std::count(line.begin(), line.end(), '\n'));
    }
    if (!trimmed({line.data(), line.size()}).empty()) return true;
  }
  return false;
}

/// A line that lies in memory whole and begins with what is no blank, which nearly all do.
bool LineReader::next_plain(std::span<char>& line) {
  const std::span<char> ahead = text_.ahead();
  if (ahead.empty() || is_blank(ahead.front()) || ahead.front() == '\n' || ahead.front() == '\r') return false;
  const auto* end = static_cast<const char*>(std::memchr(ahead.data(), '\n', ahead.size()));
  if (end == nullptr) return false;
  const auto length = static_cast<std::size_t>(end - ahead.data());
  if (length > kMaxLine) return false;
  line = ahead.first(ahead[length - 1] == '\r' ? length - 1 : length);
  text_.consume(length + 1);
  number_ = ++lines_;
  return true;
}

bool LineReader::next_cells(std::span<std::string_view> cells) {
  const std::span<char> ahead = text_.ahead();
  if (text_.needs_care() || ahead.empty() || is_blank(ahead.front()) || ahead.front() == '\n' || ahead.front() == '\r')
    return false;
  const char* const end = ahead.data() + ahead.size();
  const char* cell = ahead.data();
  std::size_t found = 0;
  for (const char* at = cell; at < end; at += kAtOnce) {  // may look beyond the end, by less than TextBuffer::kPad
    for (std::uint32_t marks = cell_ends(at); marks != 0; marks &= marks - 1) {
      const char* stop = at + std::countr_zero(marks);
      if (stop >= end || found == cells.size()) return false;
      const bool at_line_end = *stop == '\n';
      const char* last = at_line_end && stop[-1] == '\r' ? stop - 1 : stop;
      cells[found++] = trimmed_quickly(cell, last);
      cell = stop + 1;
      if (!at_line_end) continue;
      const auto length = static_cast<std::size_t>(stop - ahead.data());
      if (found != cells.size() || length > kMaxLine) return false;
      text_.consume(length + 1);
      number_ = ++lines_;
      return true;
    }
  }
  return false;
}

bool LineReader::find_end(std::size_t& length, std::size_t& whole) {
  std::size_t scanned = 0;
  bool open_quote = false;
  while (true) {
    const std::span<char> ahead = text_.ahead();
    while (scanned < ahead.size()) {
      const char* from = ahead.data() + scanned;
      const auto* end = static_cast<const char*>(std::memchr(from, '\n', ahead.size() - scanned));
      const char* stop = end != nullptr ? end : ahead.data() + ahead.size();
      if (quotes_hold_ends_ && text_.needs_care() && std::count(from, stop, '"') % 2 != 0) open_quote = !open_quote;
      scanned = static_cast<std::size_t>(stop - ahead.data());
      if (scanned > kMaxLine) break;
      if (end != nullptr && !open_quote) {
        length = scanned;
        whole = scanned + 1;
        return true;
      }
      if (end != nullptr) ++scanned;  // a line end inside quotes
    }
    if (scanned > kMaxLine)
      throw InputError({text_.path() + ":" + std::to_string(lines_ + 1), "a line is longer than 1 MiB",
                        open_quote ? "a quotation mark is not closed" : "rows end with a line feed; is this a trace?"});
    if (text_.fill()) continue;
    if (open_quote)
      throw InputError({text_.path() + ":" + std::to_string(lines_ + 1), "a quotation mark is opened and never closed",
                        "close it, or double it if it is part of the text"});
    length = whole = scanned;
    return scanned > 0;
  }
}

void LineReader::check(std::string_view line) const {
  if (line.find('\0') != std::string_view::npos)
    throw InputError({where(), "the row holds a NUL byte", "the file must be plain UTF-8 text (not UTF-16 or binary)"});
}

void split_plain_cells(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  const char* begin = line.data();
  const char* const end = begin + line.size();
  while (const auto* comma = static_cast<const char*>(
             begin == end ? nullptr : std::memchr(begin, ',', static_cast<std::size_t>(end - begin)))) {
    cells.push_back(trimmed({begin, static_cast<std::size_t>(comma - begin)}));
    begin = comma + 1;
  }
  cells.push_back(trimmed({begin, static_cast<std::size_t>(end - begin)}));
}

void split_cells(std::span<char> line, std::vector<std::string_view>& cells) {
  cells.clear();
  const std::size_t size = line.size();
  for (std::size_t at = 0; at <= size; ++at) {  // at stands on the first byte of a cell, then on the comma behind it
    while (at < size && is_blank(line[at])) ++at;
    if (at < size && line[at] == '"') {
      cells.push_back(take_quoted(line, at));
    } else {
      const std::size_t begin = at;
      while (at < size && line[at] != ',') ++at;
      cells.push_back(trimmed({line.data() + begin, at - begin}));
    }
  }
}

}  // namespace windtunnel
