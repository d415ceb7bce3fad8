// "Did you mean": the nearest known word to one that is not known.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace windtunnel {

/// The known word nearest to `word`, or empty when none is near: by edits (a swap of neighbours is one), case aside,
/// at most a third of its length; or one that begins with or holds `word`.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// `did you mean "x"? (known: x, y, z)`, or `known: x, y, z`. Long lists are cut.
std::string suggestion(std::string_view word, std::span<const std::string_view> known, bool always_list = false);

}  // namespace windtunnel
