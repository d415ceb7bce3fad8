#include "sim/simulation/preemption.hpp"

#include <algorithm>

#include "sim/core/error.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/faults.hpp"
#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

// The work left is the same share of the query's work wherever it goes on.
void take_off(World& w, ModelState& m, ReplicaId replica, QueryId id) {
  Replica& r = w.replicas[replica];
  Query& q = w.queries[id];
  const auto left_ns = w.shares.remove(r.gpu, id, w.now);
  SIM_CHECK(left_ns.has_value(), "a batch in service was not on its GPU");
  const double whole_ns = solo_ns(r, q.size);
  q.noise = whole_ns > 0 ? std::max(0.0, *left_ns) / whole_ns : 0;
  if (q.started == q.stage_arrived) ++m.preempted_unwaited;
  leave_service(w, m, id);
  --q.deliveries;  // the next start goes on with this one
  if (--r.active > 0) return;
  end_busy(w, m, r);
  if (m.serving_clock) serving_ends(w, replica);
}

}  // namespace

void put_back_work(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  ModelState& m = w.models[r.model];
  std::vector<QueryId> ids;
  for (const RunningBatch& batch : r.running) ids.push_back(batch.head);
  r.running.clear();
  for (const QueryId id : ids) take_off(w, m, replica, id);
  while (!r.queue.empty()) {  // sent to it, not started
    const QueryId id = r.queue.pop_front(w.queries);
    m.queued_area += (w.now - w.queries[id].enqueued).count();
    --m.queued;
    --w.outstanding[replica];
    ids.push_back(id);
  }
  queue_again(w, m, ids);
}

void check_preemption(const World& w, const ModelState& m) {
  if (!m.scaling->preempt) return;
  const bool plain = std::all_of(m.spec->latency.begin(), m.spec->latency.end(), [](const auto& entry) {
    return entry.second.is_plain() && entry.second.gpu_active >= 1;
  });
  if (!m.uses_memory && plain && m.spec->batch.max == 1) return;
  throw InputError({w.scenario.file,
                    "scaling." + m.scaling->model +
                        ".scale_down: preempt_resume needs queries served "
                        "one by one with plain times and no memory of their own",
                    "write scale_down: drain, as clusters do"});
}

}  // namespace windtunnel
