#include "bindings/kubernetes/object.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::size_t kMostObjects = 10'000;

struct KnownKind {
  std::string_view api, kind;
  Part part = Part::none;
};

/// Kinds that stand beside deployments in people's folders. One that is not here is refused: it may be a slip.
constexpr std::array kKinds = std::to_array<KnownKind>({
    {"apps/v1", "Deployment", Part::workload},
    {"apps/v1", "StatefulSet", Part::workload},
    {"autoscaling/v2", "HorizontalPodAutoscaler", Part::hpa},
    {"keda.sh/v1alpha1", "ScaledObject", Part::scaled_object},
    {"keda.sh/v1alpha1", "ScaledJob", Part::scaled_job},
    {"keda.sh/v1alpha1", "TriggerAuthentication", Part::authentication},
    {"keda.sh/v1alpha1", "ClusterTriggerAuthentication", Part::authentication},
    {"v1", "ConfigMap", Part::config_map},
    {"v1", "Service"},
    {"v1", "Secret"},
    {"v1", "Namespace"},
    {"v1", "ServiceAccount"},
    {"v1", "PersistentVolume"},
    {"v1", "PersistentVolumeClaim"},
    {"v1", "Pod"},
    {"v1", "LimitRange"},
    {"v1", "ResourceQuota"},
    {"apps/v1", "DaemonSet"},
    {"apps/v1", "ReplicaSet"},
    {"batch/v1", "Job"},
    {"batch/v1", "CronJob"},
    {"networking.k8s.io/v1", "Ingress"},
    {"networking.k8s.io/v1", "NetworkPolicy"},
    {"policy/v1", "PodDisruptionBudget"},
    {"rbac.authorization.k8s.io/v1", "Role"},
    {"rbac.authorization.k8s.io/v1", "RoleBinding"},
    {"rbac.authorization.k8s.io/v1", "ClusterRole"},
    {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding"},
    {"scheduling.k8s.io/v1", "PriorityClass"},
    {"storage.k8s.io/v1", "StorageClass"},
    {"monitoring.coreos.com/v1", "ServiceMonitor"},
    {"monitoring.coreos.com/v1", "PodMonitor"},
    {"monitoring.coreos.com/v1", "PrometheusRule"},
    {"gateway.networking.k8s.io/v1", "HTTPRoute"},
    {"gateway.networking.k8s.io/v1", "GRPCRoute"},
    {"external-secrets.io/v1", "ExternalSecret"},
    {"karpenter.sh/v1", "NodePool"},
    {"karpenter.k8s.aws/v1", "EC2NodeClass"},
    {"kustomize.config.k8s.io/v1beta1", "Kustomization"},
});

std::string scalar_of(const Node& node, std::string_view key) {
  const Node* found = node.find(key);
  return found != nullptr && found->is(Node::Kind::scalar) ? found->text : std::string();
}

/// The row of that kind and apiVersion, or nullptr with a problem.
const KnownKind* find_kind(ProblemList& problems, const Node& document, const std::string& api,
                           const std::string& kind) {
  const KnownKind* near = nullptr;
  for (const auto& row : kKinds) {
    if (row.kind != kind) continue;
    if (row.api == api) return &row;
    near = &row;
  }
  if (near != nullptr) {
    const Node* at = document.find("apiVersion");
    problems.add(at == nullptr ? document : *at, "apiVersion",
                 api.empty() ? std::string("is missing")
                             : fmt::format("\"{}\" of a {} is not read here", one_line(api, 60), kind),
                 fmt::format("write apiVersion: {} (`kubectl convert` changes an older object)", near->api));
    return nullptr;
  }
  std::vector<std::string_view> known;
  for (const auto& row : kKinds)
    if (row.part != Part::none) known.push_back(row.kind);
  problems.add(
      *document.find("kind"), "kind", fmt::format("unknown kind \"{}\"", one_line(kind, 60)),
      suggestion(kind, known, true) + "; an object that has nothing to do with the models: leave its file out");
  return nullptr;
}

bool looks_like_scenario(const Node& node) {
  return node.find("schema") != nullptr || node.find("models") != nullptr || node.find("workload") != nullptr;
}

bool looks_like_plugin_config(const Node& node) {
  return node.find("version") != nullptr && (node.find("sharing") != nullptr || node.find("flags") != nullptr);
}

void refuse_document(ProblemList& problems, const Node& document) {
  const bool scenario = document.is(Node::Kind::map) && looks_like_scenario(document);
  problems.add(document, "",
               document.is(Node::Kind::map) ? std::string("has no kind: no Kubernetes object")
                                            : fmt::format("is {}, not a Kubernetes object", document.describe()),
               scenario ? "it looks like a scenario: give it as SCENARIO beside --manifests, or put it into the folder "
                          "as windtunnel/scenario.yaml"
                        : "an object begins with apiVersion and kind");
}

void take_object(ProblemList& problems, Node document, const KnownKind& row, Objects& out) {
  Object object{.kind = std::string(row.kind), .name = {}, .part = row.part, .node = {}};
  const Node* metadata = document.find("metadata");
  if (metadata != nullptr && metadata->is(Node::Kind::map)) {
    object.name = scalar_of(*metadata, "name");
    if (const std::string space = scalar_of(*metadata, "namespace"); !space.empty()) object.space = space;
  }
  if (object.name.empty() && row.part != Part::none) {
    problems.add(metadata == nullptr ? document : *metadata, "metadata", "name is missing",
                 "write metadata: {name: quality}");
    return;
  }
  for (const auto& other : out) {
    if (other.kind != object.kind || other.name != object.name || other.space != object.space || object.name.empty())
      continue;
    problems.add(document, "metadata.name",
                 fmt::format("{} is declared again; first at {}", object.title(), other.node.place()),
                 "keep one of the two");
    return;
  }
  object.node = std::move(document);
  out.push_back(std::move(object));
}

bool is_manifest_file(const std::filesystem::path& file) {
  const auto ending = file.extension();
  return ending == ".yaml" || ending == ".yml" || ending == ".json";
}

/// The files of a place, in the order of their names.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& place, Problems& problems) {
  std::error_code code;
  const auto status = std::filesystem::status(place, code);
  if (!std::filesystem::exists(status)) {
    problems.push_back({place.string(), "no such file or folder", "give the folder your manifests lie in"});
    return {};
  }
  if (!std::filesystem::is_directory(status)) return {place};
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(place, code))
    if (is_manifest_file(entry.path()) && !entry.is_directory(code)) out.push_back(entry.path());
  if (code) problems.push_back({place.string(), "cannot be read: " + code.message(), "check its permissions"});
  if (!code && out.empty())
    problems.push_back({place.string(), "holds no .yaml, .yml or .json file", "subfolders are not entered: name one"});
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

