#include <cmath>

#include <fmt/format.h>

#include "bindings/kubernetes/gpu_product.hpp"
#include "bindings/kubernetes/node_maker.hpp"
#include "bindings/kubernetes/write_manifests.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel::kubernetes {
namespace {

/// Whole seconds as Kubernetes counts them; nothing for a finer time.
std::optional<std::int64_t> whole_seconds(const Node* node) {
  if (node == nullptr) return std::nullopt;
  const auto seconds = parse_duration_s(node->text);
  if (!seconds || *seconds != std::floor(*seconds)) return std::nullopt;
  return static_cast<std::int64_t>(*seconds);
}

std::string kube_bytes(double bytes) {
  for (const auto& [unit, size] : {std::pair{"Gi", 1024.0 * 1024 * 1024}, {"Mi", 1024.0 * 1024}, {"Ki", 1024.0}})
    if (bytes >= size && std::fmod(bytes, size) == 0)
      return fmt::format("{}{}", static_cast<std::int64_t>(bytes / size), unit);
  return fmt::format("{}", static_cast<std::int64_t>(bytes));
}

std::string kube_cores(double cores) {
  const auto milli = static_cast<std::int64_t>(std::llround(cores * 1000));
  return milli % 1000 == 0 ? fmt::format("{}", milli / 1000) : fmt::format("{}m", milli);
}

/// The mode all pools have in common; empty where they differ.
std::string common_text(const Node& pools, std::initializer_list<std::string_view> keys) {
  std::string out;
  for (const auto& pool : pools.entries) {
    const Node* at = &pool.value;
    for (const auto key : keys) at = at == nullptr ? nullptr : at->find(key);
    if (at == nullptr || (!out.empty() && out != at->text)) return {};
    out = at->text;
  }
  return out;
}

Node write_resources(const Node& model, const Node& pools) {
  Node requests = Node::map(), limits = Node::map();
  if (const Node* asked = model.find("requests")) {
    const auto cpu = parse_number(asked->find("cpu") == nullptr ? "0" : asked->find("cpu")->text);
    const auto memory = parse_bytes(asked->find("memory") == nullptr ? "0" : asked->find("memory")->text);
    if (cpu && *cpu > 0) requests.set("cpu", text_node(kube_cores(*cpu)));
    if (memory && *memory > 0) requests.set("memory", text_node(kube_bytes(*memory)));
  }
  if (const Node* host = model.find("host_memory")) {
    const Node* limit = host->find("limit");
    const auto bytes = parse_bytes(limit == nullptr ? "0" : limit->text);
    if (bytes && *bytes > 0) limits.set("memory", text_node(kube_bytes(*bytes)));
  }
  const std::string mode = common_text(pools, {"sharing", "mode"});
  const Node* mig = model.find("mig_profile");
  if (mig != nullptr && mode == "mig") {
    limits.set("nvidia.com/mig-" + mig->text, text_node("1"));
  } else {
    limits.set("nvidia.com/gpu", text_node("1"));
  }
  const Node* own_limit = model.find("memory_limit");
  if (own_limit != nullptr && mode == "hard_limit") {
    const auto bytes = parse_bytes(own_limit->text);
    const double mib = bytes ? *bytes / (1024 * 1024) : 0;
    if (mib >= 1 && mib == std::floor(mib))
      limits.set("nvidia.com/gpumem", text_node(fmt::format("{}", static_cast<std::int64_t>(mib))));
  }
  Node out = Node::map();
  if (!requests.entries.empty()) out.set("requests", std::move(requests));
  out.set("limits", std::move(limits));
  return out;
}

/// A probe's times; what it asks is a stand-in.
Node write_probe(const Node& ticker) {
  Node out = Node::map();
  Node http = Node::map();
  http.set("path", text_node("/health"));
  http.set("port", plain_node("8000"));
  out.set("httpGet", std::move(http));
  for (const auto& [key, field] :
       {std::pair{"initial_delay", "initialDelaySeconds"}, {"period", "periodSeconds"}, {"timeout", "timeoutSeconds"}})
    if (const auto seconds = whole_seconds(ticker.find(key)))
      if (*seconds > 0) out.set(field, plain_node(fmt::format("{}", *seconds)));
  for (const auto& [key, field] :
       {std::pair{"success_threshold", "successThreshold"}, {"failure_threshold", "failureThreshold"}})
    if (const Node* count = ticker.find(key)) out.set(field, plain_node(count->text));
  return out;
}

void add_life(const Node& model, Node& spec, Node& container) {
  if (const Node* probe = model.find("probe")) {
    for (const auto& [key, field] :
         {std::pair{"startup", "startupProbe"}, {"readiness", "readinessProbe"}, {"liveness", "livenessProbe"}})
      if (const Node* ticker = probe->find(key)) container.set(field, write_probe(*ticker));
  }
  const Node* termination = model.find("termination");
  if (termination == nullptr) return;
  if (const auto grace = whole_seconds(termination->find("grace")))
    spec.set("terminationGracePeriodSeconds", plain_node(fmt::format("{}", *grace)));
  const auto pause = whole_seconds(termination->find("pre_stop"));
  if (!pause || *pause == 0) return;
  container.set("lifecycle", nested({"preStop", "sleep", "seconds"}, plain_node(fmt::format("{}", *pause))));
}

}  // namespace

Node write_pod_template(const std::string& name, const Node& model, const Node& pools, bool job) {
  Node container = Node::map(), spec = Node::map();
  container.set("name", text_node("server"));
  container.set("image", text_node("registry.example/" + name + ":latest"));
  container.set("resources", write_resources(model, pools));
  add_life(model, spec, container);
  if (job) spec.set("restartPolicy", text_node("OnFailure"));
  const std::string_view product = product_of_gpu(common_text(pools, {"gpu"}));
  if (!product.empty()) spec.set("nodeSelector", nested({"nvidia.com/gpu.product"}, text_node(std::string(product))));
  Node containers = Node::sequence();
  containers.items.push_back(std::move(container));
  spec.set("containers", std::move(containers));
  Node out = Node::map();
  out.set("metadata", nested({"labels", "app"}, text_node(name)));
  out.set("spec", std::move(spec));
  return out;
}

}  // namespace windtunnel::kubernetes
