// Does a fitted process load a fleet as its recording does? Backlog percentiles under the demo policy, recording
// against fit, for every staged set with arrivals. Prints the table of docs/arrivals.md. Needs WINDTUNNEL_DATA; takes
// minutes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/offered_load.hpp"
#include "sim/simulation/simulation.hpp"
#include "sim/workload/registry.hpp"
#include "sim/workload/trace_fit.hpp"

namespace windtunnel {
namespace {

/// One model of room_pipeline.yaml alone: Stable Diffusion's times on A10G cards, four replicas a card, backlog_time.
constexpr std::string_view kFleet = R"(
schema: 1
name: fitted-backlog
seed: 1
run: to_empty
models:
  room-scene: {latency: {A10G: {fixed: 0.49s, per_item: 1.54s, cv: 0.02, gpu_active: 0.53}}, cold_start: {load: 22s}}
workload:
  - {model: room-scene, queries: 1, arrivals: {process: poisson, rate: 1/s}}
cluster:
  node_pools:
    a10: {gpu: A10G, gpus: 1, sharing: {mode: time_slicing, replicas: 4}, nodes: {min: 1, max: 8}, provision: 90s}
scaling:
  room-scene: {policy: backlog_time, target: 3s, min: 1, max: 32, scale_down_after: 5m}
)";

/// The backlog at each whole second, from the queries' own times.
class BacklogSeconds final : public RunObserver {
 public:
  explicit BacklogSeconds(double span_s) : steps_(static_cast<std::size_t>(span_s) + 2) {}
  bool wants_queries() const override { return true; }
  void on_query(const QueryRecord& query) override {
    step(to_seconds(query.arrived), 1);
    step(to_seconds(query.ended), -1);
  }
  /// Mean, p50, p90, p95, p99.
  [[nodiscard]] std::vector<double> figures() const {
    std::vector<std::int64_t> backlog;
    std::int64_t now = 0;
    double sum = 0;
    for (std::size_t second = 0; second + 1 < steps_.size(); ++second) {
      backlog.push_back(now += steps_[second]);
      sum += static_cast<double>(now);
    }
    std::sort(backlog.begin(), backlog.end());
    const auto at = [&](double share) {
      return static_cast<double>(backlog[static_cast<std::size_t>(share * static_cast<double>(backlog.size() - 1))]);
    };
    return {sum / static_cast<double>(backlog.size()), at(0.5), at(0.9), at(0.95), at(0.99)};
  }

 private:
  void step(double at_s, int by) {
    const double second = std::ceil(at_s);
    if (second < static_cast<double>(steps_.size())) steps_[static_cast<std::size_t>(second)] += by;
  }
  std::vector<std::int64_t> steps_;
};

using Figures = std::vector<double>;

Scenario fleet(const WorkloadSpec& traffic) {
  auto scenario = parse_scenario(kFleet, "fleet.yaml", ".");
  EXPECT_TRUE(scenario) << scenario.problems().front().text();
  Scenario out = std::move(*scenario);
  out.workload.front() = traffic;
  out.workload.front().name = out.workload.front().target = "room-scene";
  return out;
}

/// Means over seeds of the backlog's figures, and how far one seed lies from them (standard deviation).
struct SeedFigures {
  Figures mean = Figures(5), deviation = Figures(5);
};

SeedFigures backlog_of(const Scenario& scenario, double span_s, std::uint64_t first_seed, int seeds) {
  SeedFigures out;
  for (int run = 0; run < seeds; ++run) {
    BacklogSeconds backlog(span_s);
    const auto result =
        simulate(scenario, {.seed = first_seed + static_cast<std::uint64_t>(run), .observer = &backlog});
    if (!result) throw InputError(result.problems().front());
    const Figures figures = backlog.figures();
    for (std::size_t i = 0; i < figures.size(); ++i) {
      out.mean[i] += figures[i] / seeds;
      out.deviation[i] += figures[i] * figures[i] / seeds;
    }
  }
  for (std::size_t i = 0; i < out.mean.size(); ++i)
    out.deviation[i] =
        std::sqrt(std::max(out.deviation[i] - out.mean[i] * out.mean[i], 0.0) * seeds / std::max(seeds - 1, 1));
  return out;
}

/// What the recording brings, and the factor that makes it 0.7 of what eight cards can do.
double factor_to_load(const WorkloadSpec& recording, double span_s) {
  const Scenario scenario = fleet(recording);
  const auto source = make_source(recording, RngStreams(1), 1);
  std::vector<Arrival> block(512);
  double work_s = 0;
  while (const std::size_t count = source->next(block))
    for (std::size_t i = 0; i < count; ++i) work_s += gpu_seconds(scenario, "room-scene", block[i].size);
  return 0.7 * 8 * span_s / work_s;
}

WorkloadSpec scaled(WorkloadSpec spec, double factor) {
  TransformSpec scale{.kind = "scale", .params = {}, .sources = {}};
  scale.params.set("factor", factor, true);
  spec.transforms.push_back(std::move(scale));
  return spec;
}

struct Row {
  std::string name;
  SeedFigures recorded, fitted;
  double factor = 1;
  int states = 1;
  std::size_t levels = 0;