void take_document(ProblemList& problems, Node document, Objects& out) {
  if (out.size() >= kMostObjects) {
    problems.add(document, "", fmt::format("more than {} objects", kMostObjects), "give the models' own files only");
    return;
  }
  if (document.is(Node::Kind::map) && document.find("kind") == nullptr && looks_like_plugin_config(document)) {
    out.push_back({.kind = "device plugin configuration", .name = {}, .part = Part::sharing, .node = {}});
    out.back().node = std::move(document);
    return;
  }
  const std::string kind = scalar_of(document, "kind"), api = scalar_of(document, "apiVersion");
  if (!document.is(Node::Kind::map) || kind.empty()) return refuse_document(problems, document);
  if (kind.ends_with("List")) {
    Node* items = document.find("items");
    if (items != nullptr && items->is(Node::Kind::sequence)) {
      for (auto& item : items->items) take_document(problems, std::move(item), out);
      return;
    }
    problems.add(document, "items",
                 items == nullptr ? "is missing" : fmt::format("is {}, not a list", items->describe()),
                 "a List holds objects under items");
    return;
  }
  if (const KnownKind* row = find_kind(problems, document, api, kind))
    take_object(problems, std::move(document), *row, out);
}

Problems read_manifests(const std::vector<std::filesystem::path>& places, ProblemList& problems, Objects& out) {
  Problems broken;
  for (const auto& place : places) {
    for (const auto& file : files_of(place, broken)) {
      const auto text = read_scenario_file(file);
      auto documents = text ? parse_documents(*text, file.string()) : Result<std::vector<Node>>(text.problems());
      if (!documents) {
        broken.insert(broken.end(), documents.problems().begin(), documents.problems().end());
        continue;
      }
      for (auto& document : *documents) take_document(problems, std::move(document), out);
    }
  }
  return broken;
}

}  // namespace windtunnel::kubernetes
