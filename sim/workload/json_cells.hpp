// One JSON object on a line as cells by key, without building a document.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace windtunnel {

/// The keys of an object on a line, at most 1000 of them; empty if it is none.
std::vector<std::string> json_keys(std::string_view line);

/// Fills cells[i] with the value of names[i], empty where the key is not there. Other keys are skipped. Strings lose
/// their quotes and escapes (which edits the line), null becomes an empty cell, nested values stay as written.
/// @return what is wrong with the line, or empty
std::string_view json_cells(std::span<char> line, std::span<const std::string> names,
                            std::vector<std::string_view>& cells);

}  // namespace windtunnel
