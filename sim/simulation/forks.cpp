// Queries of a pipeline that is no chain: their stages have slots of their own, the query itself waits for them.
#include <algorithm>

#include "sim/simulation/attended.hpp"
#include "sim/simulation/serving_parts.hpp"

namespace windtunnel {
namespace {

GraphState& graph_of(World& w, QueryId slot) {
  return *w.pipelines[w.queries[slot].pipeline].graph;
}

ForkedRun& run_of(World& w, QueryId root) {
  return graph_of(w, root).runs[w.queries.extra(root).run];
}

// Still the same attempt of the same query: what is begun in between may have ended it.
bool goes_on(const World& w, QueryId root, std::uint64_t visit) {
  return w.queries[root].state == QueryState::forked && w.queries.extra(root).visit == visit;
}

// Unique for each visit of each stage of a query.
std::uint64_t occurrence(std::uint32_t stage, std::uint32_t visit) {
  return (static_cast<std::uint64_t>(visit) << 16) + stage;
}

void begin_stage(World& w, QueryId root, std::uint32_t stage, double size, std::uint32_t enabled_by) {
  PipelineState& p = w.pipelines[w.queries[root].pipeline];
  const QueryId slot = w.queries.take();
  const Query& whole = w.queries[root];
  const QueryExtra& of_whole = w.queries.extra(root);
  StageRun& run = p.graph->runs[of_whole.run].stages[stage];
  Query& q = w.queries[slot];
  q = {};
  q.arrived = whole.arrived;
  q.size = size;
  q.model = static_cast<std::uint16_t>(p.stages[stage]);
  q.pipeline = whole.pipeline;
  q.stage = static_cast<std::uint8_t>(stage);
  ModelState& m = w.models[q.model];
  Rng rng = w.streams.keyed(w.workloads[of_whole.workload].clients->for_stage, of_whole.ordinal,
                            occurrence(stage, run.visits));
  q.noise = m.noise(rng);
  QueryExtra& extra = w.queries.extra(slot);
  extra = {.serial = of_whole.serial, .deadline = of_whole.deadline};
  extra.ordinal = of_whole.ordinal;
  extra.root = root;
  extra.workload = of_whole.workload;
  extra.key = of_whole.key;
  extra.priority = of_whole.priority;
  run.began = w.now;
  run.slot = slot;
  run.enabled_by = enabled_by;
  ++p.graph->runs[of_whole.run].open;
  enter_stage(w, m, slot);
}

// Where a query goes on: which exits are taken, the drawn sizes with them.
struct Exit {
  std::uint32_t to = 0;
  bool taken = false;
  double size = 1;
};

std::vector<Exit> draw_exits(World& w, QueryId root, std::uint32_t stage, double size) {
  GraphState& graph = graph_of(w, root);
  const QueryExtra& extra = w.queries.extra(root);
  Rng rng = w.streams.keyed(w.workloads[extra.workload].clients->for_branch, extra.ordinal,
                            occurrence(stage, run_of(w, root).stages[stage].visits));
  std::vector<Exit> exits;
  std::vector<std::pair<std::uint32_t, double>> choices;  // number of a choice; what is left of its draw
  for (const std::uint32_t index : graph.exits[stage]) {
    GraphEdge& edge = graph.edges[index];
    double left = rng.uniform();
    std::pair<std::uint32_t, double>* choice = nullptr;
    if (edge.choice != kNone) {
      const auto it =
          std::find_if(choices.begin(), choices.end(), [&](const auto& c) { return c.first == edge.choice; });
      choice = it == choices.end() ? &choices.emplace_back(edge.choice, left) : &*it;
      left = choice->second;
    }
    Exit out{.to = edge.to, .taken = left >= 0 && left < edge.probability, .size = size};
    // Once one of a choice is taken, what is left lies below 0: none of the others is.
    if (choice != nullptr) choice->second = left < 0 ? left : left - edge.probability;
    if (edge.scales) out.size = size * edge.size_factor(rng);
    if (!edge.feedback || out.taken) exits.push_back(out);
  }
  return exits;
}

// An edge into `stage` is decided. When the last one is, the stage begins, or is passed over with all that hangs on it.
void resolve(World& w, QueryId root, const Exit& edge, std::uint32_t by) {
  GraphState& graph = graph_of(w, root);
  StageRun& run = run_of(w, root).stages[edge.to];
  --run.unresolved;
  if (edge.taken) {
    ++run.taken;
    run.size = std::max(run.size, edge.size);
  }
  if (run.unresolved > 0) return;
  if (run.taken > 0) return begin_stage(w, root, edge.to, run.size, by);
  const std::uint64_t visit = w.queries.extra(root).visit;
  for (const std::uint32_t index : graph.exits[edge.to]) {
    if (!goes_on(w, root, visit)) return;
    resolve(w, root, {.to = graph.edges[index].to}, by);
  }
}

// The slowest way through, from its end: each stage began when the one that enabled it ended.
void add_stage_times(PipelineState& p, const ForkedRun& run) {
  for (std::size_t s = 0; s < run.stages.size(); ++s) {
    p.stage_times[s].visits += run.stages[s].visits;
    p.stage_times[s].time += run.stages[s].time;
    if (!p.graph->is_walk) continue;
    p.stage_times[s].critical += run.stages[s].visits;
    p.stage_times[s].critical_time += run.stages[s].time;
  }
  if (p.graph->is_walk) return;
  for (std::uint32_t s = run.last; s != kNone; s = run.stages[s].enabled_by) {
    ++p.stage_times[s].critical;
    p.stage_times[s].critical_time += run.stages[s].ended - run.stages[s].began;
  }
}

void give_run_back(World& w, QueryId root) {
  GraphState& graph = graph_of(w, root);
  graph.free_runs.push_back(w.queries.extra(root).run);
  w.queries.extra(root).run = kNone;
}

void complete(World& w, QueryId root) {
  PipelineState& p = w.pipelines[w.queries[root].pipeline];
  const Query& q = w.queries[root];
  const bool late = past_deadline(w, root);
  if (!late) add_stage_times(p, run_of(w, root));
  give_run_back(w, root);
  if (late) return finish_attempt(w, root, Ending::timed_out);
  ++p.slo_ended;
  count_completion(p, w.now - q.arrived);
  if (w.log_queries) log_query(w, root, Duration{}, w.now - q.stage_arrived, true);
  root_ends(w, root);
}

}  // namespace

void fork(World& w, QueryId root) {
  GraphState& graph = graph_of(w, root);
  std::uint32_t id = static_cast<std::uint32_t>(graph.runs.size());
  if (graph.free_runs.empty()) {
    graph.runs.emplace_back();
  } else {
    id = graph.free_runs.back();
    graph.free_runs.pop_back();
  }
  ForkedRun& run = graph.runs[id];
  run.stages.assign(graph.exits.size(), {});
  run.open = 0;
  run.last = kNone;
  for (std::size_t s = 0; s < run.stages.size(); ++s) run.stages[s].unresolved = graph.entries[s];
  begin_visit(w, root);  // its slot is used again: time-outs of who had it before are not its own
  QueryExtra& extra = w.queries.extra(root);
  extra.run = id;
  const std::uint64_t visit = extra.visit;
  w.queries[root].state = QueryState::forked;
  w.queries[root].stage_arrived = w.now;
  const double size = w.queries[root].size;
  for (std::uint32_t s = 0; s < graph.exits.size() && goes_on(w, root, visit); ++s)
    if (graph.entries[s] == 0) begin_stage(w, root, s, size, kNone);
}

void note_slot(World& w, QueryId slot) {
  const QueryId root = w.queries.extra(slot).root;
  if (root != kNone) run_of(w, root).stages[w.queries[slot].stage].slot = slot;
}

void stage_ends(World& w, QueryId slot, std::optional<Ending> how) {
  const QueryId root = w.queries.extra(slot).root;
  const std::uint32_t stage = w.queries[slot].stage;
  const double size = w.queries[slot].size;
  GraphState& graph = graph_of(w, root);
  ForkedRun& run = run_of(w, root);
  StageRun& ended = run.stages[stage];
  SIM_CHECK(ended.slot == slot, "a stage was answered by a query that is not its");
  ended.slot = kNone;
  ended.ended = w.now;
  ended.time += w.now - ended.began;
  --run.open;
  run.last = stage;
  w.queries.give_back(slot);
  if (how && !graph.optional[stage]) {
    abandon_stages(w, root, Cancel::queued, *how);
    return finish_attempt(w, root, *how);
  }
  const std::uint64_t visit = w.queries.extra(root).visit;
  std::vector<Exit> exits = draw_exits(w, root, stage, size);
  ++ended.visits;
  for (Exit& exit : exits) {
    if (!goes_on(w, root, visit)) return;
    if (how) exit.taken = false;
    if (graph.is_walk) {
      if (exit.taken) begin_stage(w, root, exit.to, exit.size, stage);
    } else {
      resolve(w, root, exit, stage);
    }
  }
  if (goes_on(w, root, visit) && run_of(w, root).open == 0) complete(w, root);
}

void abandon_stages(World& w, QueryId root, Cancel cancel, Ending how) {
  GraphState& graph = graph_of(w, root);
  const std::uint32_t id = w.queries.extra(root).run;
  for (std::size_t s = 0; s < graph.runs[id].stages.size(); ++s) {
    const QueryId slot = graph.runs[id].stages[s].slot;
    if (slot == kNone) continue;
    graph.runs[id].stages[s].slot = kNone;
    QueryExtra& extra = w.queries.extra(slot);
    extra.root = kNone;
    extra.stray = true;
    if (w.queries[slot].state != QueryState::queued || cancel == Cancel::none) {
      extra.deadline = kNever;  // nobody waits, and nobody tells the server
      continue;
    }
    ModelState& m = w.models[w.queries[slot].model];
    leave_queue(w, m, slot);
    ++(how == Ending::timed_out ? m.broker->counts.abandoned : m.broker->counts.cancelled);
    end_query(w, m, slot, how == Ending::timed_out ? Ending::timed_out : Ending::failed);
  }
  give_run_back(w, root);
}

}  // namespace windtunnel
