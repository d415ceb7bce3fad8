// From what happens to what a controller knows of it: exporters, scrapes, the broker's and metrics-server's own
// samples, and the answers made of them. Only there where somebody asks.
#pragma once

#include <array>
#include <bitset>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policies/metrics_view.hpp"
#include "sim/metrics/metric_table.hpp"
#include "sim/metrics/prepared_query.hpp"
#include "sim/metrics/series_store.hpp"
#include "sim/metrics/spec.hpp"
#include "sim/simulation/metric_recording.hpp"

namespace windtunnel {

inline constexpr std::size_t kLatencyBuckets = 17;  // 16 bounds and +Inf

/// What one replica's process has counted since it began, as its exporters have it.
struct ServerCounters {
  std::uint64_t process = ~std::uint64_t{0};  ///< whose these are; another one begins at 0
  std::uint64_t served = 0;
  std::int64_t request_ns = 0, queue_ns = 0;
  std::int64_t busy_ns_before = 0;                                     ///< of the replica's, that is not this process's
  std::array<std::uint64_t, kLatencyBuckets> latency{}, queue_time{};  ///< not cumulative
  SimTime began{};
  std::int64_t busy_at_dcgm = 0;  ///< busy_ns() at DCGM's last collection
  double busy_share = 0;          ///< of the time between the last two
  // metrics-server's: the last two scrapes.
  bool scraped = false;
  SimTime scraped_at{};
  double scraped_cpu_s = 0;
  std::optional<PodSample> cpu, memory;
};

struct ScrapeTarget {
  Exporter exporter{};
  std::uint32_t index = 0;  ///< node, or replica
  std::uint32_t model = 0;  ///< of a replica
  std::uint32_t ordinal = 0;
  Duration phase{}, interval{};
  SimTime next{};
  std::string instance, job;
  bool gone = false;              ///< its series end at the next scrape
  bool answers = false;           ///< its last scrape did not fail
  std::uint64_t layout = 0;       ///< of what its series are; 0: not yet
  std::vector<SeriesId> slots{};  ///< one for each figure it publishes; kNoSeries: nobody wants it
  SeriesId up = kNoSeries;
  std::vector<Duration> busy_before{};  ///< dcgm: by GPU of the node
  std::vector<double> busy_share{};     ///< since the last scrape
  SimTime busy_at{};
};

/// The broker's figures of one model's queue, as of its last refresh.
struct BrokerSample {
  QueueView view;
  SimTime at{};
  bool taken = false;
  std::uint64_t published = 0, delivered = 0;
};

struct MetricPath {
  explicit MetricPath(const MetricsSpec& s, SeriesStore* recorded)
      : spec(s), store(recorded != nullptr ? *recorded : own_store) {}

  const MetricsSpec& spec;
  SeriesStore own_store;
  SeriesStore& store;
  std::vector<std::vector<promql::Matcher>> wanted;  ///< selectors
  std::bitset<64> wanted_metrics;                    ///< by MetricId
  bool wants_up = false;
  std::uint64_t epoch = 1;  ///< rises with what is wanted

  std::vector<ScrapeTarget> targets;
  std::uint64_t fleet_seen = 0, epoch_seen = 0;  ///< what they were found from
  SimTime planned = kNever, broker_next = kNever, pods_next = kNever, forget_next{};

  std::vector<ServerCounters> servers;       ///< by replica
  std::vector<BrokerSample> brokers;         ///< by model
  std::vector<std::int64_t> arrived_before;  ///< by model, before the measured window
  std::map<std::string, std::unique_ptr<PreparedQuery>, std::less<>> queries;
  std::vector<std::unique_ptr<MetricsView>> views;  ///< by model, where its policy asks

  [[nodiscard]] bool wants(MetricId id) const { return wanted_metrics.test(static_cast<std::size_t>(id)); }
};

}  // namespace windtunnel
