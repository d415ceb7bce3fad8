// What a table of measurements is about, by its columns alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"

namespace windtunnel {

enum class TableKind { slices, pairs, caps, images, solo };

struct TableForm {
  TableKind kind;
  std::string_view name, doc;
  std::vector<std::string_view> required, optional;
  bool strict = false;  ///< further columns are refused: it asks for so little that a misspelt one would pass
};

/// All kinds, those that ask for most columns first.
std::span<const TableForm> table_forms();

/// The kind all of whose required columns are there, and none beside the known ones where it is strict.
/// @return an Error that names the nearest kind and the columns it misses
Result<TableKind> recognise(std::span<const std::string> columns, const std::string& file);

const TableForm& form_of(TableKind kind);

}  // namespace windtunnel
