// How wide text is on a terminal, and how to make it fit. Text is UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace windtunnel {

/// Terminal columns: combining marks take none, East Asian wide characters two, broken bytes and control characters
/// one.
int display_width(std::string_view text);

/// The text with broken bytes and control characters shown as '?', cut to `width` columns; a cut ends in an ellipsis.
/// @param width  >= 1
std::string fit(std::string_view text, int width);

/// fit(), then spaces up to `width` on the right, or on the left.
std::string pad_right(std::string_view text, int width);
std::string pad_left(std::string_view text, int width);

/// Lines of at most `width` columns, broken at spaces where possible; lines after the first start with `indent` spaces.
std::string wrap(std::string_view text, int width, int indent = 0);

}  // namespace windtunnel
