// Reads one block of keys against its table of parameters: unknown keys, missing ones, values, defaults.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/scenario/document.hpp"
#include "sim/scenario/problem_list.hpp"

namespace windtunnel {

/// A block as read. Every parameter that is required or has a default is there, with a harmless value where the file's
/// was bad: `ok` is false then.
struct Block {
  ParamSet values;
  std::map<std::string, Law, std::less<>> laws;
  Node resolved = Node::map();  ///< defaults filled in, in the order of the table; null where there is nothing to say
  bool ok = true;
};

/// Reads the keys of `node` that `table` knows. Keys of type `block` are only recognised, and read by the caller.
/// @param node  may be null: all defaults
/// @param tables  concatenated; names must differ
Block read_block(ProblemList& problems, const Node* node, const std::string& path,
                 std::span<const std::span<const Param>> tables);
Block read_block(ProblemList& problems, const Node* node, const std::string& path, std::span<const Param> table);

/// Leaves out of `block.resolved` each default that the cross-check would refuse, had the user written it.
void keep_consistent(Block& block, std::span<const Param> table,
                     const std::function<std::string(const ParamSet&)>& check);

}  // namespace windtunnel
