// The trace formats that can be read: a format is a short declaration, the machinery is shared.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/text_buffer.hpp"

namespace windtunnel {

/// One format. Columns are found by name in the header, in any order; columns not named here are skipped.
struct FormatRow {
  std::string_view name;
  std::string_view doc;
  std::string_view header;                              ///< as shown to people
  bool is_counts = false;                               ///< numbers, one a second, instead of rows
  std::vector<std::string_view> required = {};          ///< header columns by which it is recognised
  std::string_view time = {};                           ///< column: seconds, or wall clock
  std::string_view label = {};                          ///< column that `map` looks at; empty: none
  std::string_view size = {};                           ///< column of items per query; empty: none
  std::string_view deadline = {};                       ///< column: seconds after arrival, empty cell or 0 for none
  std::string_view status = {};                         ///< column: rows with one of `dropped_statuses` are dropped
  std::vector<std::string_view> dropped_statuses = {};  ///< the status is the reason
  bool label_needed = false;                            ///< rows with an empty label are dropped: "no model"
  bool lenient_size = false;                            ///< a size that is empty or not above 0 counts as 1
};

std::span<const FormatRow> format_registry();

/// Every format with its header, for messages: "plain (timestamp[,model]...), azure_llm (...)".
std::string known_formats();

/// The format of a file from its first line, never from its name, or the one asked for.
/// @param wanted  a name of the registry, or "auto"
/// @throws InputError for an empty file and for one that fits no format
const FormatRow& recognise_format(TextBuffer& text, std::string_view wanted);

}  // namespace windtunnel
