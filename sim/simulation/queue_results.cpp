#include "sim/simulation/queue_results.hpp"

namespace windtunnel {

void zero(QueueState& broker) {
  broker.counts = {};
  broker.classes.clear();
}

void add_queue_results(ModelResult& out, const QueueState& broker) {
  out.queue = broker.counts;
  for (const auto& [priority, c] : broker.classes)
    out.classes.push_back({priority, c.completed, c.response_time, c.queueing_delay, c.response_thresholds});
}

// In a chain every stage is on the longest way through.
std::vector<StageResult> stage_results(const World& w, const PipelineState& p) {
  std::vector<StageResult> out;
  for (std::size_t s = 0; s < p.stages.size(); ++s) {
    const StageTimes& t = p.stage_times[s];
    const bool chain = p.graph == nullptr;
    out.push_back({.model = w.models[p.stages[s]].spec->name,
                   .visits = t.visits,
                   .critical = chain ? t.visits : t.critical,
                   .time_s = to_seconds(t.time),
                   .critical_time_s = to_seconds(chain ? t.time : t.critical_time)});
  }
  return out;
}

std::vector<ClientResult> client_results(const World& w) {
  std::vector<ClientResult> out;
  for (const WorkloadState& workload : w.workloads) {
    const bool closed = std::holds_alternative<ClosedSpec>(workload.spec->source);
    if (workload.clients == nullptr || (!workload.spec->clients && !closed)) continue;
    out.push_back({workload.spec->name, workload.clients->counts});
  }
  return out;
}

}  // namespace windtunnel
