#include "sim/simulation/exporters.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace windtunnel {
namespace {

constexpr std::uint64_t kNothingYet = 0;

/// First pass: which series there are, of those that somebody wants.
class SeriesPass {
 public:
  SeriesPass(MetricPath& path, ScrapeTarget& target) : path_(path), target_(target) { target_.slots.clear(); }

  template <class MakeLabels, class Value>
  void put(MetricId id, std::string_view part, MakeLabels make, Value) {
    target_.slots.push_back(path_.wants(id) ? find(id, part, make()) : kNoSeries);
  }

 private:
  SeriesId find(MetricId id, std::string_view part, Labels labels) {
    const MetricRow& row = metric_table()[static_cast<std::size_t>(id)];
    labels.emplace_back("__name__", std::string(row.name) + std::string(part));
    labels.emplace_back("job", target_.job);
    labels.emplace_back("instance", target_.instance);
    return open(make_labels(std::move(labels)));
  }

  SeriesId open(const Labels& labels) {
    for (const auto& selector : path_.wanted)
      if (std::all_of(selector.begin(), selector.end(),
                      [&](const auto& m) { return m.matches(label_value(labels, m.label)); }))
        return path_.store.open(labels);
    return kNoSeries;
  }

  MetricPath& path_;
  ScrapeTarget& target_;
};

/// Second pass: a sample of each.
class SamplePass {
 public:
  SamplePass(SeriesStore& store, const ScrapeTarget& target, std::int64_t at_ms)
      : store_(store), target_(target), at_ms_(at_ms) {}

  template <class MakeLabels, class Value>
  void put(MetricId, std::string_view, MakeLabels, Value value) {
    const SeriesId series = target_.slots[next_++];
    if (series != kNoSeries) store_.append(series, at_ms_, value());
  }

 private:
  SeriesStore& store_;
  const ScrapeTarget& target_;
  std::int64_t at_ms_;
  std::size_t next_ = 0;
};

std::uint64_t hash_of(const World& w, std::uint64_t hash, ReplicaId id) {
  const Replica& r = w.replicas[id];
  return mix64(hash + (std::uint64_t{r.model} << 40U) + (std::uint64_t{r.ordinal} << 8U) + 1) + id;
}

// Changes when the target's series may be others than before.
std::uint64_t layout_of(const World& w, const ScrapeTarget& target) {
  std::uint64_t hash = w.metric_path->epoch;
  if (target.exporter == Exporter::kube_state)
    for (const ModelState& m : w.models)
      for (const ReplicaId id : m.replicas) hash = hash_of(w, hash, id);
  if (target.exporter == Exporter::dcgm || target.exporter == Exporter::cadvisor) {
    const ClusterNode& node = w.nodes[target.index];
    for (std::uint32_t g = 0; g < w.pools[node.pool].per_node; ++g) {
      hash = mix64(hash + g);
      for (const ReplicaId id : w.gpus[node.first_gpu + g].replicas) hash = hash_of(w, hash, id);
    }
  }
  return hash == kNothingYet ? 1 : hash;
}

void find_layout(World& w, ScrapeTarget& target, std::int64_t at_ms) {
  MetricPath& path = *w.metric_path;
  const std::uint64_t layout = layout_of(w, target);
  if (layout == target.layout) return;
  target.layout = layout;
  const std::vector<SeriesId> before = target.slots;
  SeriesPass pass(path, target);
  publish(w, target, pass);
  for (const SeriesId series : before)
    if (series != kNoSeries && std::find(target.slots.begin(), target.slots.end(), series) == target.slots.end())
      path.store.end(series, at_ms);
  if (path.wants_up && target.up == kNoSeries)
    target.up = path.store.open({{"__name__", "up"}, {"instance", target.instance}, {"job", target.job}});
}

void end_series(MetricPath& path, ScrapeTarget& target, std::int64_t at_ms) {
  if (target.answers)
    for (const SeriesId series : target.slots)
      if (series != kNoSeries) path.store.end(series, at_ms);
  target.answers = false;
  target.slots.clear();  // the store forgets ended series: they are found anew
  target.layout = kNothingYet;
}

// Whether somebody answers at the target's port.
bool is_up(const World& w, const ScrapeTarget& target) {
  if (target.exporter != Exporter::server) return true;
  const ReplicaState state = w.replicas[target.index].state;
  return state == ReplicaState::ready || state == ReplicaState::draining;
}

bool is_lost(const World& w, const ScrapeTarget& target) {
  const double probability = w.metric_path->spec.lost_scrapes;
  if (probability <= 0) return false;
  const std::uint64_t entity =
      (std::uint64_t{target.model} << 32U) + (target.ordinal == 0 ? target.index : target.ordinal);
  const auto occurrence = static_cast<std::uint64_t>(w.now.time_since_epoch() / target.interval);
  Rng rng = w.streams.keyed(fmt::format("lost_scrape/{}", exporter_name(target.exporter)), entity, occurrence);
  return rng.uniform() < probability;
}

// The first scrape at or after now.
void set_phase(const World& w, ScrapeTarget& target) {
  const MetricsSpec& spec = w.metric_path->spec;
  target.interval = target.exporter == Exporter::dcgm ? spec.dcgm_interval : spec.scrape_interval;
  if (spec.spread) {
    const std::uint64_t entity = (std::uint64_t{target.model} << 32U) + target.index;
    Rng rng = w.streams.keyed(fmt::format("scrape_phase/{}", exporter_name(target.exporter)), entity, target.ordinal);
    target.phase = Duration{static_cast<std::int64_t>(rng.uniform() * static_cast<double>(target.interval.count()))};
  }
  const Duration since = w.now.time_since_epoch() - target.phase;
  const std::int64_t steps =
      since <= Duration{} ? 0 : (since.count() + target.interval.count() - 1) / target.interval.count();
  target.next = SimTime{} + target.phase + target.interval * steps;
}

}  // namespace

