#include "bindings/kubernetes/pod_template.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "bindings/kubernetes/gpu_product.hpp"
#include "bindings/kubernetes/probes.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr std::string_view kVendor = "nvidia.com/";

/// What the containers of a pod ask for together: the scheduler adds them up, and so does the HPA.
struct PodSums {
  std::int64_t milli_cpu = 0, memory_milli = 0;
  Field cpu, memory;
};

/// A request that is left out is the limit, as the API server fills it in.
Field request_or_limit(FieldReader& r, const Field& resources, std::string_view name) {
  const Field request = r.of(r.of(resources, "requests"), name), limit = r.of(r.of(resources, "limits"), name);
  return request ? request : limit;
}

void add_request(FieldReader& r, const Field& at, std::int64_t& sum, Field& first) {
  if (!at) return;
  sum += r.milli(at).value_or(0);
  if (!first) first = at;
}

/// Resources of extended kinds: requests and limits are the same, so that either may say it.
Field extended(FieldReader& r, const Field& resources, const std::string& name) {
  const Field limit = r.of(r.of(resources, "limits"), name), request = r.of(r.of(resources, "requests"), name);
  r.take(request);
  return limit ? limit : request;
}

void read_gpu_count(FieldReader& r, const Field& at) {
  const auto count = r.whole(at, 0, 1'000'000);
  if (count && *count > 1)
    r.refuse(
        at,
        fmt::format("{} GPUs for one replica are not modelled: a replica runs on one GPU, or a share of it", *count),
        "ask for 1");
}

void read_hami(FieldReader& r, const Field& resources, std::string_view name, std::int64_t most,
               std::optional<Said<std::int64_t>>& out) {
  const Field at = extended(r, resources, std::string(kVendor) + std::string(name));
  if (!at) return;
  if (const auto value = r.whole(at, 1, most)) out = {*value, at};
}

/// Every name under nvidia.com/ that the container asks for.
void read_gpu_resources(FieldReader& r, const Field& resources, PodTemplate& out) {
  for (const auto* part : {"limits", "requests"}) {
    const Field block = r.of(resources, part);
    if (!block || !block.node->is(Node::Kind::map)) continue;
    for (const auto& entry : block.node->entries) {
      if (!std::string_view(entry.key).starts_with(kVendor)) continue;
      const std::string_view name = std::string_view(entry.key).substr(kVendor.size());
      const bool whole = name == "gpu", shared = name == "gpu.shared", mig = name.starts_with("mig-");
      if (!whole && !shared && !mig) continue;  // HAMi's, or nobody's: listed then
      const Field at = extended(r, resources, entry.key);
      if (out.gpu.node == at.node) continue;  // seen under limits
      if (out.asks_for_gpu && out.gpu.path != at.path) {
        r.refuse(at, "is a second GPU resource of this pod; a replica has one", "keep one");
        continue;
      }
      out.asks_for_gpu = true;
      out.shared_name = shared;
      out.gpu = at;
      read_gpu_count(r, at);
      if (mig) out.mig_profile = name.substr(4);
    }
  }
  read_hami(r, resources, "gpumem", 10'000'000, out.hami_memory_mib);
  read_hami(r, resources, "gpumem-percentage", 100, out.hami_memory_percent);
  read_hami(r, resources, "gpucores", 100, out.hami_cores_percent);
}

void read_resources(FieldReader& r, const Field& container, PodSums& sums, PodTemplate& out) {
  const Field resources = r.of(container, "resources");
  add_request(r, request_or_limit(r, resources, "cpu"), sums.milli_cpu, sums.cpu);
  add_request(r, request_or_limit(r, resources, "memory"), sums.memory_milli, sums.memory);
  read_gpu_resources(r, resources, out);
}

std::string bytes_text(std::int64_t milli) {
  return format_bytes(static_cast<double>((milli + 999) / 1000));
}

