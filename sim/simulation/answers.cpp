// Ends: a query's answer, or why there is none, counted where it belongs.
#include "sim/simulation/attended.hpp"
#include "sim/simulation/batch_time.hpp"
#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

void count_thresholds(std::vector<ThresholdCount>& counts, const std::vector<Duration>& at, Duration value) {
  for (std::size_t i = 0; i < at.size(); ++i)
    if (value <= at[i]) ++counts[i].at_or_below;
}

}  // namespace

void count_details(World& w, ModelState& m, const Query& q, Duration response, Duration queueing) {
  const Replica& r = w.replicas[q.replica];
  const double noise = m.broker != nullptr ? whole_noise(w, q) : q.noise;
  m.slowdown_sum += static_cast<double>(response.count()) / (solo_ns(r, q.size) * noise);
  count_thresholds(m.response_thresholds, m.response_at, response);
  count_thresholds(m.queueing_thresholds, m.queueing_at, queueing);
}

void count_ending(QueryCounts& counts, Ending how) {
  switch (how) {
    case Ending::failed: ++counts.failed; break;
    case Ending::timed_out: ++counts.timed_out; break;
    case Ending::rejected: ++counts.rejected; break;
  }
}

void log_query(World& w, QueryId id, Duration queueing, Duration service, bool completed) {
  const Query& q = w.queries[id];
  w.options.observer->on_query({.serial = w.queries.extra(id).serial,
                                .model = q.model,
                                .pipeline = q.pipeline == kNoPipeline ? kNone : q.pipeline,
                                .arrived = q.arrived,
                                .ended = w.now,
                                .queueing_delay = queueing,
                                .service_time = service,
                                .completed = completed});
}

void count_completion(PipelineState& p, Duration whole) {
  ++p.counts.completed;
  p.response_time.record(whole);
  p.slo_met += whole <= p.slo_target ? 1 : 0;
  for (auto& t : p.response_thresholds)
    if (whole <= to_duration(t.at_s)) ++t.at_or_below;
}

// A stage of a pipeline has its answer: on to the next one, or the whole is over.
[[gnu::noinline]] void settle_stage(World& w, QueryId id, const Answer& answer) {
  Query& q = w.queries[id];
  PipelineState& p = w.pipelines[q.pipeline];
  ++p.stage_times[q.stage].visits;
  p.stage_times[q.stage].time += answer.response;
  if (answer.late || q.stage + 1U == p.stages.size()) {
    ++p.slo_ended;
    if (answer.late) {
      ++p.counts.timed_out;
    } else {
      count_completion(p, w.now - q.arrived);
    }
    if (w.log_queries) log_query(w, id, answer.queueing, answer.service, !answer.late);
    w.queries.give_back(id);
    return;
  }
  ++q.stage;
  q.noise = w.queries.later_noise(id, q.stage);
  q.model = static_cast<std::uint16_t>(p.stages[q.stage]);
  enter_stage(w, w.models[q.model], id);
}

// The client has its answer: everything is counted here.
inline void settle(World& w, ModelState& m, QueryId id, SimTime finished) {
  if (w.attended) return settle_attended(w, m, id, finished);
  Query& q = w.queries[id];
  const Answer answer{.response = w.now - q.stage_arrived,
                      .queueing = q.started - q.stage_arrived,
                      .service = finished - q.started,
                      .late = past_deadline(w, id)};
  count_answer(w, m, q, answer);
  if (q.pipeline != kNoPipeline) return settle_stage(w, id, answer);
  ++(answer.late ? w.direct.timed_out : w.direct.completed);
  if (w.log_queries) [[unlikely]]
    log_query(w, id, answer.queueing, answer.service, !answer.late);
  w.queries.give_back(id);
}
void end_query(World& w, ModelState& m, QueryId id, Ending how) {
  if (w.attended && !is_wanted(w, id)) [[unlikely]]
    return discard(w, m, id);
  const Query& q = w.queries[id];
  count_ending(m.counts, how);
  ++m.slo_ended;
  if (q.state == QueryState::queued) something_left(w, m);
  if (w.attended) [[unlikely]]
    return attempt_ends(w, m, id, how);
  if (q.pipeline == kNoPipeline) {
    count_ending(w.direct, how);
  } else {
    count_ending(w.pipelines[q.pipeline].counts, how);
    ++w.pipelines[q.pipeline].slo_ended;
  }
  if (w.log_queries) log_query(w, id, w.now - q.stage_arrived, Duration{}, false);
  w.queries.give_back(id);
}

}  // namespace windtunnel
