// Text inside other formats, whatever bytes a name holds.
#pragma once

#include <string>
#include <string_view>

namespace windtunnel {

/// Valid UTF-8 without control characters (line ends too): what is broken becomes '?'.
std::string clean_text(std::string_view text);

/// For XML 1.0, content or attribute: cleaned, then & < > " ' escaped.
std::string xml_text(std::string_view text);

/// A Markdown code span, safe inside a table: nothing in it is markup, a mention or HTML.
std::string markdown_code(std::string_view text);

/// Plain words inside a Markdown table.
std::string markdown_text(std::string_view text);

}  // namespace windtunnel
