// When exporters are scraped, the broker renews its figures and metrics-server looks at pods.
#pragma once

#include "sim/simulation/world.hpp"

namespace windtunnel {

/// Sets the metric path up where a policy or a recording asks for it. After models and cluster are there.
void start_metrics(World& world);
/// Everything due now, in the order: broker, metrics-server, scrapes by target.
void turn_metric_wheel(World& world);
/// Keeps what the selectors of the query take, from now on.
/// @return the prepared query, or what is wrong with it, "column N: ..."
PreparedQuery* ask_for(World& world, std::string_view query, std::string& error);

/// The same for its exporters' targets: scraping.
void find_targets(World& world);
void scrape_target(World& world, ScrapeTarget& target);

/// A query leaves the replica's server, answered; where its model's `counts_served`.
void count_served(World& world, const Query& query);
/// The process's counters, begun anew for a new process: call it when one begins.
ServerCounters& server_of(World& world, ReplicaId replica);
/// Time with a batch in service, ns, of the process so far.
std::int64_t busy_ns(const World& world, const ServerCounters& server, const Replica& replica);
/// CPU seconds of its process so far; 0 where the model says nothing of CPU.
double cpu_seconds(World& world, ReplicaId replica);

/// The broker's figures now; rates since its last sample.
void refresh_broker(World& world, const ModelState& model);
/// metrics-server's scrape of the model's pods.
void sample_pods(World& world, const ModelState& model);
/// Queries that ever came to the model.
std::uint64_t published(const World& world, const ModelState& model);

std::unique_ptr<MetricsView> make_model_metrics(World& world, ModelState& model);
std::string pod_name(const ModelState& model, const Replica& replica);
double oldest_age_s(World& world, const ModelState& model);

}  // namespace windtunnel
