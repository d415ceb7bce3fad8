#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "bindings/kubernetes/choose_pools.hpp"
#include "bindings/kubernetes/gpu_product.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/suggest.hpp"

namespace windtunnel::kubernetes {
namespace {

/// Tried first where nothing says a type: the usual inference cards, cheapest that is not old first.
constexpr std::array kUsual = std::to_array<std::string_view>({"L4", "A10G", "T4", "A100-40GB", "H100-SXM"});

bool is_timed(const PlacedModel& placed, std::string_view gpu) {
  const auto& on = placed.timed_on;
  return on.empty() || std::find(on.begin(), on.end(), gpu) != on.end();
}

/// A type that every model without one has figures for; empty where there is none.
std::string common_type(const std::vector<PlacedModel>& models) {
  std::vector<std::string_view> order(kUsual.begin(), kUsual.end());
  for (const auto& entry : catalogue().gpus)
    if (std::find(order.begin(), order.end(), entry.name) == order.end()) order.push_back(entry.name);
  for (const auto gpu : order)
    if (std::all_of(models.begin(), models.end(),
                    [&](const PlacedModel& m) { return !m.gpu.empty() || is_timed(m, gpu); }))
      return std::string(gpu);
  return {};
}

}  // namespace

void choose_gpus(ProblemList& problems, std::vector<PlacedModel>& models, const ManifestOptions& options,
                 ManifestOrigin& origin) {
  if (options.gpu) {
    const std::string_view gpu = gpu_of_product(*options.gpu);
    if (gpu.empty())
      problems.add(Node{}, "--gpu", fmt::format("unknown GPU \"{}\"", one_line(*options.gpu, 60)),
                   suggestion(*options.gpu, names_of(catalogue().gpus), true));
    for (auto& placed : models) {
      placed.gpu = gpu;
      if (placed.model->pod.product && placed.model->pod.product->value != gpu)
        problems.pass_over(*placed.model->pod.product->at.node, placed.model->pod.product->at.path,
                           fmt::format("--gpu {} takes its place", gpu));
    }
    return;
  }
  bool some_open = false;
  for (auto& placed : models) {
    if (placed.model->pod.product) placed.gpu = placed.model->pod.product->value;
    some_open = some_open || placed.gpu.empty();
  }
  if (!some_open) return;
  const std::string type = common_type(models);
  if (type.empty()) {
    problems.add(Node{}, "--gpu", "no manifest says the GPU type, and the profiles have none in common",
                 "name it: --gpu TYPE, or nodeSelector nvidia.com/gpu.product");
    return;
  }
  origin.assumed.push_back({"gpu", type,
                            "no nodeSelector nvidia.com/gpu.product and no --gpu: a type that every "
                            "profile has figures for"});
  for (auto& placed : models)
    if (placed.gpu.empty()) placed.gpu = type;
}

}  // namespace windtunnel::kubernetes
