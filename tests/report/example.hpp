// Hand-made results for the report's tests: two models behind one pipeline, with kills.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "sim/report/run_result.hpp"
#include "sim/report/text_width.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel::testing {

inline Scenario example_scenario() {
  Scenario scenario;
  scenario.name = "room-pipeline";
  scenario.digest = "0123456789abcdef";
  scenario.seed = 7;
  scenario.models.resize(2);
  scenario.models[0].name = "room-scene";
  scenario.models[1].name = "quality";
  scenario.pipelines = {{.name = "render", .stages = {"room-scene", "quality"}, .slo = {}, .thresholds = {}}};
  return scenario;
}

inline void record_seconds(Histogram& histogram, double from_s, double step_s, int count) {
  for (int i = 0; i < count; ++i) histogram.record(to_duration(from_s + step_s * i));
}

/// 1000 queries arrived and `completed` of them completed; `kills` kills of which all but one are exit 137.
inline RunResult example_run(std::uint64_t completed = 990, std::uint64_t kills = 5, std::uint64_t seed = 7) {
  RunResult run;
  run.seed = seed;
  run.horizon_s = 3600;
  run.warm_up_s = 600;
  run.measured_s = 3000;
  for (const char* name : {"room-scene", "quality"}) {
    ModelResult model;
    model.name = name;
    model.queries = {.arrived = 1000, .completed = completed, .failed = 1000 - completed, .redelivered = 3};
    record_seconds(model.response_time, 1, 0.01, static_cast<int>(completed));
    record_seconds(model.queueing_delay, 0.5, 0.001, static_cast<int>(completed));
    record_seconds(model.service_time, 0.5, 0.001, static_cast<int>(completed));
    model.replicas = {.mean = 3.5, .max = 4, .min = 1};
    model.ready_replicas = {.mean = 3.25, .max = 4, .min = 1};
    model.cost_usd = 1.25;
    run.models.push_back(model);
  }
  ModelResult& first = run.models.front();
  first.kills = {.total = kills,
                 .oom = kills,
                 .exit_137 = kills - 1,
                 .by_cause = {{"device_full", kills}},
                 .by_exit_code = {{"1", 1}, {"137", kills - 1}}};
  first.oom_events = 2;
  first.restarts = kills;
  first.lost_work_s = 12.5;
  first.slo = {.has_target = true, .target_s = 8, .met = completed - 90, .ended = 1000};
  PipelineResult render;
  render.name = "render";
  render.queries = {.arrived = 1000, .completed = completed, .failed = 1000 - completed};
  record_seconds(render.response_time, 2, 0.01, static_cast<int>(completed));
  render.slo = {.has_target = true, .target_s = 15, .met = completed, .ended = 1000};
  run.pipelines.push_back(render);
  run.cluster = {.node_hours = 2.5,
                 .gpu_hours = 2.5,
                 .cost_usd = 2.75,
                 .gpu_utilization = 0.625,
                 .memory_used_mean_bytes = 12.0 * kGiB,
                 .memory_used_max_bytes = 22.5 * kGiB,
                 .stranded_memory_bytes = 0,
                 .nodes_ordered = 3,
                 .unattributed_cost_usd = 0.25};
  run.engine = {.events = 10000, .queries = 1000, .wall_s = 0.5, .cpu_s = 0.25, .peak_rss_bytes = 1 << 20};
  run.notes = {"rate_scale: the recording was thinned by a factor of 0.42 to an offered load of 0.7"};
  run.sources = {{"render", {.rows = 1200, .dropped = {{"PENDING", 200}}}}};
  return run;
}

/// A fresh folder that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "windtunnel-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Names of everything in it, sorted, hidden files included.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path_))
      out.push_back(std::filesystem::relative(entry.path(), path_).string());
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The widest line, in terminal columns.
inline int widest_line(const std::string& text) {
  int widest = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    widest = std::max(widest, display_width(text.substr(from, end - from)));
    from = end + 1;
  }
  return widest;
}

}  // namespace windtunnel::testing
