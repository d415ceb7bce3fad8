// Every model has a latency for, and can live on, some GPU of the cluster.
#include <algorithm>

#include <fmt/format.h>

#include "models/memory/token_pool.hpp"
#include "models/sharing/sharing_mode.hpp"
#include "sim/scenario/read_mig.hpp"
#include "sim/scenario/readers.hpp"

namespace windtunnel {
namespace {

std::string show_gib(Bytes bytes) {
  return fmt::format("{:.3g} GiB", static_cast<double>(bytes.value) / static_cast<double>(kGiB));
}

/// What keeps a model off a pool's GPUs, from what is wrong at first to what is wrong last.
enum class Obstacle { context_limit, own_limit, device, no_block, pool, none };

struct Room {
  Obstacle obstacle = Obstacle::none;
  Bytes needed{};  ///< of which the process has no less
  Bytes most{};    ///< that it may have
  Bytes context{};
};

/// Asked of the mode itself, as a starting process asks.
class Asking {
 public:
  Asking(const NodePoolSpec& pool, const ModelSpec& model)
      : pool_(pool), mode_(find_entry(sharing_registry(), pool.sharing.mode)->make(pool.sharing)) {
    const Bytes usable = pool.gpu.memory - pool.gpu.driver_reserve;
    context_ = mode_->small_context() ? model.memory.context_mps : model.memory.context;
    limit_ = model.memory_limit ? model.memory_limit : mode_->default_limit(usable, pool.sharing.replicas);
  }

  [[nodiscard]] MemoryVerdict takes(Bytes asked, Bytes held) const {
    return mode_->admit({.asked = asked,
                         .own_used = held,
                         .own_context = context_,
                         .own_limit = limit_,
                         .device_used = pool_.gpu.driver_reserve + held,
                         .device_size = pool_.gpu.memory});
  }
  [[nodiscard]] Bytes context() const { return context_; }
  [[nodiscard]] Bytes visible() const { return mode_->visible_memory(pool_.gpu.memory, limit_); }
  /// The most a process may have, its context counted.
  [[nodiscard]] Bytes most() const {
    Bytes most = pool_.gpu.memory - pool_.gpu.driver_reserve;
    if (const auto whole = mode_->whole_limit(limit_)) most = std::min(most, *whole);
    if (limit_ && !mode_->whole_limit(limit_)) most = std::min(most, *limit_ + context_);
    return most;
  }

