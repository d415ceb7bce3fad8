#include <fmt/format.h>

#include "bindings/kubernetes/node_maker.hpp"
#include "bindings/kubernetes/write_manifests.hpp"

namespace windtunnel::kubernetes {
namespace {

Node target_of_model(const std::string& name) {
  Node out = Node::map();
  out.set("apiVersion", text_node("apps/v1"));
  out.set("kind", text_node("Deployment"));
  out.set("name", text_node(name));
  return out;
}

/// Fields that KEDA declares as texts: a bare 5 is refused by its schema.
void quote_texts(Node& node) {
  if (node.is(Node::Kind::scalar)) node.quoted = true;
  for (auto& entry : node.entries) quote_texts(entry.value);
}

void quote_keda_texts(Node& spec) {
  if (Node* triggers = spec.find("triggers"))
    for (auto& trigger : triggers->items)
      if (Node* metadata = trigger.find("metadata")) quote_texts(*metadata);
  Node* advanced = spec.find("advanced");
  if (Node* modifiers = advanced == nullptr ? nullptr : advanced->find("scalingModifiers")) quote_texts(*modifiers);
  Node* strategy = spec.find("scalingStrategy");
  if (Node* share = strategy == nullptr ? nullptr : strategy->find("customScalingRunningJobPercentage"))
    quote_texts(*share);
}

/// KEDA's annotations under their whole names; a scenario may leave the prefix out.
Node keda_annotation_names(const Node& annotations) {
  Node out = Node::map();
  for (const auto& entry : annotations.entries) {
    const bool whole = entry.key.find('/') != std::string::npos;
    out.set(whole ? entry.key : "autoscaling.keda.sh/" + entry.key, Node::scalar(entry.value.text, true));
  }
  return out;
}

}  // namespace

Node write_autoscaler(const std::string& name, const Node& scaling, const Node& pod_template) {
  const std::string policy = scaling.find("policy")->text;
  const Node* given = scaling.find("spec");
  if (given == nullptr) return {};
  const bool hpa = policy == "hpa", job = policy == "keda_job";
  Node metadata = Node::map();
  metadata.set("name", text_node(name));
  if (const Node* annotations = scaling.find("annotations"); annotations != nullptr && !annotations->entries.empty())
    metadata.set("annotations", keda_annotation_names(*annotations));
  Node spec = Node::map();
  if (job) {
    Node target = Node::map();
    target.set("template", pod_template);
    spec.set("jobTargetRef", std::move(target));
  } else {
    spec.set("scaleTargetRef", target_of_model(name));
  }
  for (const auto& entry : given->entries)
    if (entry.key != "scaleTargetRef" && entry.key != "jobTargetRef") spec.set(entry.key, entry.value);
  if (!hpa) quote_keda_texts(spec);
  Node out = Node::map();
  out.set("apiVersion", text_node(hpa ? "autoscaling/v2" : "keda.sh/v1alpha1"));
  out.set("kind", text_node(hpa ? "HorizontalPodAutoscaler" : job ? "ScaledJob" : "ScaledObject"));
  out.set("metadata", std::move(metadata));
  out.set("spec", std::move(spec));
  return out;
}

Node write_sharing(const Node& pools) {
  Node data = Node::map();
  for (const auto& pool : pools.entries) {
    const Node* sharing = pool.value.find("sharing");
    const Node* mode = sharing == nullptr ? nullptr : sharing->find("mode");
    const Node* replicas = sharing == nullptr ? nullptr : sharing->find("replicas");
    if (mode == nullptr || replicas == nullptr || (mode->text != "time_slicing" && mode->text != "mps")) continue;
    Node resource = Node::map();
    resource.set("name", text_node("nvidia.com/gpu"));
    resource.set("replicas", plain_node(replicas->text));
    Node resources = Node::sequence();
    resources.items.push_back(std::move(resource));
    Node config = Node::map();
    config.set("version", text_node("v1"));
    config.set("sharing", nested({mode->text == "mps" ? "mps" : "timeSlicing", "resources"}, std::move(resources)));
    data.set(pool.key, Node::scalar(write_flow(config), true));
  }
  if (data.entries.empty()) return {};
  Node out = Node::map();
  out.set("apiVersion", text_node("v1"));
  out.set("kind", text_node("ConfigMap"));
  out.set("metadata", nested({"name"}, text_node("nvidia-device-plugin")));
  out.set("data", std::move(data));
  return out;
}

}  // namespace windtunnel::kubernetes
