#include "sim/simulation/attended.hpp"

#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

bool is_alive(const World& w, QueryId id, std::uint64_t visit) {
  return w.queries[id].state != QueryState::free && w.queries.extra(id).visit == visit;
}

// Whether this slot's answer is the query's. A copy whose query waits or runs elsewhere becomes the query.
bool claims_answer(World& w, QueryId id) {
  QueryExtra& extra = w.queries.extra(id);
  if (extra.is_orphan()) return false;
  if (!extra.is_copy()) return true;
  const QueryId other = primary_of(w, id);
  if (other == kNone) return false;
  ModelState& m = w.models[w.queries[id].model];
  switch (w.queries[other].state) {
    case QueryState::queued: leave_queue(w, m, other); break;
    case QueryState::in_service: break;
    default: return false;  // its answer is on the way
  }
  QueryExtra& of_other = w.queries.extra(other);
  extra.original = kNone;
  extra.holds_key = of_other.holds_key;
  extra.root = of_other.root;
  extra.stray = of_other.stray;
  extra.deadline = of_other.deadline;
  if (w.queries[other].state == QueryState::queued) {
    w.queries.give_back(other);
  } else {
    of_other.visit = 0;
    of_other.superseded = true;
    of_other.holds_key = false;
  }
  note_slot(w, id);
  return true;
}

void count_class(World& w, ModelState& m, QueryId id, const Answer& answer) {
  if (m.spec->queue.discipline != Discipline::priority || answer.late) return;
  auto [it, fresh] = m.broker->classes.try_emplace(w.queries.extra(id).priority);
  ClassState& c = it->second;
  if (fresh)
    for (const Duration at : m.response_at) c.response_thresholds.push_back({to_seconds(at), 0});
  ++c.completed;
  c.response_time.record(answer.response);
  c.queueing_delay.record(answer.queueing);
  for (std::size_t i = 0; i < m.response_at.size(); ++i)
    if (answer.response <= m.response_at[i]) ++c.response_thresholds[i].at_or_below;
}

}  // namespace

Presence presence_of(const World& w, QueryId id) {
  const Query& q = w.queries[id];
  if (q.state == QueryState::free) return {};
  const bool queued = q.state == QueryState::queued;
  if (!w.attended) return {.at_model = true, .as_root = true, .queued = queued};
  const QueryExtra& extra = w.queries.extra(id);
  if (q.state == QueryState::forked || q.state == QueryState::backing_off) return {.as_root = true};
  if (extra.is_orphan() || extra.is_copy()) return {};
  return {.at_model = true, .as_root = extra.root == kNone && !extra.stray, .queued = queued};
}

QueryId primary_of(const World& w, QueryId id) {
  const std::uint64_t visit = w.queries.extra(id).visit;
  while (w.queries.extra(id).is_copy()) {
    id = w.queries.extra(id).original;
    if (!is_alive(w, id, visit)) return kNone;
  }
  return id;
}

void discard(World& w, ModelState& m, QueryId id) {
  const Query& q = w.queries[id];
  if (q.state == QueryState::queued) something_left(w, m);
  release_key(w, m, id);
  w.queries.give_back(id);
}

void drop_unwanted(World& w, std::vector<QueryId>& ids) {
  std::erase_if(ids, [&](QueryId id) {
    if (is_wanted(w, id)) return false;
    w.queries[id].state = QueryState::travelling;
    discard(w, w.models[w.queries[id].model], id);
    return true;
  });
}

QueryId detach(World& w, QueryId id) {
  const QueryId fresh = w.queries.copy(id);
  QueryExtra& old = w.queries.extra(id);
  old.visit = 0;
  old.original = old.root = kNone;
  old.gives_up = old.deadline = old.ack_due = kNever;
  w.queries.extra(fresh).holds_key = w.queries.extra(fresh).parked = false;
  note_slot(w, fresh);
  Query& q = w.queries[fresh];
  q.state = QueryState::travelling;
  q.replica = q.next = kNone;
  return fresh;
}

namespace {

// Nothing was said of its queue, and nothing happened to it but its one service. (Stages of forked queries, stray ones
// among them, have a pipeline.)
bool went_straight(const ModelState& m, const Query& q, const QueryExtra& extra) {
  return !m.brokered && q.pipeline == kNoPipeline && extra.original == kNone && !extra.is_orphan() &&
         extra.served == Duration{};
}

[[gnu::noinline]] void settle_winding(World& w, ModelState& m, QueryId id, SimTime finished) {
  if (!claims_answer(w, id)) {
    const QueryExtra& extra = w.queries.extra(id);
    ++(extra.is_orphan() && !extra.superseded ? m.broker->counts.orphans : m.broker->counts.duplicates);
    return discard(w, m, id);
  }
  Query& q = w.queries[id];
  const QueryExtra& extra = w.queries.extra(id);
  const bool alone = q.pipeline == kNoPipeline;
  Answer answer{.response = w.now - (alone ? q.arrived : q.stage_arrived),
                .queueing = {},
                .service = (finished - q.started) + extra.served,
                .late = past_deadline(w, id)};
  answer.queueing = (finished - q.stage_arrived) - answer.service;
  count_answer(w, m, q, answer);
  count_class(w, m, id, answer);
  release_key(w, m, id);
  if (extra.stray) return w.queries.give_back(id);
  if (extra.root != kNone) return stage_ends(w, id, answer.late ? std::optional(Ending::timed_out) : std::nullopt);
  if (answer.late) {
    if (!alone) ++w.pipelines[q.pipeline].stage_times[q.stage].visits;
    return finish_attempt(w, id, Ending::timed_out);
  }
  if (!alone) {
    PipelineState& p = w.pipelines[q.pipeline];
    ++p.stage_times[q.stage].visits;
    p.stage_times[q.stage].time += answer.response;
    if (q.stage + 1U < p.stages.size()) {
      ++q.stage;
      q.noise = w.queries.later_noise(id, q.stage);
      q.model = static_cast<std::uint16_t>(p.stages[q.stage]);
      return enter_stage(w, w.models[q.model], id);
    }
    ++p.slo_ended;
    count_completion(p, w.now - q.arrived);
  } else {
    ++w.direct.completed;
  }
  if (w.log_queries) log_query(w, id, answer.queueing, answer.service, true);
  root_ends(w, id);
}

}  // namespace

inline void settle_attended(World& w, ModelState& m, QueryId id, SimTime finished) {
  const Query& q = w.queries[id];
  if (!went_straight(m, q, w.queries.extra(id)) || past_deadline(w, id)) return settle_winding(w, m, id, finished);
  const Answer answer{
      .response = w.now - q.arrived, .queueing = q.started - q.stage_arrived, .service = finished - q.started};
  count_answer(w, m, q, answer);
  ++w.direct.completed;
  if (w.log_queries) [[unlikely]]
    log_query(w, id, answer.queueing, answer.service, true);
  end_root(w, id);
}

}  // namespace windtunnel