 private:
  const NodePoolSpec& pool_;
  std::unique_ptr<SharingMode> mode_;
  Bytes context_{};
  std::optional<Bytes> limit_;
};

/// Context, weights, one variant and a preallocated pool: without them no replica ever starts. Work memory is not
/// counted: how much a query takes is its size's matter, and a refusal there is what a run is to show.
Room room_in(const NodePoolSpec& pool, const ModelSpec& model) {
  const Asking asking(pool, model);
  const MemorySpec& memory = model.memory;
  Room out{.needed = asking.context(), .most = asking.most(), .context = asking.context()};
  const auto stopped_by = [](MemoryVerdict verdict) {
    return verdict == MemoryVerdict::own_limit ? Obstacle::own_limit : Obstacle::device;
  };
  if (const auto verdict = asking.takes(asking.context(), {}); verdict != MemoryVerdict::granted) {
    out.obstacle = verdict == MemoryVerdict::own_limit ? Obstacle::context_limit : Obstacle::device;
    return out;
  }
  if (memory.paging_bytes_per_s > 0) return out;  // the rest is paged
  const Bytes loaded = memory.weights + (model.variants != nullptr ? model.variants->largest() : Bytes{});
  out.needed += loaded;
  if (const auto verdict = asking.takes(loaded, out.context); verdict != MemoryVerdict::granted) {
    out.obstacle = stopped_by(verdict);
    return out;
  }
  if (!memory.pool) return out;
  const TokenPool tokens = size_token_pool(*memory.pool, asking.visible(), out.context, memory.weights);
  const Bytes held = out.needed;
  out.needed += tokens.bytes;
  if (tokens.blocks == 0)
    out.obstacle = Obstacle::no_block;
  else if (asking.takes(tokens.bytes, held) != MemoryVerdict::granted)
    out.obstacle = Obstacle::pool;
  return out;
}

void report(Reading& reading, const ModelGroup& group, const ModelSpec& model, const Room& room) {
  const std::string path = join_path("models", group.name);
  const auto add = [&](const std::string& where, std::string what, std::string hint) {
    reading.problems.add(*group.node, where, std::move(what), std::move(hint));
  };
  switch (room.obstacle) {
    case Obstacle::context_limit:
      return add(path,
                 fmt::format("{}'s CUDA context alone takes {}; its limit in this cluster is {}", group.name,
                             show_gib(room.context), show_gib(room.most)),
                 "raise memory_limit or lower the pool's replicas: the limit counts the context");
    case Obstacle::own_limit:
      return add(path,
                 fmt::format("{} needs {} on one GPU; its limit in this cluster is {}", group.name,
                             show_gib(room.needed), show_gib(room.most)),
                 "raise memory_limit, lower the pool's replicas, or take a larger GPU");
    case Obstacle::device:
      return add(
          path,
          fmt::format("{} needs {} on one {}; the largest in this cluster has {}", group.name, show_gib(room.needed),
                      model.mig_profile.empty() ? "GPU" : model.mig_profile, show_gib(room.most)),
          "take a larger GPU");
    case Obstacle::no_block:
      return add(
          join_path(join_path(path, "memory"), "pool"),
          fmt::format("context, weights and activation leave no room for one block of tokens; a process may have {}",
                      show_gib(room.most)),
          "raise share_of_device, lower activation, or take a larger GPU");
    case Obstacle::pool:
      return add(join_path(join_path(path, "memory"), "pool"),
                 fmt::format("{} takes {} with its pool; a process in this cluster may have {}", group.name,
                             show_gib(room.needed), show_gib(room.most)),
                 "lower the pool's share_of_device or bytes, or take a larger GPU");
    case Obstacle::none: return;
  }
}

void note_holder(const ModelGroup& group, MigInstance& instance) {
  for (const std::size_t member : group.members) instance.holds[member] = true;
}

void check_group(Reading& reading, const ModelGroup& group) {
  const ModelSpec& model = reading.scenario.models[group.members.front()];
  std::string types;
  bool timed = false, asked = false, fits = false;
  Room best{};
  for (auto& pool : reading.scenario.node_pools) {
    if (types.find(pool.gpu.name) == std::string::npos) types += (types.empty() ? "" : ", ") + pool.gpu.name;
    if (!model.latency.contains("*") && !model.latency.contains(pool.gpu.name)) continue;
    timed = true;
    const auto devices = devices_of(pool);
    for (std::size_t d = 0; d < devices.size(); ++d) {
      if (!takes(devices[d], model)) continue;
      const Room room = room_in(devices[d], model);
      if (room.obstacle == Obstacle::none) {
        fits = true;
        if (!pool.sharing.instances.empty()) note_holder(group, pool.sharing.instances[d]);
      } else if (!asked || room.most >= best.most) {
        best = room;
        asked = true;
      }
    }
  }
  if (fits) return;
  if (asked) return report(reading, group, model, best);
  if (timed) {
    reading.problems.add(*group.node, join_path(join_path("models", group.name), "mig_profile"),
                         fmt::format("no pool that {} can run on has an instance {}", group.name, model.mig_profile),
                         "put it into a layout, or leave mig_profile out for the smallest instance that fits");
    return;
  }
  std::string known;
  for (const auto& [gpu, latency] : model.latency) known += (known.empty() ? "" : ", ") + gpu;
  reading.problems.add(*group.node, join_path(join_path("models", group.name), "latency"),
                       fmt::format("is given for {}, and the cluster has {}", known, types),
                       "add the GPU's figures, or \"*\" for any");
}

// A weight that no pool looks at would be a wish without effect.
void check_weight(Reading& reading, const ModelGroup& group) {
  const ModelSpec& model = reading.scenario.models[group.members.front()];
  const auto& pools = reading.scenario.node_pools;
  const bool counts = std::any_of(pools.begin(), pools.end(), [](const NodePoolSpec& pool) {
    return find_entry(sharing_registry(), pool.sharing.mode)->make(pool.sharing)->has_weights();
  });
  if (model.compute_weight != 1 && !counts)
    reading.problems.add(*group.node, join_path(join_path("models", group.name), "compute_weight"),
                         "means nothing here: no pool of this cluster shares by turns",
                         "choose time_slicing for a pool, or leave it out");
}

// A pod that asks for more than any node has would wait for ever.
void check_requests(Reading& reading, const ModelGroup& group) {
  const ModelSpec& model = reading.scenario.models[group.members.front()];
  const auto& pools = reading.scenario.node_pools;
  const auto fits = [&](const NodePoolSpec& pool) {
    return (pool.milli_cpu == 0 || model.requests.milli_cpu <= pool.milli_cpu) &&
           (pool.host_memory.value == 0 || model.requests.memory <= pool.host_memory);
  };
  if (!std::any_of(pools.begin(), pools.end(), fits))
    reading.problems.add(
        *group.node, join_path(join_path("models", group.name), "requests"),
        fmt::format("{} cores and {} are more than any node of this cluster has",
                    static_cast<double>(model.requests.milli_cpu) / 1000, show_gib(model.requests.memory)),
        "lower them, or raise a pool's cpu or host_memory");
}

// Where GPUs are filled by limits, whoever has none could not be counted.
void check_limits(Reading& reading, const ModelGroup& group) {
  const ModelSpec& model = reading.scenario.models[group.members.front()];
  for (const NodePoolSpec& pool : reading.scenario.node_pools) {
    if (!pool.fit_memory || model.memory_limit) continue;
    if (!model.latency.contains("*") && !model.latency.contains(pool.gpu.name)) continue;
    const Bytes usable = pool.gpu.memory - pool.gpu.driver_reserve;
    const auto mode = find_entry(sharing_registry(), pool.sharing.mode)->make(pool.sharing);
    if (mode->default_limit(usable, pool.sharing.replicas)) continue;
    reading.problems.add(
        *group.node, join_path("models", group.name),
        fmt::format("has no memory_limit, by which pool {} is filled (fit: memory), and {} gives it none", pool.name,
                    pool.sharing.mode),
        "give it a memory_limit, or say fit: slots");
  }
}

}  // namespace

void check_fit(Reading& reading) {
  const auto& ok = reading.pool_ok;
  if (ok.empty() || std::find(ok.begin(), ok.end(), false) != ok.end())
    return;  // a pool that was not understood might fit
  for (auto& pool : reading.scenario.node_pools)
    for (auto& instance : pool.sharing.instances) instance.holds.assign(reading.scenario.models.size(), false);
  for (const auto& group : reading.groups)
    if (group.ok && !group.members.empty()) {
      check_group(reading, group);
      check_weight(reading, group);
      check_requests(reading, group);
      check_limits(reading, group);
    }
}

}  // namespace windtunnel
