#include "sim/simulation/swapping.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/simulation/batch_memory.hpp"
#include "sim/simulation/transfers.hpp"

namespace windtunnel {
namespace {

// So many waiting queries are looked at for a variant to fetch.
constexpr int kMostAhead = 32;

void forget_variant(World& w, ReplicaId replica, const ResidentSet::Resident& gone) {
  if (gone.usable_at == kNever) stop_variant(w, replica, gone.variant);
  give_back_device(w, replica, gone.bytes, MemoryPart::variant);
  w.replicas[replica].variants -= gone.bytes;
  ++w.models[w.replicas[replica].model].swaps.evictions;
}

// Takes the least recently used off the device until the newcomer is within the bounds.
void evict_variants(World& w, ReplicaId replica, const VariantsSpec& spec, Bytes newcomer) {
  while (w.replicas[replica].residents.must_evict(newcomer, spec.most, spec.most_bytes)) {
    const auto gone = w.replicas[replica].residents.evict();
    SIM_CHECK(gone.has_value(), "no variant could be evicted: the reader lets no more batches run than there is room");
    forget_variant(w, replica, *gone);
  }
}

// The device has granted its bytes.
void begin_load(World& w, ReplicaId replica, std::uint32_t variant, Duration rest, std::uint32_t users) {
  Replica& r = w.replicas[replica];
  const Bytes bytes = w.models[r.model].spec->variants->all[variant].bytes;
  r.variants += bytes;
  r.residents.insert(variant, bytes, kNever, users);
  w.models[r.model].swaps.bytes += bytes;
  load_variant(w, replica, variant, rest);
}

// The first variant that a waiting query asks for and that is not here, and those asked for before it.
struct NextVariant {
  std::uint32_t variant = kNone;
  std::vector<std::uint32_t> before;
};
NextVariant next_variant(const World& w, const Replica& r) {
  const ModelState& m = w.models[r.model];
  const QueryQueue& queue = r.queue.empty() ? m.queue : r.queue;
  NextVariant out;
  QueryId id = queue.front();
  for (int i = 0; i < kMostAhead && id != kNone; ++i, id = w.queries[id].next) {
    const std::uint32_t variant = w.queries.extra(id).variant;
    if (!r.residents.has(variant)) {
      out.variant = variant;
      return out;
    }
    out.before.push_back(variant);
  }
  return out;
}

bool is_loading(const World& w, ReplicaId replica) {
  return std::any_of(w.variant_loads.begin(), w.variant_loads.end(),
                     [replica](const VariantLoad& load) { return load.replica == replica; });
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
    if (resident->usable_at == kNever) return {.loading = true};
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
  begin_load(w, replica, variant, spec.setup + out.wait, 1);
  return {.asked = bytes, .loading = true};
}

void fetch_ahead(World& w, ReplicaId replica) {
  const VariantsSpec& spec = *w.models[w.replicas[replica].model].spec->variants;
  if (!spec.fetch_ahead || is_loading(w, replica)) return;
  const NextVariant next = next_variant(w, w.replicas[replica]);
  if (next.variant == kNone) return;
  const Bytes bytes = spec.all[next.variant].bytes;
  ResidentSet after = w.replicas[replica].residents;
  std::vector<ResidentSet::Resident> gone;
  Bytes freed{};
  while (after.must_evict(bytes, spec.most, spec.most_bytes)) {
    const auto one = after.evict(next.before);
    if (!one) return;  // all are needed, or will be sooner
    freed += one->bytes;
    gone.push_back(*one);
  }
  const Replica& r = w.replicas[replica];
  MemoryRequest request = request_of(w, replica, bytes, r.context);
  request.own_used -= freed;
  request.device_used -= freed;
  if (w.pools[w.gpus[r.gpu].pool].mode->admit(request) != MemoryVerdict::granted) return;
  w.replicas[replica].residents = std::move(after);
  for (const auto& one : gone) forget_variant(w, replica, one);
  SIM_CHECK(ask_device(w, replica, bytes, r.context, MemoryPart::variant) == MemoryVerdict::granted,
            "a variant fetched ahead was refused what had been found free");
  auto& fetched = w.models[r.model].swaps.fetched;
  fetched = fetched.value_or(0) + 1;
  begin_load(w, replica, next.variant, spec.setup, 0);
}

void variant_arrived(World& w, const VariantLoad& load) {
  Replica& r = w.replicas[load.replica];
  const SimTime usable_at = w.now + load.rest;
  r.residents.arrives(load.variant, usable_at);
  w.models[r.model].swaps.time_s += to_seconds(w.now - load.began + w.models[r.model].spec->variants->setup);
  for (RunningBatch& batch : r.running) {
    if (!batch.loading || batch.variant != load.variant) continue;
    batch.loading = false;
    w.heap.push(usable_at + batch.after_load, EventKind::host_phase_finished, batch.head, r.generation);
  }
  if (r.active > 0 && r.state != ReplicaState::wedged) fetch_ahead(w, load.replica);
}

}  // namespace windtunnel