std::string bound_text(double bound) {
  const std::string text = fmt::format("{}", bound);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

Labels dcgm_labels(const World& w, const ScrapeTarget& target, GpuId gpu, ReplicaId pod) {
  const ClusterNode& node = w.nodes[target.index];
  const NodePool& pool = w.pools[node.pool];
  const std::uint32_t place = gpu - node.first_gpu, card = place / pool.per_card;
  const std::uint64_t uuid = mix64((std::uint64_t{target.index} << 8U) + card);
  Labels labels{{"gpu", std::to_string(card)},
                {"UUID", fmt::format("GPU-{:08x}-{:04x}", uuid >> 32U, uuid & 0xffffU)},
                {"device", "nvidia" + std::to_string(card)},
                {"modelName", pool.spec->gpu.name},
                {"Hostname", target.instance},
                {"namespace", "gpu-operator"},
                {"pod", "dcgm-exporter-" + target.instance}};
  if (!pool.instance_modes.empty()) {
    labels.emplace_back("GPU_I_ID", std::to_string(place % pool.per_card + 1));
    labels.emplace_back("GPU_I_PROFILE", pool.spec->sharing.instances[place % pool.per_card].profile);
  }
  if (pod == kNone) return labels;
  labels.emplace_back("exported_namespace", kNamespace);
  labels.emplace_back("exported_pod", pod_name(w.models[w.replicas[pod].model], w.replicas[pod]));
  labels.emplace_back("exported_container", "server");
  return labels;
}

std::vector<ReplicaId> dcgm_pods(const World& w, GpuId gpu) {
  const GpuState& state = w.gpus[gpu];
  if (state.replicas.empty()) return {kNone};
  switch (w.metric_path->spec.dcgm_pods) {
    case DcgmPods::one: return {state.replicas.back()};
    case DcgmPods::copies: return state.replicas;
    case DcgmPods::processes: break;
  }
  std::vector<ReplicaId> pods{kNone};
  if (!state.mode->small_context())  // MPS: its clients run under one server process
    pods.insert(pods.end(), state.replicas.begin(), state.replicas.end());
  return pods;
}

void collect_dcgm(World& w, ScrapeTarget& target) {
  const ClusterNode& node = w.nodes[target.index];
  const std::uint32_t gpus = w.pools[node.pool].per_node;
  target.busy_before.resize(gpus);
  target.busy_share.resize(gpus);
  const double span = to_seconds(w.now - target.busy_at);
  for (std::uint32_t g = 0; g < gpus; ++g) {
    const GpuId gpu = node.first_gpu + g;
    const Duration busy = w.shares.busy(gpu, w.now);
    target.busy_share[g] = span > 0 ? to_seconds(busy - target.busy_before[g]) / span : 0;
    target.busy_before[g] = busy;
    if (w.metric_path->spec.dcgm_pods != DcgmPods::processes) continue;
    // A process's part of the device's time: as its own busy time is to that of all, waiting turns included.
    double all = 0;
    for (const ReplicaId id : w.gpus[gpu].replicas) {
      ServerCounters& server = server_of(w, id);
      const Replica& r = w.replicas[id];
      const std::int64_t total = busy_ns(w, server, r);
      server.busy_share = static_cast<double>(total - server.busy_at_dcgm);
      server.busy_at_dcgm = total;
      all += server.busy_share;
    }
    for (const ReplicaId id : w.gpus[gpu].replicas) {
      ServerCounters& server = server_of(w, id);
      server.busy_share = all > 0 ? server.busy_share / all * target.busy_share[g] : 0;
    }
  }
  target.busy_at = w.now;
}

void find_targets(World& w) {
  MetricPath& path = *w.metric_path;
  if (path.fleet_seen == w.fleet_changes && path.epoch_seen == path.epoch) return;
  path.fleet_seen = w.fleet_changes;
  path.epoch_seen = path.epoch;
  const auto wanted = [&](Exporter exporter) {
    const auto rows = metric_table();
    return std::any_of(rows.begin(), rows.end(), [&](const MetricRow& row) {
      return row.exporter == exporter && (path.wants(row.id) || path.wants_up);
    });
  };
  for (ScrapeTarget& target : path.targets) target.gone = true;
  const auto keep = [&](ScrapeTarget fresh) {
    for (ScrapeTarget& target : path.targets)
      if (target.exporter == fresh.exporter && target.index == fresh.index && target.model == fresh.model &&
          target.ordinal == fresh.ordinal) {
        target.gone = false;
        return;
      }
    set_phase(w, fresh);
    fresh.busy_at = w.now;
    path.targets.push_back(std::move(fresh));
  };
  for (const Exporter one : {Exporter::broker, Exporter::gateway, Exporter::kube_state})
    if (wanted(one))
      keep({.exporter = one, .instance = std::string(exporter_name(one)), .job = std::string(exporter_name(one))});
  for (NodeId n = 0; n < w.nodes.size(); ++n) {
    if (w.nodes[n].state != NodeState::ready) continue;
    for (const Exporter one : {Exporter::dcgm, Exporter::cadvisor})
      if (wanted(one))
        keep({.exporter = one, .index = n, .instance = node_name(w, n), .job = std::string(exporter_name(one))});
  }
  if (!wanted(Exporter::server)) return;
  for (const ModelState& m : w.models)
    for (const ReplicaId id : m.replicas) {
      const Replica& r = w.replicas[id];
      if (r.gpu == kNone) continue;
      keep({.exporter = Exporter::server,
            .index = id,
            .model = m.id,
            .ordinal = r.ordinal,
            .instance = pod_name(m, r),
            .job = m.spec->name});
    }
}

void scrape_target(World& w, ScrapeTarget& target) {
  MetricPath& path = *w.metric_path;
  const std::int64_t at_ms = w.now.time_since_epoch().count() / 1000000;
  if (target.gone) {
    end_series(path, target, at_ms);
    if (target.up != kNoSeries) path.store.end(target.up, at_ms);
    target.up = kNoSeries;
    return;
  }
  const bool answers = is_up(w, target) && !is_lost(w, target);
  if (answers) {
    if (target.exporter == Exporter::dcgm) collect_dcgm(w, target);
    if (target.exporter == Exporter::broker && path.broker_next == kNever)
      for (const ModelState& m : w.models) refresh_broker(w, m);
    find_layout(w, target, at_ms);
    SamplePass pass(path.store, target, at_ms);
    publish(w, target, pass);
    target.answers = true;
  } else {
    end_series(path, target, at_ms);
    if (path.wants_up && target.up == kNoSeries)
      target.up = path.store.open({{"__name__", "up"}, {"instance", target.instance}, {"job", target.job}});
  }
  if (target.up != kNoSeries) path.store.append(target.up, at_ms, answers ? 1 : 0);
}

}  // namespace windtunnel