void write_requests(const PodSums& sums, PodTemplate& out) {
  Node requests = Node::map();
  if (sums.cpu) requests.set("cpu", scalar_at(sums.cpu, format_number(static_cast<double>(sums.milli_cpu) / 1000)));
  if (sums.memory) requests.set("memory", scalar_at(sums.memory, bytes_text(sums.memory_milli)));
  if (requests.entries.empty()) return;
  requests.line = requests.entries.front().value.line;
  requests.source = requests.entries.front().value.source;
  out.model.set("requests", std::move(requests));
}

void read_selector(FieldReader& r, const Field& selector, PodTemplate& out) {
  for (const auto* label :
       {"nvidia.com/gpu.product", "cloud.google.com/gke-accelerator", "karpenter.k8s.aws/instance-gpu-name"}) {
    const Field at = r.of(selector, label);
    const auto product = r.text(at);
    if (!product) continue;
    const std::string_view gpu = gpu_of_product(*product);
    if (gpu.empty())
      r.refuse(at, fmt::format("no GPU of the catalogue is called \"{}\"", one_line(*product, 60)),
               suggestion(*product, known_products(), true) + "; --gpu TYPE says it by the catalogue's name");
    else
      out.product = {std::string(gpu), at};
  }
  const auto keep = [&](const char* label, std::optional<Said<std::string>>& to) {
    const Field at = r.of(selector, label);
    if (const auto text = r.text(at)) to = {*text, at};
  };
  keep("nvidia.com/device-plugin.config", out.plugin_config);
  keep("cloud.google.com/gke-gpu-sharing-strategy", out.gke_strategy);
  const Field clients = r.of(selector, "cloud.google.com/gke-max-shared-clients-per-gpu");
  if (!clients) return;
  r.take(clients);
  const auto number = parse_number(clients.node->text);  // a label: a text
  if (number && *number >= 1 && *number <= 48 && *number == static_cast<int>(*number))
    out.gke_clients = {static_cast<std::int64_t>(*number), clients};
  else
    r.refuse(clients, fmt::format("is {}, no number of clients", clients.node->describe()), "GKE takes 2 to 48");
}

/// The container that serves: the one that asks for a GPU, or the first.
std::size_t serving_container(const std::vector<Field>& containers) {
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const Node* resources = containers[i].node->find("resources");
    if (resources == nullptr) continue;
    for (const auto* part : {"limits", "requests"})
      if (const Node* block = resources->find(part))
        for (const auto& entry : block->entries)
          if (std::string_view(entry.key).starts_with(kVendor)) return i;
  }
  return 0;
}

}  // namespace

Node scalar_at(const Field& at, std::string text) {
  Node out = Node::scalar(std::move(text));
  if (at) out.line = at.node->line, out.source = at.node->source;
  return out;
}

PodTemplate read_pod_template(FieldReader& r, const Field& pod) {
  PodTemplate out;
  const Field metadata = r.of(pod, "metadata"), spec = r.of(pod, "spec");
  r.take(r.of(metadata, "labels"));
  if (const auto profile = r.text(r.of(r.of(metadata, "annotations"), kProfileAnnotation))) out.profile = *profile;
  const Field list = r.of(spec, "containers");
  const auto containers = r.items(list);
  if (containers.empty()) {
    r.refuse(list ? list : spec, "has no containers", "a pod has at least one");
    return out;
  }
  PodSums sums;
  for (const auto& container : containers) {
    r.take(r.of(container, "name"));
    r.take(r.of(container, "image"));
    read_resources(r, container, sums, out);
  }
  const Field& serving = containers[serving_container(containers)];
  out.memory_limit = r.down(serving, {"resources", "limits", "memory"});
  if (const auto limit = r.milli(out.memory_limit)) out.memory_limit_text = bytes_text(*limit);
  write_requests(sums, out);
  read_pod_life(r, spec, serving, out.model);
  read_selector(r, r.of(spec, "nodeSelector"), out);
  return out;
}

}  // namespace windtunnel::kubernetes
