#include "sim/scenario/loader.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "sim/scenario/document.hpp"
#include "sim/scenario/overlay.hpp"
#include "sim/scenario/readers.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel {
namespace {

using Settings = std::vector<std::pair<std::string, Node>>;

}  // namespace

Result<std::string> read_scenario_file(const std::filesystem::path& file) {
  std::error_code code;
  const auto status = std::filesystem::status(file, code);
  if (!std::filesystem::exists(status))
    return Error{file.string(), "no such file", "give the path of a scenario, e.g. scenarios/steady_mm1.yaml"};
  if (std::filesystem::is_directory(status)) return Error{file.string(), "is a folder", "name a scenario file in it"};
  std::ifstream stream(file, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');  // one more than is allowed, so that parse_document can refuse it
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || (!stream && stream.gcount() == 0 && !stream.eof()))
    return Error{file.string(), "cannot be read", "check its permissions"};
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

namespace {

/// The values of --set, each a YAML value.
Settings parse_settings(const LoadOptions& options, Problems& problems) {
  Settings out;
  for (const auto& [path, text] : options.set) {
    const auto blank = text.find_first_not_of(' ') == std::string::npos;
    auto value = blank ? Result<Node>(Error{options.given_by + " " + path, "has no value", "write --set path=value"})
                       : parse_document(text, options.given_by + " " + path);
    if (!value) {
      problems.insert(problems.end(), value.problems().begin(), value.problems().end());
      continue;
    }
    out.emplace_back(path, std::move(*value));
  }
  return out;
}

bool sets_compare(const std::string& path) {
  return path == "compare" || path.substr(0, 8) == "compare.";
}

void forget_lines(Node& node) {  // a setting from the command line has no line worth naming
  node.line = 0;
  for (auto& item : node.items) forget_lines(item);
  for (auto& entry : node.entries) entry.line = 0, forget_lines(entry.value);
}

void apply(Node& root, Settings settings, std::string_view given_by, Problems& problems) {
  for (auto& [path, value] : settings) {
    forget_lines(value);
    if (auto error = set_at(root, path, std::move(value), given_by)) problems.push_back(std::move(*error));
  }
}

/// The document with --set laid over it.
Result<Node> prepare(Result<Node> root, const LoadOptions& options) {
  Problems problems;
  if (!root) problems = root.problems();
  auto settings = parse_settings(options, problems);
  if (root) apply(*root, std::move(settings), options.given_by, problems);
  if (!problems.empty()) return problems;
  return root;
}

/// A file whose `compare` is a list of variants in good form, and the settings that go to each of them.
struct VariantsDocument {
  Node root;
  Settings on_variants;
  std::string given_by;
  [[nodiscard]] const std::vector<Node>& variants() const { return root.find("compare")->items; }
};

Result<VariantsDocument> read_variants_document(Result<Node> root, std::string_view file_name,
                                                const std::filesystem::path& folder, const LoadOptions& options) {
  if (!root) return root.problems();
  Problems problems;
  Settings on_list, on_variants;
  for (auto& setting : parse_settings(options, problems))
    (sets_compare(setting.first) ? on_list : on_variants).push_back(std::move(setting));
  apply(*root, std::move(on_list), options.given_by, problems);
  if (!problems.empty()) return problems;
  const Node* compare = root->find("compare");
  if (compare == nullptr || compare->items.empty())
    return Error{std::string(file_name), "has no variants to compare",
                 "add `compare: [{name: MPS, set: {cluster.node_pools.a10.sharing: {mode: mps, replicas: 4}}}]`"};
  Reading form{.root = *root, .folder = folder};  // checks the list itself: names, paths
  read_compare(form, *compare);
  if (!form.problems.empty()) return form.problems.in_order();
  return VariantsDocument{
      .root = std::move(*root), .on_variants = std::move(on_variants), .given_by = options.given_by};
}

/// The file with one variant's settings, then the user's.
Result<Scenario> read_variant(const VariantsDocument& document, const Node& variant, std::string_view file_name,
                              const std::filesystem::path& folder) {
  Node root = document.root;
  root.erase("compare");
  Problems problems;
  if (const Node* set = variant.find("set"); set != nullptr && set->is(Node::Kind::map))
    for (const auto& entry : set->entries)
      if (auto error = set_at(root, entry.key, entry.value, entry.value.place())) problems.push_back(std::move(*error));
  apply(root, document.on_variants, document.given_by, problems);
  if (!problems.empty()) return problems;
  return read_scenario(root, file_name, folder);
}

/// Problems that all variants have are said once, the others with the variant's name.
Problems merge_problems(const std::vector<std::pair<std::string, Problems>>& by_variant, std::size_t variants) {
  const auto in_all = [&](const Error& error) {
    const auto has = [&](const Problems& list) {
      return std::any_of(list.begin(), list.end(), [&](const Error& e) { return e.text() == error.text(); });
    };
    return by_variant.size() == variants &&
           std::all_of(by_variant.begin(), by_variant.end(), [&](const auto& v) { return has(v.second); });
  };
  Problems out;
  for (std::size_t i = 0; i < by_variant.size(); ++i) {
    for (const auto& error : by_variant[i].second) {
      if (!in_all(error))
        out.push_back({fmt::format("variant \"{}\": {}", by_variant[i].first, error.where), error.what, error.hint});
      else if (i == 0)
        out.push_back(error);
    }
  }
  return out;
}

using Variants = std::vector<std::pair<std::string, Scenario>>;

Result<Variants> read_variants(const Result<VariantsDocument>& document, std::string_view file_name,
                               const std::filesystem::path& folder) {
  if (!document) return document.problems();
  Variants out;
  std::vector<std::pair<std::string, Problems>> failed;
  for (const auto& variant : document->variants()) {
    const std::string name = variant.find("name")->text;
    auto scenario = read_variant(*document, variant, file_name, folder);
    if (scenario)
      out.emplace_back(name, std::move(*scenario));
    else
      failed.emplace_back(name, scenario.problems());
  }
  if (!failed.empty()) return merge_problems(failed, document->variants().size());
  return out;
}

/// The variant of that name alone.
Result<Scenario> pick_variant(const Result<VariantsDocument>& document, std::string_view file_name,
                              const std::filesystem::path& folder, std::string_view name) {
  if (!document) return document.problems();
  std::vector<std::string_view> known;
  for (const auto& variant : document->variants()) {
    known.push_back(variant.find("name")->text);
    if (known.back() == name) return read_variant(*document, variant, file_name, folder);
  }
  return Error{document->root.find("compare")->place() + ": compare",
               fmt::format("has no variant \"{}\"", one_line(name, 200)), suggestion(name, known, true)};
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view yaml, std::string_view file_name, const std::filesystem::path& folder,
                                const LoadOptions& options) {
  auto root = prepare(parse_document(yaml, file_name), options);
  if (!root) return root.problems();
  return read_scenario(*root, file_name, folder);
}

Result<Scenario> load_tree(Node tree, std::string_view file_name, const std::filesystem::path& folder,
                           const LoadOptions& options) {
  auto root = prepare(std::move(tree), options);
  if (!root) return root.problems();
  return read_scenario(*root, file_name, folder);
}

Result<Scenario> load_scenario(const std::filesystem::path& file, const LoadOptions& options) {
  auto text = read_scenario_file(file);
  if (!text) return text.problems();
  return parse_scenario(*text, file.string(), file.parent_path(), options);
}

Result<std::vector<std::pair<std::string, Scenario>>> load_variants(const std::filesystem::path& file,
                                                                    const LoadOptions& options) {
  auto text = read_scenario_file(file);
  if (!text) return text.problems();
  return parse_variants(*text, file.string(), file.parent_path(), options);
}

Result<std::vector<std::pair<std::string, Scenario>>> parse_variants(std::string_view yaml, std::string_view file_name,
                                                                     const std::filesystem::path& folder,
                                                                     const LoadOptions& options) {
  return read_variants(read_variants_document(parse_document(yaml, file_name), file_name, folder, options), file_name,
                       folder);
}

Result<std::vector<std::pair<std::string, Scenario>>> load_tree_variants(Node root, std::string_view file_name,
                                                                         const std::filesystem::path& folder,
                                                                         const LoadOptions& options) {
  return read_variants(read_variants_document(std::move(root), file_name, folder, options), file_name, folder);
}

Result<Scenario> load_variant(const std::filesystem::path& file, std::string_view name, const LoadOptions& options) {
  auto text = read_scenario_file(file);
  if (!text) return text.problems();
  const auto folder = file.parent_path();
  return pick_variant(read_variants_document(parse_document(*text, file.string()), file.string(), folder, options),
                      file.string(), folder, name);
}

Result<Scenario> load_tree_variant(Node root, std::string_view file_name, const std::filesystem::path& folder,
                                   std::string_view name, const LoadOptions& options) {
  return pick_variant(read_variants_document(std::move(root), file_name, folder, options), file_name, folder, name);
}

Result<std::string> laid_over(std::string_view yaml, std::string_view file_name, const LoadOptions& options) {
  auto root = prepare(parse_document(yaml, file_name), options);
  if (!root) return root.problems();
  return write_document(*root);
}

}  // namespace windtunnel
