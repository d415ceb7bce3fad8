// Batches on the whole card, with or without peak memory: alternate rows given, the others predicted.
#include <algorithm>

#include "models/fit/measurements.hpp"
#include "models/fit/peak_memory.hpp"
#include "sim/core/stable_order.hpp"
#include "sim/validation/device_match.hpp"
#include "sim/validation/run_memory.hpp"
#include "sim/validation/run_processes.hpp"
#include "sim/validation/validate.hpp"

namespace windtunnel {
namespace {

using Rows = std::vector<Measurement>;

// By batch; of the rows that ran the first, third, fifth, ... are given.
void split(Rows rows, Rows& given, Rows& asked) {
  stable_order(rows.begin(), rows.end(), [](const auto& x, const auto& y) { return x.items < y.items; });
  std::erase_if(rows, [](const auto& m) { return m.out_of_memory || !(m.time_s > 0); });
  for (std::size_t i = 0; i < rows.size(); ++i) (i % 2 == 0 ? given : asked).push_back(rows[i]);
}

void predict_times(const Rows& given, const Rows& asked, std::vector<Prediction>& out) {
  std::vector<TimePoint> points;
  for (const auto& row : given) points.push_back({row.items, row.share, row.time_s});
  const MeasuredTimes table(points);
  const double one_s = given.front().time_s, one = given.front().items;
  for (const auto& row : asked) {
    SaturatedProcess process{.latency = {}, .items = row.items, .cap = 1};
    process.latency.time = table;
    out.push_back({.measured = row.time_s,
                   .predicted = run_processes({&process, 1}).front(),
                   .simple = {one_s, one_s * row.items / one}});
  }
}

// All rows of the group, out of memory or not, against a curve through the peaks of the given ones.
void classify(const Rows& rows, const Rows& given, OomScore& oom) {
  const GpuType* gpu = match_gpu(rows.front().device);
  const PeakMemory peaks(given);
  for (const auto& row : rows) {
    if (gpu == nullptr || !peaks.known()) {
      ++oom.unknown_device;
      continue;
    }
    const bool said = runs_out_of_memory(*gpu, peaks.fixed_bytes(),
                                         (peaks.at(row.items) - peaks.fixed_bytes()) / row.items, row.items);
    ++(row.out_of_memory ? oom.oom_rows : oom.fitting_rows);
    if (row.out_of_memory && !said) ++oom.missed;
    if (!row.out_of_memory && said) ++oom.alarms;
  }
}

}  // namespace

Result<std::vector<Validation>> validate_images(const CsvTable& table, TableKind kind) {
  const auto rows = measurements(table, kind);
  if (!rows) return rows.problems();
  std::vector<Prediction> predictions;
  const bool images = kind == TableKind::images;
  // 4 of 42 rows out of memory missed, 10 of 134 others called so: what is asked of this kind.
  OomScore oom;
  oom.most_missed = 4.0 / 42;
  oom.most_alarms = 10.0 / 134;
  for (const auto& [group, all] : by_group(*rows)) {
    Rows given, asked;
    split(all, given, asked);
    if (given.empty()) continue;
    predict_times(given, asked, predictions);
    if (images) classify(all, given, oom);
  }
  if (predictions.empty()) return Error{table.file, "has no row to predict", "give two batches and more of a model"};
  Validation v;
  v.kind = form_of(kind).name;
  v.rule = "by batch, alternate rows given, the others predicted; memory from the peaks of the given rows";
  if (images) {
    v.bound = 0.045;
    v.oom = oom;
  }
  score(v, predictions, {"no interference (one batch as another)", "n x solo (in proportion to the batch)"});
  return std::vector<Validation>{std::move(v)};
}

}  // namespace windtunnel
