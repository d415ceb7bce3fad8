// What queues, clients and stages add to a run's results.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// The measured window begins.
void zero(QueueState& broker);

void add_queue_results(ModelResult& out, const QueueState& broker);
std::vector<StageResult> stage_results(const World& world, const PipelineState& pipeline);
std::vector<ClientResult> client_results(const World& world);

}  // namespace windtunnel
