#include "bindings/kubernetes/profile_source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/loader.hpp"
#include "sim/scenario/suggest.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel::kubernetes {
namespace {

bool in_catalogue(std::string_view name) {
  const auto& profiles = catalogue().profiles;
  return std::any_of(profiles.begin(), profiles.end(), [&](const ProfileEntry& entry) { return entry.name == name; });
}

Node named_profile(std::string_view name, const Field& at) {
  Node out = Node::map();
  out.set("profile", scalar_at(at, std::string(name)));
  return out;
}

/// The model's block in a document that may hold it alone, or several under `profiles` (what `profile fit` writes) or
/// `models`.
std::optional<Node> block_in(ProblemList& problems, Node document, const std::string& name) {
  for (const auto* key : {"profiles", "models"}) {
    Node* list = document.find(key);
    if (list == nullptr || !list->is(Node::Kind::map)) continue;
    Node* block = list->entries.size() == 1 ? &list->entries.front().value : list->find(name);
    if (block == nullptr) {
      problems.add(*list, key, fmt::format("has no entry \"{}\" among several", one_line(name, 80)),
                   "name one after the model");
      return std::nullopt;
    }
    block->erase("doc");
    block->erase("source");
    return std::move(*block);
  }
  return document;
}

std::optional<Node> read_profile_file(ProblemList& problems, const std::filesystem::path& file,
                                      const std::string& name) {
  const auto text = read_scenario_file(file);
  auto document = text ? parse_document(*text, file.string()) : Result<Node>(text.problems());
  if (!document) {
    for (const auto& error : document.problems()) {
      Node at;
      at.source = std::make_shared<const std::string>(error.where);
      problems.add(at, "", error.what, error.hint);
    }
    return std::nullopt;
  }
  return block_in(problems, std::move(*document), name);
}

/// A catalogue entry or a file. @param folder  what the file is relative to
std::optional<Node> resolve(ProblemList& problems, const std::string& text, const std::filesystem::path& folder,
                            const Field& at, const std::string& path, const std::string& name) {
  if (in_catalogue(text)) return named_profile(text, at);
  const std::filesystem::path file = folder / text;
  std::error_code code;
  if (std::filesystem::is_regular_file(file, code)) return read_profile_file(problems, file, name);
  problems.add(at ? *at.node : Node{}, path,
               fmt::format("\"{}\" is neither an entry of the catalogue nor a file", one_line(text, 80)),
               suggestion(text, names_of(catalogue().profiles), true));
  return std::nullopt;
}

std::filesystem::path folder_of(const ManifestModel& model) {
  return model.object->node.source ? std::filesystem::path(*model.object->node.source).parent_path()
                                   : std::filesystem::path();
}

}  // namespace

std::optional<Profile> find_profile(ProblemList& problems, const ManifestModel& model, const ManifestOptions& options) {
  const auto just = [](std::optional<Node> block) {
    return block ? std::optional<Profile>({std::move(*block), ""}) : std::nullopt;
  };
  for (const auto& [name, text] : options.profiles)
    if (name == model.name) return just(resolve(problems, text, "", {}, "--profile " + name, model.name));
  const std::filesystem::path folder = folder_of(model);
  if (!model.profile.empty())
    return just(resolve(problems, model.profile, folder, model.profile_at, model.profile_at.path, model.name));
  const std::filesystem::path own = folder / "windtunnel" / "models" / (model.object->name + ".yaml");
  std::error_code code;
  if (std::filesystem::is_regular_file(own, code)) return just(read_profile_file(problems, own, model.name));
  if (in_catalogue(model.object->name))
    return Profile{named_profile(model.object->name, {}), "the catalogue has a profile of that name"};
  problems.add(model.object->node, "metadata.name",
               fmt::format("nothing says how long a query of {} takes and what memory it needs", model.name),
               fmt::format("name a profile: --profile {}=NAME_OR_FILE, the annotation {}: NAME, or a file {} ({})",
                           model.name, kProfileAnnotation, own.string(),
                           suggestion(model.object->name, names_of(catalogue().profiles), true)));
  return std::nullopt;
}

std::vector<std::string> gpus_of(const Node& block) {
  const Node* latency = block.find("latency");
  const Node* name = block.find("profile");
  if (block.find("service_time") != nullptr) return {};
  if (latency == nullptr && name != nullptr) {
    for (const auto& entry : catalogue().profiles)
      if (name->is(Node::Kind::scalar) && entry.name == name->text) return gpus_of(entry.block);
    return {};
  }
  std::vector<std::string> out;
  if (latency == nullptr) return out;
  const auto keys = tables::latency();
  for (const auto& entry : latency->entries) {
    const bool direct =
        std::any_of(keys.begin(), keys.end(), [&](const Param& param) { return param.name == entry.key; });
    if (direct || entry.key == "*") return {};
    out.push_back(entry.key);
  }
  return out;
}

}  // namespace windtunnel::kubernetes
