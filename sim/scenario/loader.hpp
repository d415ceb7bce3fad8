// From a scenario file to a checked Scenario, or to every problem in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

struct Node;

struct LoadOptions {
  /// `--set path=value`, laid over the file in order and then checked like the rest of it. A path is dotted, list
  /// indices are numbers, a name that holds dots is quoted: models."v1.5".copies. The value is YAML.
  std::vector<std::pair<std::string, std::string>> set;
  std::string given_by = "--set";  ///< how messages call a setting
};

/// Reads and checks a scenario file.
/// @return the scenario, or all problems of the file, each with file, line, path, value, rule and way out
Result<Scenario> load_scenario(const std::filesystem::path& file, const LoadOptions& options = {});

/// The same for text already in memory.
/// @param file_name  how messages call the text
/// @param folder     what trace files are relative to
Result<Scenario> parse_scenario(std::string_view yaml, std::string_view file_name, const std::filesystem::path& folder,
                                const LoadOptions& options = {});

/// The same for a document that was put together, as from manifests: its values know where they were written.
Result<Scenario> load_tree(Node root, std::string_view file_name, const std::filesystem::path& folder,
                           const LoadOptions& options = {});
Result<std::vector<std::pair<std::string, Scenario>>> load_tree_variants(Node root, std::string_view file_name,
                                                                         const std::filesystem::path& folder,
                                                                         const LoadOptions& options = {});
Result<Scenario> load_tree_variant(Node root, std::string_view file_name, const std::filesystem::path& folder,
                                   std::string_view name, const LoadOptions& options = {});

/// One scenario for each entry of the file's `compare`: the file with the entry's `set` laid over it, then `options`.
/// Problems that not every variant has begin with the variant's name.
Result<std::vector<std::pair<std::string, Scenario>>> load_variants(const std::filesystem::path& file,
                                                                    const LoadOptions& options = {});

/// The same for text already in memory.
Result<std::vector<std::pair<std::string, Scenario>>> parse_variants(std::string_view yaml, std::string_view file_name,
                                                                     const std::filesystem::path& folder,
                                                                     const LoadOptions& options = {});

/// The text of a scenario file. @return an Error when it is not there, a folder, or cannot be read
Result<std::string> read_scenario_file(const std::filesystem::path& file);

/// The document with `options` laid over it, as YAML, its values unchecked: what a person would have written.
Result<std::string> laid_over(std::string_view yaml, std::string_view file_name, const LoadOptions& options);

/// The value at a path of a YAML document (dotted, see LoadOptions), as JSON text; the whole document for an empty
/// path. Quantities stay as written: "16GiB", "5s".
/// @return an Error naming the nearest key where the path leads nowhere
Result<std::string> value_at(std::string_view yaml, std::string_view path);
/// The one entry of `compare` with that name, as load_variants makes it. The other entries are checked for form only.
/// @return all problems; an unknown name lists the known ones and the nearest
Result<Scenario> load_variant(const std::filesystem::path& file, std::string_view name,
                              const LoadOptions& options = {});

/// The scenario with every default filled in, as YAML: what `-o` writes to scenario.resolved.yaml.
inline const std::string& resolved_yaml(const Scenario& scenario) {
  return scenario.resolved;
}

}  // namespace windtunnel
