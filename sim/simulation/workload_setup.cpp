#include "sim/simulation/workload_setup.hpp"

#include <algorithm>

#include "sim/core/error.hpp"
#include "sim/simulation/attended.hpp"
#include "sim/simulation/attended_setup.hpp"
#include "sim/simulation/offered_load.hpp"
#include "sim/simulation/serving.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/transform.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kBlock = 256;  // arrivals fetched at once

// A name's targets: one pipeline, one model, or all copies of a model ("name-0", "name-1", ...).
std::vector<Target> targets_of(const World& w, const std::string& name, const std::map<std::string, ModelId>& ids) {
  for (std::uint16_t p = 0; p < w.pipelines.size(); ++p)
    if (w.pipelines[p].spec->name == name) return {{.model = w.pipelines[p].stages.front(), .pipeline = p}};
  if (const auto it = ids.find(name); it != ids.end()) return {{.model = it->second}};
  std::vector<Target> copies;
  for (int i = 0;; ++i) {
    const auto it = ids.find(name + "-" + std::to_string(i));
    if (it == ids.end()) break;
    copies.push_back({.model = it->second});
  }
  SIM_CHECK(!copies.empty(), "workload target \"" + name + "\" got past the loader");
  return copies;
}

void set_variant(const World& w, Target& target, std::string_view name) {
  if (name.empty()) return;
  const auto index = w.models[target.model].spec->variants->index_of(name);
  SIM_CHECK(index.has_value(), "a variant that is none got past the loader");
  target.variant = *index;
}

}  // namespace

void add_workload(World& w, const WorkloadSpec& spec, const std::map<std::string, ModelId>& ids) {
  std::vector<Target> targets;
  const auto* trace = std::get_if<TraceSpec>(&spec.source);
  if (trace != nullptr && !trace->map.empty()) {
    for (const auto& [label, target] : trace->map) {
      const bool whole = ids.contains(target) || std::any_of(w.pipelines.begin(), w.pipelines.end(),
                                                             [&](const auto& p) { return p.spec->name == target; });
      const VariantName named = whole ? VariantName{target, {}} : split_variant(target);
      targets.push_back(targets_of(w, named.model, ids).front());
      set_variant(w, targets.back(), named.variant);
    }
  } else {
    targets = targets_of(w, spec.target, ids);
    for (Target& target : targets) set_variant(w, target, spec.variant);
  }
  const int count = static_cast<int>(targets.size());
  const auto id = static_cast<std::uint32_t>(w.workloads.size());
  if (std::holds_alternative<ClosedSpec>(spec.source)) {
    w.workloads.push_back({.spec = &spec,
                           .scaled = nullptr,
                           .source = nullptr,
                           .targets = std::move(targets),
                           .noise_rng = w.streams.stream("noise/" + spec.name),
                           .block = {},
                           .id = id,
                           .clients = make_clients(w, spec)});
    start_clients(w, w.workloads.back());
    return;
  }
  auto scaled = std::make_unique<WorkloadSpec>(with_factor(w.scenario, spec, w.notes));
  auto source = make_source(*scaled, w.streams, count);
  w.workloads.push_back({.spec = &spec,
                         .scaled = std::move(scaled),
                         .source = std::move(source),
                         .targets = std::move(targets),
                         .noise_rng = w.streams.stream("noise/" + spec.name),
                         .block = std::vector<Arrival>(kBlock),
                         .id = id,
                         .clients = w.attended ? make_clients(w, spec) : nullptr});
  refill(w, w.workloads.back());
}

}  // namespace windtunnel
