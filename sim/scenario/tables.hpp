// The keys of a scenario: one table of parameters for each block. Reader, JSON Schema, `list` and the reference page
// are made from these and the registries, so a key is described once.
#pragma once

#include <span>

#include "sim/core/param.hpp"

namespace windtunnel::tables {

std::span<const Param> scenario();
// models.<name> and its blocks
std::span<const Param> model();
std::span<const Param> latency();
std::span<const Param> latency_table();  ///< one row of it
std::span<const Param> contention();
std::span<const Param> measured_range();
std::span<const Param> memory();
std::span<const Param> memory_phase();
std::span<const Param> token_pool();
std::span<const Param> leak();
std::span<const Param> oversubscribe();
std::span<const Param> variants();
std::span<const Param> variant();  ///< one of `names`
std::span<const Param> host_memory();
std::span<const Param> cpu();
std::span<const Param> batch();
std::span<const Param> queue();
std::span<const Param> concurrency();
std::span<const Param> cold_start();
std::span<const Param> weights();
std::span<const Param> probe();
std::span<const Param> probe_ticker();  ///< startup, readiness, liveness
std::span<const Param> requests();
std::span<const Param> termination();
std::span<const Param> restart_backoff();
std::span<const Param> faults();
std::span<const Param> pause();
std::span<const Param> crash();
std::span<const Param> fatal_fault();
std::span<const Param> network();
std::span<const Param> slo();
std::span<const Param> thresholds();
// pipelines.<name>
std::span<const Param> pipeline();
std::span<const Param> pipeline_edge();
std::span<const Param> pipeline_thresholds();
// workload.<index>
std::span<const Param> workload();
std::span<const Param> clients();
std::span<const Param> retry();
std::span<const Param> arrivals();
std::span<const Param> curve();
std::span<const Param> trace();
std::span<const Param> rate_scale();
std::span<const Param> transform();       ///< what all transforms have
std::span<const Param> further_source();  ///< one item of a transform's `sources`
// cluster
std::span<const Param> cluster();
std::span<const Param> node_pool();
std::span<const Param> sharing();
std::span<const Param> nodes();
std::span<const Param> spot();
std::span<const Param> relayout_on_pending();  ///< of a mig pool
std::span<const Param> relayout();             ///< one of a mig pool's `relayouts`
std::span<const Param> scheduler();
// metrics
std::span<const Param> metrics();
// scaling.<model>
std::span<const Param> scaling();
std::span<const Param> scaling_limits();  ///< those `policy: fixed` does not take
// vertical.<model>
std::span<const Param> vertical();
std::span<const Param> recommender();  ///< host_memory, gpu_memory
// expect.<index>, compare.<index>
std::span<const Param> expect();
std::span<const Param> compare();
// the catalogue's own
std::span<const Param> gpu_type();
std::span<const Param> mig_family();
std::span<const Param> mig_profile();
std::span<const Param> price();

/// `dispatch`, with what each does.
struct NamedDoc {
  std::string_view name, doc;
};
std::span<const NamedDoc> dispatchers();

/// A broker `queue.preset` may name: keys of a model that lie under the model's own, as YAML, and where they are from.
struct QueuePreset {
  std::string_view name, doc, keys, source;
};
std::span<const QueuePreset> queue_presets();

}  // namespace windtunnel::tables
