// What a scenario says about traffic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/core/law.hpp"
#include "sim/core/param.hpp"
#include "sim/core/time.hpp"

namespace windtunnel {

/// A multiplier of the arrival rate over time: either a sinusoid 1 + amplitude sin(2 pi t / period + phase), or
/// `points` equally spaced over `period`, linear between them (or each held until the next) and repeated. Mean need not
/// be 1.
struct RateCurve {
  double period_s = 86400;
  double amplitude = 0;
  double phase_rad = 0;
  std::vector<double> points = {};  // empty: the sinusoid
  bool step = false;                // points are levels, each held until the next
};

/// A synthetic process: a row of the process registry with its parameters, an optional number of queries at each of its
/// instants, and an optional curve by thinning.
struct ArrivalSpec {
  std::string process = "poisson";
  ParamSet params;
  std::optional<RateCurve> curve;
  std::optional<Law> batch = {};  // one that mean_batch() takes
};

/// `rate_scale`: a factor, or the share of the fleet's largest capacity that the recording's mean shall be.
struct RateScale {
  double factor = 1;
  std::optional<double> offered_load;  // when given, `factor` is worked out before the run and printed
};

/// A recorded trace. Row labels (the file's model column) go to models through `map`; labels not in it go to `"*"`,
/// and are dropped and counted when there is no `"*"`.
struct TraceSpec {
  std::string file;                                      // as resolved against the scenario's folder
  std::string format = "auto";                           // a row of the format registry
  std::vector<std::pair<std::string, std::string>> map;  // label -> model; empty: every row to the workload's target
  RateScale rate_scale;
  std::optional<Duration> from, to;      // window, after re-basing
  bool rebase = true;                    // first row (or window start) becomes time 0
  std::string placement = "uniform";     // counts per second: where in the second: even, uniform, poisson
  std::string size_column = {};          // column to take a query's size from; empty: the format's own, if it has one
  double size_per_unit = 1;              // items per unit of `size_column`, e.g. 0.01 for 100 tokens an item
  std::string unit = "auto";             // of stamps that are numbers: s, ms, us, ns; auto: what the format says
  std::optional<Duration> reorder = {};  // rows may be so late and are put in order; empty: what the format says
  std::string time_column = {};          // column of the stamps; empty: the format's own
  std::string label_column = {};         // column that `map` looks at; empty: the format's own
  std::string values = {};               // a recorded series replayed as traffic: per_second or per_step
  std::string durations = {};  // table of durations by label: sizes are drawn from it, `size_per_unit` a second
  std::string durations_as = "percentiles";  // or "mean"
};

struct WorkloadSpec;

/// One step between a source and the queue: a row of the transform registry with its parameters.
struct TransformSpec {
  std::string kind;
  ParamSet params;
  std::vector<WorkloadSpec> sources;  // of superpose and splice: only `source` and `transforms` of each matter
};

/// A closed loop: so many clients, each of which thinks, asks, waits for the answer, and thinks again.
struct ClosedSpec {
  int count = 1;
  Law think;  ///< seconds
};

/// What a client does about a query that takes too long: leaves nothing, what is queued, or all of it behind.
enum class Cancel { none, queued, all };

/// How waits between attempts are spread: not; half fixed, half drawn; drawn from 0 on; exponential about the wait.
enum class Jitter { none, equal, full, exponential };

struct RetrySpec {
  int attempts = 1;  ///< in all
  Duration first = std::chrono::seconds(1);
  double factor = 2;
  Duration most = std::chrono::seconds(20);
  Jitter jitter = Jitter::full;
};

struct ClientSpec {
  std::optional<Law> timeout;        ///< seconds an attempt may take
  bool only_queued = false;          ///< the time-out ends with the beginning of service
  std::optional<Duration> deadline;  ///< of the whole query, from its first attempt
  Cancel cancel = Cancel::queued;
  RetrySpec retry;
};

/// One entry of `workload`. Target is a model (all its copies, evenly) or a pipeline.
struct WorkloadSpec {
  std::string name;  // names its random streams: target, or target#2 for the second of it
  std::string target;
  std::string variant = {};  // of the model, all its queries; empty: drawn
  std::variant<ArrivalSpec, TraceSpec, ClosedSpec> source;
  std::vector<TransformSpec> transforms = {};  // applied in order, after a trace's own window, map and rate_scale
  std::optional<Law> size;                     // work and memory items of a query; a trace's own size wins
  std::optional<std::uint64_t> queries;        // stop after this many
  std::optional<ClientSpec> clients;           // none: they wait for ever, and do not try again
  int priority = 1;                            // 1 is the highest
  int keys = 0;                                // ordering keys, drawn evenly; 0: none
};

}  // namespace windtunnel
