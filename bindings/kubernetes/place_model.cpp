#include "bindings/kubernetes/place_model.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "bindings/kubernetes/profile_source.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/overlay.hpp"

namespace windtunnel::kubernetes {
namespace {

/// The name the part's own model has its profile from, or that its latency stands there.
bool part_says_times(const Assembly& a, const std::string& model) {
  const Node* block = a.in_part({"models", model});
  if (block == nullptr || !block->is(Node::Kind::map)) return false;
  return block->find("profile") != nullptr || block->find("latency") != nullptr ||
         block->find("service_time") != nullptr;
}

/// The container's limit of main memory, where the profile says what the process takes.
void add_host_limit(Assembly& a, const ManifestModel& model, const Node& base, Node& block) {
  if (model.pod.memory_limit_text.empty()) return;
  const Node* memory = base.find("host_memory");
  if (memory == nullptr) {
    if (const Node* name = base.find("profile"))
      for (const auto& entry : catalogue().profiles)
        if (entry.name == name->text) memory = entry.block.find("host_memory");
  }
  if (memory == nullptr) memory = a.in_part({"models", model.name, "host_memory"});
  if (memory == nullptr || !memory->is(Node::Kind::map) || memory->find("steady") == nullptr) {
    a.problems.pass_over(*model.pod.memory_limit.node, model.pod.memory_limit.path,
                         "the profile does not say host_memory.steady");
    return;
  }
  Node limit = Node::map();
  limit.set("limit", scalar_at(model.pod.memory_limit, model.pod.memory_limit_text));
  limit.line = model.pod.memory_limit.node->line;
  limit.source = model.pod.memory_limit.node->source;
  block.set("host_memory", std::move(limit));
}

/// Usage of CPU, which an autoscaler by CPU needs and a profile may not have.
void add_cpu_usage(Assembly& a, const ManifestModel& model, const Node& base, Node& block) {
  if (model.scaler == nullptr || !model.scaler->by_cpu || base.find("cpu") != nullptr ||
      a.in_part({"models", model.name, "cpu"}) != nullptr)
    return;
  Node cpu = Node::map();
  cpu.set("busy", Node::scalar("1"));
  cpu.set("idle", Node::scalar("0.05"));
  block.set("cpu", std::move(cpu));
  a.assume("models." + model.name + ".cpu", "{busy: 1, idle: 0.05}", "cores a replica uses: the profile does not say");
}

}  // namespace

std::optional<PlacedModel> place_model(Assembly& a, const ManifestModel& model) {
  PlacedModel out{.model = &model, .block = {}, .timed_on = {}, .gpu = {}};
  Node base = Node::map();
  if (!part_says_times(a, model.name)) {
    auto profile = find_profile(a.problems, model, a.options);
    if (!profile) return std::nullopt;
    if (!profile->why.empty()) a.assume("models." + model.name + ".profile", model.object->name, profile->why);
    base = std::move(profile->block);
    out.timed_on = gpus_of(base);
  } else {
    out.timed_on = gpus_of(*a.in_part({"models", model.name}));
  }
  Node block = model.pod.model;
  add_host_limit(a, model, base, block);
  add_cpu_usage(a, model, base, block);
  if (model.job) block.set("dispatch", Node::scalar("pull"));
  out.block = lay_over(base, block);
  out.block.line = model.object->node.line;
  out.block.source = model.object->node.source;
  return out;
}

void keep_own_gpu(PlacedModel& placed) {
  Node block = placed.block;
  if (const Node* name = block.find("profile")) {
    for (const auto& entry : catalogue().profiles)
      if (entry.name == name->text) {
        block.erase("profile");
        block = lay_over(entry.block, block);
        break;
      }
  }
  Node* latency = block.find("latency");
  if (latency == nullptr) return;
  if (const Node* own = latency->find(placed.gpu)) {
    Node kept = Node::map();
    kept.set(placed.gpu, *own);
    *latency = std::move(kept);
  } else if (placed.timed_on.empty()) {
    const Node* any = latency->find("*");
    Node kept = Node::map();
    kept.set(placed.gpu, any != nullptr ? *any : *latency);
    *latency = std::move(kept);
  }
  placed.block = std::move(block);
}

Node scaling_of(Assembly& a, const ManifestModel& model) {
  if (model.scaler == nullptr) {
    Node out = Node::map();
    out.set("policy", Node::scalar("fixed"));
    out.set("replicas", scalar_at(model.replicas ? model.replicas->at : Field{},
                                  std::to_string(model.replicas ? model.replicas->value : 1)));
    out.line = model.object->node.line;
    out.source = model.object->node.source;
    return out;
  }
  Node out = model.scaler->scaling;
  if (!model.replicas) return out;
  const auto initial = std::clamp<std::int64_t>(model.replicas->value, model.scaler->least, model.scaler->most);
  if (initial != model.replicas->value)
    a.problems.pass_over(*model.replicas->at.node, model.replicas->at.path,
                         fmt::format("outside the autoscaler's bounds: {} at time 0", initial));
  out.set("initial", scalar_at(model.replicas->at, std::to_string(initial)));
  return out;
}

}  // namespace windtunnel::kubernetes
