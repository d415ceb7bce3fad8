#include "bindings/kubernetes/sharing_config.hpp"

#include <fmt/format.h>

namespace windtunnel::kubernetes {
namespace {

constexpr std::int64_t kMostSharers = 1024;  // as sharing.replicas

void read_shared_resource(FieldReader& r, const Field& item, bool rename, SharingConfig& out) {
  const Field name_at = r.of(item, "name"), replicas_at = r.of(item, "replicas");
  const auto name = r.text(name_at);
  const auto replicas = r.whole(replicas_at, 1, kMostSharers);
  const auto renamed = r.text(r.of(item, "rename"));
  if (!name || !replicas) {
    if (!name_at || !replicas_at)
      r.refuse(item, fmt::format("{} is missing", name_at ? "replicas" : "name"),
               "write {name: nvidia.com/gpu, replicas: 4}");
    return;
  }
  const Field devices = r.of(item, "devices");
  if (devices && devices.node->is(Node::Kind::scalar) && devices.node->text == "all") r.take(devices);
  if (*name == "nvidia.com/gpu") {
    out.replicas = static_cast<int>(*replicas);
    out.replicas_at = *replicas_at.node;
    out.renamed = rename || (renamed && *renamed == "nvidia.com/gpu.shared");
  } else if (name->starts_with("nvidia.com/mig-")) {
    out.mig_replicas.emplace_back(name->substr(15), static_cast<int>(*replicas));
    out.replicas_at = *replicas_at.node;
  } else {
    r.refuse(name_at, fmt::format("unknown resource \"{}\"", one_line(*name, 60)),
             "the plugin shares nvidia.com/gpu or nvidia.com/mig-<profile>");
  }
}

void read_sharing_block(FieldReader& r, const Field& config, SharingConfig& out) {
  r.take(r.of(config, "version"));
  r.take(r.down(config, {"flags", "migStrategy"}));
  const Field sharing = r.of(config, "sharing");
  const Field slicing = r.of(sharing, "timeSlicing"), mps = r.of(sharing, "mps");
  if (slicing && mps) {
    r.refuse(mps, "stands beside timeSlicing: the plugin takes one of them", "remove one");
    return;
  }
  const Field block = slicing ? slicing : mps;
  if (!block) return;
  out.mode = slicing ? "time_slicing" : "mps";
  const bool rename = r.text(r.of(block, "renameByDefault")).value_or("false") == "true";
  r.take(r.of(block, "failRequestsGreaterThanOne"));  // no replica asks for more than one here
  const Field resources = r.of(block, "resources");
  if (!resources) r.refuse(block, "resources is missing", "write resources: [{name: nvidia.com/gpu, replicas: 4}]");
  for (const auto& item : r.items(resources)) read_shared_resource(r, item, rename, out);
}

bool is_plugin_config(const Node& node) {
  return node.is(Node::Kind::map) && node.find("version") != nullptr &&
         (node.find("sharing") != nullptr || node.find("flags") != nullptr);
}

SharingConfig read_config(ProblemList& problems, Node node, std::string name, const std::string& path) {
  SharingConfig out;
  out.name = std::move(name);
  out.node = std::move(node);
  FieldReader reader(problems);
  const Field root{&out.node, path};
  read_sharing_block(reader, root, out);
  reader.list_rest(root);
  return out;
}

}  // namespace

std::vector<SharingConfig> read_sharing_configs(ProblemList& problems, const Object& object, FieldReader& fields) {
  std::vector<SharingConfig> out;
  if (object.part == Part::sharing) {
    out.push_back(read_config(problems, object.node, "", ""));
    return out;
  }
  const Field data = fields.of({&object.node, ""}, "data");
  if (!data || !data.node->is(Node::Kind::map)) return out;
  for (const auto& entry : data.node->entries) {
    if (!entry.value.is(Node::Kind::scalar) || entry.value.text.find("sharing") == std::string::npos) continue;
    // The text's first line is the one after its key: lines before it keep the numbers right.
    const std::string text = std::string(static_cast<std::size_t>(std::max(entry.line, 0)), '\n') + entry.value.text;
    auto parsed = parse_document(text, entry.value.source ? *entry.value.source : std::string());
    const std::string path = join_path("data", entry.key);
    if (!parsed) {
      problems.add(entry.value, path, parsed.problems().front().what, parsed.problems().front().hint);
      continue;
    }
    if (!is_plugin_config(*parsed)) continue;
    fields.take(fields.of(data, entry.key));
    out.push_back(read_config(problems, std::move(*parsed), entry.key, path));
  }
  return out;
}

}  // namespace windtunnel::kubernetes
