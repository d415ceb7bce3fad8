// Lays settings over a document: `--set path=value`, a variant's `set`, a profile under a model.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/document.hpp"

namespace windtunnel {

/// The parts of a dotted path; a part in quotes may hold dots.
/// @return nullopt for an empty part or an open quote
std::optional<std::vector<std::string>> split_path(std::string_view path);

/// Puts `value` at `path`. Lists are indexed from 0; the index after the last appends. Missing blocks on the way are
/// made, but not a new model, pipeline or node pool: a path into one that is not there is a problem that names the
/// nearest.
/// @param place  how the problem says where the setting stands, e.g. "--set"
std::optional<Error> set_at(Node& root, std::string_view path, Node value, std::string_view place);

/// `top` over `bottom`: blocks are merged key by key, everything else of `top` replaces. A law (a block with `law` or
/// `values`) replaces as a whole, and so does a latency for any GPU over one by GPU type.
Node lay_over(const Node& bottom, const Node& top);

}  // namespace windtunnel
