#include "sim/report/text_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace windtunnel {
namespace {

constexpr std::string_view kEllipsis = "\xe2\x80\xa6";
constexpr std::uint32_t kBroken = 0xffffffffU;

struct Range {
  std::uint32_t first, last;
};

// Blocks of Unicode 15 that matter for names; a full table of wcwidth would be ten times as long.
constexpr std::array kNoWidth = {
    Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x0591, 0x05bd}, Range{0x064b, 0x065f},  Range{0x1ab0, 0x1aff},
    Range{0x1dc0, 0x1dff}, Range{0x200b, 0x200f}, Range{0x202a, 0x202e}, Range{0x2060, 0x2064},  Range{0x20d0, 0x20ff},
    Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xfeff, 0xfeff}, Range{0xe0100, 0xe01ef}};
constexpr std::array kWide = {Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0xa4cf},
                              Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},
                              Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},
                              Range{0x1f300, 0x1f64f}, Range{0x1f680, 0x1f6ff}, Range{0x1f900, 0x1faff},
                              Range{0x20000, 0x3fffd}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

struct Glyph {
  std::string_view bytes;
  std::uint32_t code = kBroken;
};

/// The character at the front of `text`, which is not empty; a broken byte comes alone.
Glyph first_glyph(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {text.substr(0, 1), lead};
  const std::size_t length = lead >= 0xf0 && lead < 0xf5   ? 4
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                                                           : 0;
  if (length == 0 || text.size() < length) return {text.substr(0, 1), kBroken};
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {text.substr(0, 1), kBroken};
    code = (code << 6) | (byte(i) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[length] || code > 0x10ffff || surrogate) return {text.substr(0, 1), kBroken};
  return {text.substr(0, length), code};
}

bool is_shown(const Glyph& glyph) {
  return glyph.code != kBroken && glyph.code >= 0x20 && !(glyph.code >= 0x7f && glyph.code < 0xa0);
}

int width_of(const Glyph& glyph) {
  if (!is_shown(glyph)) return 1;
  if (within(kNoWidth, glyph.code)) return 0;
  return within(kWide, glyph.code) ? 2 : 1;
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    width += width_of(glyph);
    text.remove_prefix(glyph.bytes.size());
  }
  return width;
}

std::string fit(std::string_view text, int width) {
  const bool cut = display_width(text) > width;
  const int room = cut ? width - 1 : width;
  std::string out;
  int used = 0;
  while (!text.empty()) {
    const Glyph glyph = first_glyph(text);
    used += width_of(glyph);
    if (used > room) break;
    if (is_shown(glyph))
      out += glyph.bytes;
    else
      out += '?';
    text.remove_prefix(glyph.bytes.size());
  }
  if (cut) out += kEllipsis;
  return out;
}

std::string pad_right(std::string_view text, int width) {
  std::string out = fit(text, width);
  return out.append(static_cast<std::size_t>(std::max(0, width - display_width(out))), ' ');
}

std::string pad_left(std::string_view text, int width) {
  const std::string fitted = fit(text, width);
  return std::string(static_cast<std::size_t>(std::max(0, width - display_width(fitted))), ' ') + fitted;
}

std::string wrap(std::string_view text, int width, int indent) {
  std::string out;
  int used = 0;
  bool line_has_word = false;
  const auto new_line = [&] {
    out += '\n';
    out.append(static_cast<std::size_t>(indent), ' ');
    used = indent;
    line_has_word = false;
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (line_has_word && used + 1 + display_width(word) > width) new_line();
    if (line_has_word) {
      out += ' ';
      ++used;
    }
    while (!word.empty()) {  // a word longer than a line is broken where the line ends
      const Glyph glyph = first_glyph(word);
      if (used + width_of(glyph) > width) new_line();
      if (is_shown(glyph))
        out += glyph.bytes;
      else
        out += '?';
      used += width_of(glyph);
      word.remove_prefix(glyph.bytes.size());
    }
    line_has_word = true;
  }
  return out;
}

}  // namespace windtunnel
