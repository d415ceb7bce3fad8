#include "sim/simulation/swapping.hpp"

#include <algorithm>

#include "sim/core/error.hpp"
#include "sim/simulation/batch_memory.hpp"

namespace windtunnel {
namespace {

// Takes the least recently used off the device until the newcomer is within the bounds.
void evict_variants(World& w, ReplicaId replica, const VariantsSpec& spec, Bytes newcomer) {
  ModelState& m = w.models[w.replicas[replica].model];
  while (w.replicas[replica].residents.must_evict(newcomer, spec.most, spec.most_bytes)) {
    const auto freed = w.replicas[replica].residents.evict();
    SIM_CHECK(freed.has_value(), "no variant could be evicted: the reader lets no more batches run than there is room");
    give_back_device(w, replica, *freed, MemoryPart::variant);
    w.replicas[replica].variants -= *freed;
    ++m.swaps.evictions;
  }
}

}  // namespace

void choose_variant(World& w, const ModelState& m, QueryId id) {
  QueryExtra& extra = w.queries.extra(id);
  if (w.queries[id].pipeline == kNoPipeline && extra.variant != kNone) return;  // named, or a further attempt
  const std::string& workload = w.workloads[extra.workload].spec->name;
  Rng rng = w.streams.keyed("variant/" + m.spec->name + "/" + workload, extra.ordinal, 0);
  extra.variant = m.spec->variants->at(rng.uniform());
}

SwapIn swap_in(World& w, ReplicaId replica, std::uint32_t variant) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  const VariantsSpec& spec = *m.spec->variants;
  if (const auto* resident = r.residents.use(variant)) {
    ++m.swaps.hits;
    return {.wait = std::max(resident->usable_at - w.now, Duration{})};
  }
  ++m.swaps.misses;
  const Bytes bytes = spec.all[variant].bytes;
  evict_variants(w, replica, spec, bytes);
  SwapIn out{.asked = bytes};
  const auto refused = [&] {
    return out.verdict == MemoryVerdict::device_full || out.verdict == MemoryVerdict::own_limit;
  };
  out.verdict = ask_device(w, replica, bytes, w.replicas[replica].context, MemoryPart::variant);
  if (refused() && m.spec->memory.allocator == Allocator::caching && hand_cache_back(w, replica)) {
    ++m.alloc_retries;
    out.wait = m.spec->memory.give_back_stall;
    out.verdict = ask_device(w, replica, bytes, w.replicas[replica].context, MemoryPart::variant);
  }
  if (out.verdict != MemoryVerdict::granted) return out;
  const Duration load = spec.load_time(bytes);
  out.wait += load;
  Replica& after = w.replicas[replica];
  after.variants += bytes;
  after.residents.insert(variant, bytes, w.now + out.wait);
  m.swaps.bytes += bytes;
  m.swaps.time_s += to_seconds(load);
  return out;
}

}  // namespace windtunnel
