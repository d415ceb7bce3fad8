#include "sim/simulation/vertical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/simulation/memory.hpp"
#include "sim/simulation/rollout.hpp"

namespace windtunnel {
namespace {

const PodTemplate* template_of(const World& w, const Replica& r) {
  const auto& vertical = w.models[r.model].vertical;
  return vertical == nullptr ? nullptr : &vertical->templates[r.pod_template];
}

PodTemplate first_template(const ModelSpec& spec) {
  return {.requests = spec.requests,
          .host_limit = spec.host_memory.limit,
          .host_request = spec.host_memory.steady,
          .gpu_limit = spec.memory_limit};
}

/// One resource as review_limits() compares it.
struct Compared {
  bool outside = false, changed = false;
  std::string words;  ///< "host memory 3.00 GiB, asked 2.1..8.4 GiB, target 3.60 GiB"
};

double gib_of(Bytes bytes) {
  return static_cast<double>(bytes.value) / static_cast<double>(kGiB);
}

Compared compare(std::string_view what, Bytes has, const MemoryRecommendation& wanted, double least_change) {
  const double change =
      has.value > 0 ? std::abs(static_cast<double>((wanted.target - has).value)) / static_cast<double>(has.value) : 1;
  Compared out{.outside = has < wanted.lower || has > wanted.upper, .changed = change >= least_change, .words = {}};
  out.words =
      fmt::format("{} {}, recommended {:.3g} GiB in [{:.3g}, {}]", what,
                  has.value > 0 ? fmt::format("{:.3g} GiB", gib_of(has)) : "without a limit", gib_of(wanted.target),
                  gib_of(wanted.lower),
                  wanted.upper.value > std::int64_t{1} << 50 ? "any" : fmt::format("{:.3g}", gib_of(wanted.upper)));
  return out;
}

// As Kubernetes reads a manifest: a limit without a request is one.
Bytes asked_of(const PodTemplate& pod) {
  return pod.requests.memory.value > 0 ? pod.requests.memory : pod.host_limit;
}

/// The newest template with the recommendations in it.
PodTemplate with_targets(const VerticalState& vertical, const std::optional<MemoryRecommendation>& host,
                         const std::optional<MemoryRecommendation>& gpu) {
  PodTemplate out = vertical.templates.back();
  if (host) {
    out.requests.memory = out.host_request = host->target;
    out.host_limit = Bytes{std::llround(static_cast<double>(host->target.value) * vertical.spec->limit_over_request)};
  }
  if (gpu) out.gpu_limit = gpu->target;
  return out;
}

void log_review(World& w, const ModelState& m, std::string reason, std::string inputs) {
  if (w.options.observer == nullptr) return;
  const auto current = static_cast<int>(m.current.value());
  w.options.observer->on_decision({.at = w.now,
                                   .model = m.id,
                                   .current = current,
                                   .ready = static_cast<int>(m.ready_count.value()),
                                   .proposed = current,
                                   .desired = current,
                                   .value = std::nan(""),
                                   .reason = std::move(reason),
                                   .loop = "vertical",
                                   .inputs = std::move(inputs)});
}

void change_template(World& w, ModelState& m, PodTemplate fresh) {
  VerticalState& vertical = *m.vertical;
  vertical.templates.push_back(fresh);
  vertical.changed = w.now;
  vertical.quick_oom = false;
  ++vertical.changes;
  if (vertical.spec->update == VerticalUpdate::rolling_restart) begin_rollout(w, m);
}

}  // namespace

void start_vertical(World& w, ModelState& m, const VerticalSpec& spec) {
  m.vertical = std::make_unique<VerticalState>();
  VerticalState& vertical = *m.vertical;
  vertical.spec = &spec;
  vertical.templates.push_back(first_template(*m.spec));
  if (spec.host_memory) vertical.host.emplace(*spec.host_memory);
  if (spec.gpu_memory) vertical.gpu.emplace(*spec.gpu_memory);
  w.heap.push(SimTime{} + spec.scrape_interval, EventKind::memory_scraped, m.id);
  if (spec.update != VerticalUpdate::off) w.heap.push(SimTime{} + spec.interval, EventKind::limits_reviewed, m.id);
}

void sample_memory(World& w, ModelState& m) {
  VerticalState& vertical = *m.vertical;
  for (const ReplicaId id : m.replicas) {
    const Replica& r = w.replicas[id];
    if (r.gpu == kNone) continue;
    if (vertical.host && r.host.value > 0) vertical.host->saw(r.ordinal, r.host, w.now);
    if (vertical.gpu && held(r).value > 0) vertical.gpu->saw(r.ordinal, held(r), w.now);
  }
  w.heap.push(w.now + vertical.spec->scrape_interval, EventKind::memory_scraped, m.id);
}

void review_limits(World& w, ModelState& m) {
  VerticalState& vertical = *m.vertical;
  const VerticalSpec& spec = *vertical.spec;
  w.heap.push(w.now + spec.interval, EventKind::limits_reviewed, m.id);
  std::optional<MemoryRecommendation> host, gpu;
  if (vertical.host) host = vertical.host->recommend(w.now);
  if (vertical.gpu) gpu = vertical.gpu->recommend(w.now);
  const PodTemplate& now = vertical.templates.back();
  bool outside = false, changed = false;
  std::string inputs;
  const auto look = [&](const Compared& one) {
    outside = outside || one.outside;
    changed = changed || one.changed;
    inputs += (inputs.empty() ? "" : "; ") + one.words;
  };
  if (host) look(compare("host memory", asked_of(now), *host, spec.change));
  if (gpu) look(compare("GPU memory", now.gpu_limit.value_or(Bytes{}), *gpu, spec.change));
  const bool old = changed && w.now - vertical.changed >= spec.lifetime;
  const PodTemplate fresh = with_targets(vertical, host, gpu);
  const bool raised =
      fresh.host_limit > now.host_limit || fresh.gpu_limit.value_or(Bytes{}) > now.gpu_limit.value_or(Bytes{});
  const bool oom = vertical.quick_oom && raised;
  if (vertical.rolling && !oom) return;  // one after the other, unless what is being rolled out dies
  if (!outside && !old && !oom) return;
  if (fresh.host_limit == now.host_limit && fresh.requests.memory == now.requests.memory &&
      fresh.gpu_limit == now.gpu_limit)
    return;  // held by min or max
  log_review(w, m,
             oom       ? "killed for its limit soon after its start"
             : outside ? "outside its bounds"
                       : "off its target",
             std::move(inputs));
  change_template(w, m, fresh);
}

void note_oom(World& w, ReplicaId replica, KillCause cause) {
  const Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  if (m.vertical == nullptr) return;
  VerticalState& vertical = *m.vertical;
  const bool host = cause == KillCause::host_ram_limit, gpu = cause == KillCause::own_vram_limit;
  if (host && vertical.host) {
    (void)vertical.host->saw_oom(r.ordinal, host_limit_of(w, r), w.now);
  } else if (gpu && vertical.gpu) {
    (void)vertical.gpu->saw_oom(r.ordinal, r.limit, w.now);
  } else {
    return;
  }
  const SimTime began = r.state == ReplicaState::starting ? w.now : r.ready_since;
  vertical.quick_oom = vertical.quick_oom || w.now - began <= vertical.spec->oom_within;
}

void forget_pod(World& w, const Replica& r) {
  VerticalState* vertical = w.models[r.model].vertical.get();
  if (vertical == nullptr) return;
  if (vertical->host) vertical->host->forget(r.ordinal);
  if (vertical->gpu) vertical->gpu->forget(r.ordinal);
}

PodRequests requests_of(const World& w, const Replica& r) {
  const PodTemplate* own = template_of(w, r);
  return own != nullptr ? own->requests : w.models[r.model].spec->requests;
}

Bytes host_limit_of(const World& w, const Replica& r) {
  const PodTemplate* own = template_of(w, r);
  return own != nullptr ? own->host_limit : w.models[r.model].spec->host_memory.limit;
}

Bytes host_request_of(const World& w, const Replica& r) {
  const PodTemplate* own = template_of(w, r);
  return own != nullptr ? own->host_request : w.models[r.model].spec->host_memory.steady;
}

std::optional<Bytes> gpu_limit_of(const World& w, const Replica& r) {
  const PodTemplate* own = template_of(w, r);
  return own != nullptr ? own->gpu_limit : w.models[r.model].spec->memory_limit;
}

std::optional<VerticalResult> vertical_result(const World& w, const ModelState& m) {
  if (m.vertical == nullptr) return std::nullopt;
  const VerticalState& vertical = *m.vertical;
  VerticalResult out{.changes = vertical.changes, .replaced = vertical.replaced, .host = {}, .gpu = {}};
  const auto resource = [&](const std::optional<MemoryRecommender>& of, Bytes limit) -> std::optional<MemoryResult> {
    if (!of) return std::nullopt;
    const auto found = of->recommend(w.now);
    return MemoryResult{.seen = of->largest_seen(),
                        .limit = limit,
                        .target = found ? found->target : Bytes{},
                        .lower = found ? found->lower : Bytes{},
                        .upper = found ? found->upper : Bytes{},
                        .ooms = of->ooms(),
                        .samples = of->samples(),
                        .peaks = of->peaks(),
                        .by_rule = limits_by_rule(*of, w.now)};
  };
  out.host = resource(vertical.host, vertical.templates.back().host_limit);
  out.gpu = resource(vertical.gpu, vertical.templates.back().gpu_limit.value_or(Bytes{}));
  return out;
}

}  // namespace windtunnel
