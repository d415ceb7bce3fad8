#include "sim/simulation/start_times.hpp"

#include <algorithm>

namespace windtunnel {
namespace {

Duration overlap(SimTime from, SimTime to, SimTime begin, SimTime end) {
  return std::max(Duration{}, std::min(to, end) - std::max(from, begin));
}

}  // namespace

void part_pending_time(World& w, ReplicaId replica) {
  Replica& r = w.replicas[replica];
  const ClusterNode& node = w.nodes[w.gpus[r.gpu].node];
  r.times.node = overlap(r.created, w.now, node.ordered, node.provisioned);
  r.times.driver = overlap(r.created, w.now, node.provisioned, node.usable);
  r.times.scheduling = w.now - r.created - r.times.node - r.times.driver;
}

void count_start(ModelState& m, const Replica& r) {
  ++m.cold_starts;
  m.start_times.scheduling += r.times.scheduling;
  m.start_times.node += r.times.node;
  m.start_times.driver += r.times.driver;
  m.start_times.probe += r.times.probe;
  for (std::size_t s = 0; s < r.times.stages.size(); ++s) m.start_times.stages[s] += r.times.stages[s];
}

}  // namespace windtunnel
