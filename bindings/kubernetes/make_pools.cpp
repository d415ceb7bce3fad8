#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "bindings/kubernetes/choose_pools.hpp"
#include "models/sharing/mig_layout.hpp"
#include "sim/scenario/catalogue.hpp"
#include "sim/scenario/quantity.hpp"

namespace windtunnel::kubernetes {
namespace {

constexpr int kHamiReplicas = 10;  // HAMi's deviceSplitCount, where its chart's values do not say it
constexpr int kMostNodes = 100'000;

const GpuEntry* gpu_entry(std::string_view name) {
  for (const auto& entry : catalogue().gpus)
    if (entry.name == name) return &entry;
  return nullptr;
}

/// How the GPUs of one pool are shared: the block, and how many replicas one card takes.
struct PoolSharing {
  Node block;
  int per_gpu = 1;
};

struct PoolMaking {
  ProblemList& problems;
  const ManifestSet& set;
  std::vector<PlacedModel*> models;
  std::string gpu, pool;
  ManifestOrigin& origin;

  void refuse(const Field& at, std::string what, std::string hint) {
    problems.add(at ? *at.node : Node{}, at.path, std::move(what), std::move(hint));
  }
  void assume(const std::string& key, std::string value, std::string why) {
    origin.assumed.push_back({fmt::format("cluster.node_pools.{}.{}", pool, key), std::move(value), std::move(why)});
  }
};

/// The plugin's configuration of these nodes: the one there is, the one a node label names, or `default`.
const SharingConfig* plugin_config(PoolMaking& p) {
  const auto& all = p.set.sharing;
  if (all.size() <= 1) return all.empty() ? nullptr : &all.front();
  std::string wanted = "default";
  for (const auto* placed : p.models)
    if (placed->model->pod.plugin_config) wanted = placed->model->pod.plugin_config->value;
  for (const auto& config : all)
    if (config.name == wanted) return &config;
  p.problems.add(
      all[1].node, "",
      fmt::format("the device plugin has {} configurations, and none is \"{}\"", all.size(), one_line(wanted, 60)),
      "name one by nodeSelector nvidia.com/device-plugin.config, or keep one");
  return nullptr;
}

/// As many instances of one profile as a card takes.
int instances_of(const GpuEntry& gpu, const std::string& profile) {
  const MigFamily* family = mig_family(gpu.type);
  if (family == nullptr) return 0;
  const auto row = std::find_if(family->profiles.begin(), family->profiles.end(),
                                [&](const MigProfile& each) { return each.name == profile; });
  if (row == family->profiles.end()) return 0;
  MigLayout layout;
  int most = 0;
  while (static_cast<int>(layout.size()) < family->compute_slices) {
    layout.push_back(&*row);
    if (!place_mig(*family, layout)) break;
    most = static_cast<int>(layout.size());
  }
  return most;
}

PoolSharing mig_sharing(PoolMaking& p, const SharingConfig* config) {
  PoolSharing out{.block = Node::map()};
  const ManifestModel& first = *p.models.front()->model;
  for (auto* placed : p.models) {
    if (placed->model->pod.mig_profile != first.pod.mig_profile) {
      p.refuse(
          placed->model->pod.gpu, "another MIG profile on the same GPU type: how cards are cut is not said",
          fmt::format("give cluster.node_pools.{}.sharing: {{mode: mig, layout: [...]}} in windtunnel/scenario.yaml",
                      p.pool));
      return out;
    }
    placed->block.set("mig_profile", scalar_at(placed->model->pod.gpu, first.pod.mig_profile));
  }
  const GpuEntry* gpu = gpu_entry(p.gpu);
  const int instances = gpu == nullptr ? 0 : instances_of(*gpu, first.pod.mig_profile);
  Node layout = Node::sequence();
  for (int i = 0; i < std::max(instances, 1); ++i)
    layout.items.push_back(scalar_at(first.pod.gpu, first.pod.mig_profile));
  out.block = scalar_at(first.pod.gpu, "");
  out.block.kind = Node::Kind::map;
  out.block.set("mode", scalar_at(first.pod.gpu, "mig"));
  out.block.set("layout", std::move(layout));
  out.per_gpu = std::max(instances, 1);
  p.assume("sharing.layout", fmt::format("{} x {}", out.per_gpu, first.pod.mig_profile),
           "as many of the profile as a card takes");
  if (config == nullptr) return out;
  for (const auto& [profile, replicas] : config->mig_replicas) {
    if (profile != first.pod.mig_profile || replicas == 1) continue;
    out.block.set("replicas_per_instance", scalar_at({&config->replicas_at, ""}, std::to_string(replicas)));
    out.per_gpu *= replicas;
  }
  return out;
}

/// HAMi: limits by interception over time-slicing; a container without gpumem has the whole card.
PoolSharing hami_sharing(PoolMaking& p) {
  PoolSharing out{.block = Node::map(), .per_gpu = kHamiReplicas};
  out.block.set("mode", Node::scalar("hard_limit"));
  out.block.set("replicas", Node::scalar(std::to_string(kHamiReplicas)));
  const GpuEntry* gpu = gpu_entry(p.gpu);
  std::optional<std::int64_t> cores;
  for (auto* placed : p.models) {
    const PodTemplate& pod = placed->model->pod;
    if (pod.hami_memory_mib) {
      placed->block.set("memory_limit",
                        scalar_at(pod.hami_memory_mib->at, fmt::format("{}MiB", pod.hami_memory_mib->value)));
    } else if (gpu != nullptr) {
      const std::int64_t percent = pod.hami_memory_percent ? pod.hami_memory_percent->value : 100;
      const Field at = pod.hami_memory_percent ? pod.hami_memory_percent->at : Field{};
      placed->block.set("memory_limit",
                        scalar_at(at, format_bytes(static_cast<double>(gpu->type.memory.value / 100 * percent))));
    }
    if (!pod.hami_cores_percent) continue;
    if (cores && *cores != pod.hami_cores_percent->value)
      p.problems.pass_over(*pod.hami_cores_percent->at.node, pod.hami_cores_percent->at.path,
                           fmt::format("one duty-cycle cap a pool: {} % is taken", *cores));
    else
      cores = pod.hami_cores_percent->value;
  }
  if (cores) out.block.set("compute_share", Node::scalar(format_number(static_cast<double>(*cores) / 100)));
  p.assume("sharing.replicas", std::to_string(kHamiReplicas), "HAMi's deviceSplitCount");
  return out;
}

PoolSharing plain_sharing(PoolMaking& p, const SharingConfig* config) {
  PoolSharing out;
  const PodTemplate* gke = nullptr;
  for (const auto* placed : p.models)
    if (placed->model->pod.gke_clients && gke == nullptr) gke = &placed->model->pod;
  const bool renamed = config != nullptr && config->renamed;
  for (const auto* placed : p.models) {
    const PodTemplate& pod = placed->model->pod;
    if (!pod.asks_for_gpu || pod.shared_name == renamed) continue;
    if (pod.shared_name && config == nullptr)
      p.refuse(pod.gpu, "no manifest says how many replicas share a GPU",
               "add the device plugin's configuration (sharing.timeSlicing or sharing.mps) to the folder");
    else
      p.refuse(pod.gpu,
               pod.shared_name ? "nodes offer no nvidia.com/gpu.shared: the device plugin renames nothing"
                               : "nodes offer nvidia.com/gpu.shared instead: the device plugin renames it",
               pod.shared_name ? "ask for nvidia.com/gpu, or set renameByDefault: true"
                               : "ask for nvidia.com/gpu.shared, or remove renameByDefault");
  }
  if (config != nullptr && !config->mode.empty() && config->replicas > 1) {
    out.block = scalar_at({&config->replicas_at, ""}, "");
    out.block.kind = Node::Kind::map;
    out.block.set("mode", scalar_at({&config->replicas_at, ""}, config->mode));
    out.block.set("replicas", scalar_at({&config->replicas_at, ""}, std::to_string(config->replicas)));
    out.per_gpu = config->replicas;
  } else if (gke != nullptr) {
    const bool mps = gke->gke_strategy && gke->gke_strategy->value == "mps";
    out.block = Node::map();
    out.block.set("mode", scalar_at(gke->gke_clients->at, mps ? "mps" : "time_slicing"));
    out.block.set("replicas", scalar_at(gke->gke_clients->at, std::to_string(gke->gke_clients->value)));
    out.per_gpu = static_cast<int>(gke->gke_clients->value);
  } else {
    p.assume("sharing", "exclusive", "no manifest shares the GPUs");
  }
  return out;
}

PoolSharing sharing_of(PoolMaking& p) {
  const SharingConfig* config = plugin_config(p);
  const auto any = [&](auto question) {
    return std::any_of(p.models.begin(), p.models.end(), [&](const PlacedModel* m) { return question(m->model->pod); });
  };
  if (any([](const PodTemplate& pod) { return !pod.mig_profile.empty(); })) return mig_sharing(p, config);
  if (any([](const PodTemplate& pod) {
        return pod.hami_memory_mib || pod.hami_memory_percent || pod.hami_cores_percent;
      }))
    return hami_sharing(p);
  return plain_sharing(p, config);
}

/// Nodes enough for every model's largest size together.
Node nodes_of(PoolMaking& p, int per_gpu, const ManifestOptions& options) {
  std::int64_t most = 0, first = 0;
  for (const auto* placed : p.models) {
    const ManifestModel& model = *placed->model;
    most += model.most_replicas();
    const std::int64_t stated = model.replicas ? model.replicas->value : model.job ? 0 : 1;
    first +=
        model.scaler == nullptr ? stated : std::clamp<std::int64_t>(stated, model.scaler->least, model.scaler->most);
  }
  const auto nodes_for = [&](std::int64_t replicas) {
    return static_cast<int>(std::clamp<std::int64_t>((replicas + per_gpu - 1) / per_gpu, 1, kMostNodes));
  };
  int least = std::min(1, nodes_for(most)), largest = nodes_for(most);
  if (options.nodes)
    std::tie(least, largest) = *options.nodes;
  else
    p.assume("nodes", fmt::format("{} to {}", least, largest), "room for every model's largest size");
  Node out = Node::map();
  out.set("min", Node::scalar(std::to_string(least)));
  out.set("max", Node::scalar(std::to_string(largest)));
  out.set("initial", Node::scalar(std::to_string(std::clamp(nodes_for(first), least, largest))));
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

Node make_pool(PoolMaking& p, const ManifestOptions& options) {
  Node out = Node::map();
  Field at;
  for (const auto* placed : p.models)
    if (placed->model->pod.product && placed->model->pod.product->value == p.gpu) at = placed->model->pod.product->at;
  out.set("gpu", scalar_at(at, p.gpu));
  PoolSharing sharing = sharing_of(p);
  if (!sharing.block.is(Node::Kind::null)) out.set("sharing", std::move(sharing.block));
  out.set("nodes", nodes_of(p, sharing.per_gpu, options));
  p.assume("gpus", "1", "GPUs in a node");
  p.assume("provision", "90s", "from ordering a node to a machine that is there");
  p.assume("cpu, host_memory", "not limited", "of a node");
  const GpuEntry* entry = gpu_entry(p.gpu);
  if (entry != nullptr && entry->price_usd_per_hour)
    p.assume("price", fmt::format("{}/h", format_number(*entry->price_usd_per_hour)), entry->price_source);
  return out;
}

}  // namespace

Node make_pools(ProblemList& problems, const ManifestSet& set, std::vector<PlacedModel>& models,
                const ManifestOptions& options, ManifestOrigin& origin) {
  Node pools = Node::map();
  for (auto& placed : models) {
    if (placed.gpu.empty() || pools.find(lower(placed.gpu)) != nullptr) continue;
    PoolMaking p{
        .problems = problems, .set = set, .models = {}, .gpu = placed.gpu, .pool = lower(placed.gpu), .origin = origin};
    for (auto& other : models)
      if (other.gpu == placed.gpu) p.models.push_back(&other);
    pools.set(p.pool, make_pool(p, options));
  }
  return pools;
}

}  // namespace windtunnel::kubernetes
