#include "sim/simulation/attended_setup.hpp"

#include <algorithm>
#include <map>

namespace windtunnel {

bool needs_attention(const Scenario& s) {
  return std::any_of(s.models.begin(), s.models.end(), [](const auto& m) { return m.queue.given; }) ||
         std::any_of(s.pipelines.begin(), s.pipelines.end(), [](const auto& p) { return !p.is_chain(); }) ||
         std::any_of(s.workload.begin(), s.workload.end(), [](const auto& w) {
           return w.clients || w.keys > 0 || w.priority != 1 || std::holds_alternative<ClosedSpec>(w.source);
         });
}

std::uint32_t link_of(World& w, Duration delay, EventKind kind) {
  return delay == Duration{} ? kNone : w.links.link(delay, kind);
}

void add_broker(World& w, ModelState& m) {
  const QueueSpec& spec = m.spec->queue;
  m.broker = std::make_unique<QueueState>();
  m.brokered = spec.given;
  // A query that waited for its key goes where it would stand, had it not had to.
  m.ranked = spec.discipline != Discipline::fifo || spec.ordered;
  if (m.ranked) m.broker->ranks = std::make_unique<RankedQueue>(spec.discipline, spec.ordered);
  m.broker->preempts = spec.preemptive;
  m.broker->ack_link = link_of(w, spec.ack_timeout, EventKind::ack_timed_out);
}

std::unique_ptr<ClientState> make_clients(World& w, const WorkloadSpec& spec) {
  static const ClientSpec kPatient{};
  auto out = std::make_unique<ClientState>();
  out->spec = spec.clients ? &*spec.clients : &kPatient;
  if (const auto& clients = spec.clients; clients && clients->timeout) {
    out->timeout = LawSampler(*clients->timeout);
    if (out->timeout.is_deterministic())
      out->link = link_of(w, to_duration(out->timeout.mean()), EventKind::client_timed_out);
  }
  if (const auto* closed = std::get_if<ClosedSpec>(&spec.source)) out->think = LawSampler(closed->think);
  if (spec.size) out->size = LawSampler(*spec.size);
  out->for_key = "key/" + spec.name;
  out->for_patience = "patience/" + spec.name;
  out->for_retry = "retry/" + spec.name;
  out->for_branch = "branch/" + spec.name;
  out->for_stage = "stage/" + spec.name;
  out->for_think = "think/" + spec.name;
  out->for_query = "query/" + spec.name;
  return out;
}

std::unique_ptr<GraphState> make_graph(const PipelineSpec& spec) {
  auto out = std::make_unique<GraphState>();
  out->exits.resize(spec.stages.size());
  out->entries.resize(spec.stages.size());
  out->optional.resize(spec.stages.size());
  for (const std::uint32_t stage : spec.optional_stages) out->optional[stage] = true;
  out->is_walk = std::any_of(spec.edges.begin(), spec.edges.end(), [](const auto& e) { return e.feedback; });
  std::map<std::string, std::uint32_t> choices;
  for (const PipelineEdge& edge : spec.edges) {
    GraphEdge e{.from = edge.from, .to = edge.to, .probability = edge.probability, .feedback = edge.feedback};
    // In a walk all exits of a stage are one choice.
    if (out->is_walk) {
      e.choice = 0;
    } else if (!edge.choice.empty()) {
      e.choice = choices.emplace(edge.choice, static_cast<std::uint32_t>(choices.size())).first->second;
    }
    e.scales = edge.size_factor.has_value();
    if (edge.size_factor) e.size_factor = LawSampler(*edge.size_factor);
    out->exits[edge.from].push_back(static_cast<std::uint32_t>(out->edges.size()));
    if (!edge.feedback) ++out->entries[edge.to];
    out->edges.push_back(e);
  }
  return out;
}

}  // namespace windtunnel
