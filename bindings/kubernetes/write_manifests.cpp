#include "bindings/kubernetes/write_manifests.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "bindings/kubernetes/node_maker.hpp"
#include "bindings/kubernetes/pod_template.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::array kExported = std::to_array<std::string_view>({"fixed", "hpa", "keda", "keda_job"});

/// What an object may be called: RFC 1123, as long as a label.
bool is_object_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= 52 && plain(name.front()) && plain(name.back()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return plain(c) || c == '-'; });
}

void check_model(const std::string& name, const Node& model, const Node& scaling, Problems& problems) {
  const std::string where = "models." + name;
  if (!is_object_name(name))
    problems.push_back(
        {where, "is no name an object of Kubernetes may have", "use a-z, 0-9 and -, at most 52 of them"});
  if (const Node* copies = model.find("copies"); copies != nullptr && copies->text != "1")
    problems.push_back({where + ".copies", copies->text + " copies are as many Deployments",
                        "write the models out, each with its name"});
  const Node* policy = scaling.find("policy");
  const std::string text = policy == nullptr ? "fixed" : policy->text;
  if (std::find(kExported.begin(), kExported.end(), text) == kExported.end())
    problems.push_back({"scaling." + name, fmt::format("policy {} has no object in Kubernetes", text),
                        "export takes fixed, hpa, keda and keda_job: say the policy as one of these"});
}

Node write_deployment(const std::string& name, const Node& scaling, const Node& pod) {
  Node spec = Node::map();
  const Node* fixed = scaling.find("replicas");
  const Node* initial = scaling.find("initial");
  if (const Node* replicas = fixed != nullptr ? fixed : initial) spec.set("replicas", plain_node(replicas->text));
  spec.set("selector", nested({"matchLabels", "app"}, text_node(name)));
  spec.set("template", pod);
  Node out = Node::map();
  out.set("apiVersion", text_node("apps/v1"));
  out.set("kind", text_node("Deployment"));
  out.set("metadata", nested({"name"}, text_node(name)));
  out.set("spec", std::move(spec));
  return out;
}

/// What the object said does not carry, laid over it when it is read again.
void note_rest(const std::string& name, const Node& model, const Node& scaling, Node& models, Node& scalings) {
  Node rest = Node::map();
  const Node* probe = model.find("probe");
  const Node* termination = model.find("termination");
  if (termination == nullptr) rest.set("termination", Node{});  // Kubernetes has 30 s, the scenario none
  const Node* grace = probe == nullptr ? nullptr : probe->find("grace");
  const Node* pod_grace = termination == nullptr ? nullptr : termination->find("grace");
  const std::string read_back = pod_grace == nullptr ? "30s" : pod_grace->text;
  if (grace != nullptr && grace->text != read_back) rest.set("probe", nested({"grace"}, *grace));
  if (!rest.entries.empty()) models.set(name, std::move(rest));
  Node more = scaling;
  for (const auto* key : {"policy", "spec", "annotations", "replicas", "initial"}) more.erase(key);
  if (!more.entries.empty()) scalings.set(name, std::move(more));
}

std::string note_of(const Node& model) {
  std::string out = "# The image and what a probe asks are stand-ins.\n";
  if (model.find("termination") == nullptr)
    out += "# The scenario lets a replica finish its queries however long they take; Kubernetes kills it after 30 s.\n";
  return out;
}

}  // namespace

Result<std::vector<WrittenFile>> write_manifests(const Scenario& scenario) {
  auto root = parse_document(scenario.resolved, "resolved scenario");
  SIM_CHECK(root.has_value(), "a resolved scenario does not parse");
  const Node models = *root->find("models"), scalings = *root->find("scaling");
  const Node pools = *root->find("cluster")->find("node_pools");
  Problems problems;
  std::vector<WrittenFile> out;
  Node other_models = Node::map(), other_scalings = Node::map();
  int number = 0;
  for (const auto& entry : models.entries) {
    const Node none = Node::map();
    const Node* own = scalings.find(entry.key);
    const Node& scaling = own == nullptr ? none : *own;
    const std::size_t before = problems.size();
    check_model(entry.key, entry.value, scaling, problems);
    if (problems.size() > before) continue;
    const Node* policy = scaling.find("policy");
    const bool job = policy != nullptr && policy->text == "keda_job";
    const Node pod = write_pod_template(entry.key, entry.value, pools, job);
    std::string text = note_of(entry.value);
    if (!job) text += write_document(write_deployment(entry.key, scaling, pod));
    const Node scaler = policy == nullptr ? Node{} : write_autoscaler(entry.key, scaling, pod);
    if (!scaler.is(Node::Kind::null)) text += (job ? "" : "---\n") + write_document(scaler);
    out.push_back({fmt::format("{:02}-{}.yaml", ++number, entry.key), std::move(text)});
    out.push_back({"windtunnel/models/" + entry.key + ".yaml", write_document(entry.value)});
    note_rest(entry.key, entry.value, scaling, other_models, other_scalings);
  }
  if (!problems.empty()) return problems;
  if (const Node sharing = write_sharing(pools); !sharing.is(Node::Kind::null))
    out.push_back({"00-sharing.yaml", write_document(sharing)});
  root->erase("models");
  root->erase("scaling");
  if (!other_models.entries.empty()) root->set("models", std::move(other_models));
  if (!other_scalings.entries.empty()) root->set("scaling", std::move(other_scalings));
  out.push_back({"windtunnel/scenario.yaml", write_document(*root)});
  return out;
}

}  // namespace windtunnel::kubernetes
