// What a scenario may say, for people, editors and programs: made from the tables the reader uses.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/core/error.hpp"

namespace windtunnel {

/// The JSON Schema (draft 2020-12) of a scenario file, pretty-printed with a final newline.
std::string json_schema();

/// The kinds `list` knows: policies, signals, sharing-modes, gpus, mig-profiles, profiles, processes, transforms,
/// formats, dispatchers, queues, laws, node-autoscalers.
std::span<const std::string_view> list_kinds();

/// One line for each thing of a kind; with a name, that thing with each parameter's type, unit, limits, default, doc
/// and source. At most 80 columns.
/// @return an Error naming the nearest for a kind or name that is not there
Result<std::string> list_text(std::string_view kind, std::string_view name = {});

/// The same as JSON text: an array of objects, or one object when a name is given.
Result<std::string> list_json(std::string_view kind, std::string_view name = {});

}  // namespace windtunnel
