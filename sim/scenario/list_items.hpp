// What `windtunnel list` can list: things of one kind, with what is said of each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/param.hpp"

namespace windtunnel {

/// One thing of any kind, as `list` shows it.
struct ListItem {
  std::string name, doc;
  std::vector<std::pair<std::string, std::string>> facts = {};  ///< label, text
  std::vector<Param> params = {};
  std::string example = {};  ///< YAML, several lines
};

/// All of a kind (list_kinds()), in the order of their table; none for another word.
std::optional<std::vector<ListItem>> items_of(std::string_view kind);

}  // namespace windtunnel
