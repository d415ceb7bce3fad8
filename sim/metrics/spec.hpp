// What a scenario says of the metric path: who looks how often, and what gets lost.
#pragma once

#include "sim/core/time.hpp"

namespace windtunnel {

/// Which pods DCGM's exporter names on a card that several share (reference: NVIDIA/dcgm-exporter).
enum class DcgmPods {
  one,        ///< the one that came last: the default, whoever caused the load
  copies,     ///< a copy of the whole device's value for each: summed over pods it multiplies
  processes,  ///< the device's series, and one for each pod with its own share; not under MPS
};

struct MetricsSpec {
  Duration scrape_interval = std::chrono::seconds(15);
  Duration dcgm_interval = std::chrono::seconds(30);
  bool spread = false;  ///< each target at a phase of its own, keyed by the seed; else all at multiples
  Duration look_back = std::chrono::minutes(5);
  double lost_scrapes = 0;  ///< probability that one fails
  DcgmPods dcgm_pods = DcgmPods::one;
  Duration metrics_server_resolution = std::chrono::seconds(15);
  Duration broker_refresh = std::chrono::seconds(5);  ///< 0: its figures are read at the decision
  int partitions = 1;                                 ///< of each model's topic
  Duration adapter_cache{};                           ///< how old an answer of the adapter may be
};

}  // namespace windtunnel
