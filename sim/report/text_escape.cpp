#include "sim/report/text_escape.hpp"

#include <algorithm>

#include "sim/report/text_width.hpp"

namespace windtunnel {

std::string clean_text(std::string_view text) {
  const std::string shown = fit(text, std::max(1, display_width(text)));
  std::string out;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const std::string_view three = std::string_view(shown).substr(i, 3);
    if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {  // U+FFFE, U+FFFF: no characters, so not XML's either
      out += '?';
      i += 2;
    } else {
      out += shown[i];
    }
  }
  return out;
}

std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : clean_text(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&apos;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string inside;
  std::size_t longest = 0, run = 0;
  for (const char c : clean_text(text)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') inside += '\\';  // ends a cell even here
    inside += c;
  }
  const std::string fence(longest + 1, '`');  // longer than any inside
  const std::string pad = longest > 0 ? " " : "";
  return fence + pad + inside + pad + fence;
}

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]<>#|@&~";
  std::string out;
  for (const char c : clean_text(text)) {
    if (c == '@') {
      out += "&#64;";  // a backslash does not keep a mention from being one
      continue;
    }
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace windtunnel