  /// The largest relative difference of the percentiles; the mean is shown, not judged.
  [[nodiscard]] double worst() const {
    double out = 0;
    for (std::size_t i = 1; i < recorded.mean.size(); ++i)
      out = std::max(out, std::abs(fitted.mean[i] - recorded.mean[i]) / std::max(recorded.mean[i], 1.0));
    return out;
  }
  /// The largest standard deviation of one run's percentiles over their mean.
  [[nodiscard]] static double spread(const SeedFigures& of) {
    double out = 0;
    for (std::size_t i = 1; i < of.mean.size(); ++i) out = std::max(out, of.deviation[i] / std::max(of.mean[i], 1.0));
    return out;
  }
};

/// As many runs as bring ten million queries, 5 to 20.
int seeds_for(double queries) {
  return std::clamp(static_cast<int>(1e7 / queries), 5, 20);
}

Row compare_set(const std::string& name, const WorkloadSpec& recording, const FitOptions& options) {
  const auto fitted = fit_arrivals(recording, options);
  if (!fitted) throw InputError(fitted.problems().front());
  Row row;
  row.name = name;
  row.states = fitted->states;
  row.levels = fitted->level_count;
  row.factor = factor_to_load(recording, fitted->span_s);
  const int seeds = seeds_for(fitted->span_s * 5);  // the fleet takes about 5 queries/s
  row.recorded = backlog_of(fleet(scaled(recording, row.factor)), fitted->span_s, 1, seeds);
  row.fitted = backlog_of(fleet(scaled(fitted->workload, row.factor)), fitted->span_s, 101, seeds);
  return row;
}

std::string text_of(const Row& row) {
  std::string out = fmt::format("| {} | {:.3g} | {} | {} |", row.name, row.factor, row.levels, row.states);
  for (std::size_t i = 0; i < row.recorded.mean.size(); ++i)
    out += fmt::format(" {:.4g} / {:.4g} |", row.recorded.mean[i], row.fitted.mean[i]);
  return out + fmt::format(" {:.0f} / {:.0f} % | {:.0f} % |", 100 * Row::spread(row.recorded),
                           100 * Row::spread(row.fitted), 100 * row.worst());
}

struct StagedSet {
  std::string name, file;
  std::optional<Duration> from = {};
};

const std::vector<StagedSet>& staged_sets() {
  static const std::vector<StagedSet> sets = {
      {"azure-llm-2023-conv", "azure-llm-2023-conv/AzureLLMInferenceTrace_conv.csv"},
      {"mooncake conversation", "mooncake-conversation-2025/conversation_trace_first40min.jsonl"},
      {"mooncake synthetic", "mooncake-conversation-2025/synthetic_trace.jsonl.gz"},
      {"genai requests", "alibaba-genai-2026/lora_request_trace_nov15_dec01.csv"},
      {"twitter", "twitter-2021-08-rate/workload_days01-14.txt.gz"},
      {"azure-functions 2021", "azure-functions-samples/Azure2021_200.csv"},
      {"azure-functions 2019", "azure-functions-samples/azure2019_invocations.csv"},
      // The first 113 days hold 24 pods.
      {"openb pods, from day 113", "alibaba-openb-2023/openb_pod_list_default.csv", std::chrono::hours(113 * 24)},
      {"dlrm replicas", "alibaba-dlrm-2025/disaggregated_DLRM_trace.csv"},
  };
  return sets;
}

/// ServeGen gives rates and laws by window, no instants: its "recording" is one draw of fourteen days.
WorkloadSpec servegen(const std::string& folder) {
  ArrivalSpec arrivals{.process = "servegen", .params = {}, .curve = {}};
  arrivals.params.set("folder", folder, true);
  arrivals.params.set("rate", 5.2, true);
  for (const auto& [name, value] : {std::pair{"clients", 43.0}, {"skew", 1.0}, {"scv", 1.0}})
    arrivals.params.set(name, value, false);
  arrivals.params.set("law", std::string("gamma"), false);
  WorkloadSpec spec;
  spec.name = "servegen";
  spec.source = std::move(arrivals);
  TransformSpec window{.kind = "window", .params = {}, .sources = {}};
  window.params.set("to", 14 * 86400.0, true);
  spec.transforms.push_back(std::move(window));
  return spec;
}

TEST(FittedBacklog, PercentilesAreWithinAFifthOfTheRecordingsOnTheHourLongSets) {
  const char* data = std::getenv("WINDTUNNEL_DATA");
  if (data == nullptr) GTEST_SKIP() << "set WINDTUNNEL_DATA to the folder of recorded traces";
  const char* wanted = std::getenv("WINDTUNNEL_FIT_SETS");  // "" for all, or a part of a name: only those
  const char* course_name = std::getenv("WINDTUNNEL_FIT_COURSE");
  const char* states = std::getenv("WINDTUNNEL_FIT_STATES");
  FitOptions options;
  for (const auto& [course, known] :
       {std::pair{FitCourse::levels, "levels"}, {FitCourse::day_curve, "day_curve"}, {FitCourse::none, "none"}})
    if (course_name != nullptr && std::string_view(course_name) == known) options.course = course;
  if (states != nullptr) options.most_states = std::clamp(std::atoi(states), 1, 8);
  const auto is_wanted = [&](const std::string& name) {
    if (wanted != nullptr) return name.find(wanted) != std::string::npos;
    return name.find("azure-llm") != std::string::npos || name.find("mooncake") != std::string::npos;
  };
  fmt::print("| set | factor | levels | states | mean | p50 | p90 | p95 | p99 | spread | worst |\n");
  int close = 0, sets = 0;
  const auto judge = [&](const std::string& name, const WorkloadSpec& recording) {
    if (!is_wanted(name)) return;
    ++sets;
    try {
      const Row row = compare_set(name, recording, options);
      fmt::print("{}\n", text_of(row));
      close += row.worst() <= 0.15 ? 1 : 0;
    } catch (const InputError& error) {
      fmt::print("| {} | not compared: {} |\n", name, error.what());
    }
    std::fflush(stdout);
  };
  for (const StagedSet& set : staged_sets()) {
    TraceSpec trace;
    trace.file = (std::filesystem::path(data) / set.file).string();
    trace.from = set.from;
    judge(set.name, recording_of(trace));
  }
  judge("servegen m-small", servegen((std::filesystem::path(data) / "servegen-m-small").string()));
  if (wanted == nullptr && options.course == FitCourse::counts) {
    EXPECT_EQ(close, 3) << "of " << sets;
  }
}

}  // namespace
}  // namespace windtunnel
