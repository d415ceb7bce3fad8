// Reads `metrics`: the way from a gauge to a policy.
#include "sim/scenario/readers.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {

void read_metrics(Reading& reading, const Node* metrics) {
  if (metrics == nullptr) return;
  Block block = read_block(reading.problems, metrics, "metrics", tables::metrics());
  const ParamSet& v = block.values;
  if (block.ok) {
    const std::string pods = v.text("dcgm_pods");
    reading.scenario.metrics = {.scrape_interval = v.duration("scrape_interval"),
                                .dcgm_interval = v.duration("dcgm_interval"),
                                .spread = v.text("phase") == "spread",
                                .look_back = v.duration("look_back"),
                                .lost_scrapes = v.number("lost_scrapes"),
                                .dcgm_pods = pods == "one"      ? DcgmPods::one
                                             : pods == "copies" ? DcgmPods::copies
                                                                : DcgmPods::processes,
                                .metrics_server_resolution = v.duration("metrics_server_resolution"),
                                .broker_refresh = v.duration("broker_refresh"),
                                .partitions = v.integer("partitions"),
                                .adapter_cache = v.duration("adapter_cache")};
  }
  reading.resolved.set("metrics", std::move(block.resolved));
}

}  // namespace windtunnel
