// Reads `arrivals` of a workload entry: the process, its curve and its batches.
#include <algorithm>

#include <fmt/format.h>

#include "sim/scenario/quantity.hpp"
#include "sim/scenario/workload_reading.hpp"
#include "sim/workload/batched_process.hpp"

namespace windtunnel {
namespace {

/// A curve may be a sinusoid, points over a period, or 24 points over a day; never two of these.
std::optional<RateCurve> read_curve(ProblemList& problems, const Node& node, const std::string& path, Node& resolved) {
  const Block block = read_block(problems, &node, path, tables::curve());
  const ParamSet& v = block.values;
  if (!block.ok) return std::nullopt;
  const int kinds = int{v.has("amplitude") || v.has("phase")} + int{v.has("points")} + int{v.has("hourly")};
  if (kinds != 1 || (v.has("phase") && !v.has("amplitude"))) {
    problems.add(node, path, kinds > 1 ? "amplitude, points and hourly do not go together" : "says no shape",
                 "write {amplitude: 0.8, period: 1d}, {period: 1h, points: [...]} or {hourly: [24 numbers]}");
    return std::nullopt;
  }
  RateCurve curve{.period_s = v.number("period")};
  curve.step = v.has("step") && v.boolean("step");
  if (v.has("step") && v.has("amplitude")) {
    problems.add(node, path, "step does not go together with amplitude", "a sinusoid has no steps; remove it");
    return std::nullopt;
  }
  if (v.has("amplitude")) {
    curve.amplitude = v.number("amplitude");
    curve.phase_rad = v.has("phase") ? v.number("phase") : 0;
    resolved = block.resolved;
    resolved.set("phase", Node::scalar(format_number(curve.phase_rad)));
    return curve;
  }
  const bool hourly = v.has("hourly");
  curve.points = v.numbers(hourly ? "hourly" : "points");
  const Node& list = *node.find(hourly ? "hourly" : "points");
  if (hourly && curve.points.size() != 24) {
    problems.add(list, join_path(path, "hourly"), fmt::format("has {} numbers", curve.points.size()),
                 "a day has 24 hours; for another grid write {period, points}");
    return std::nullopt;
  }
  if (hourly && v.given("period") && curve.period_s != 86400) {
    problems.add(node, path, "hourly covers a day, whatever the period", "write {period, points}");
    return std::nullopt;
  }
  if (curve.points.empty() || *std::max_element(curve.points.begin(), curve.points.end()) <= 0) {
    problems.add(list, join_path(path, hourly ? "hourly" : "points"), "holds no number above 0",
                 "at least one must be");
    return std::nullopt;
  }
  if (hourly) curve.period_s = 86400;
  resolved = block.resolved;
  return curve;
}

/// A path in the file, as the run will open it.
std::string absolute_path(const EntryReading& e, const std::string& text) {
  std::error_code code;
  const auto path = (e.reading.folder / text).lexically_normal();
  const auto absolute = std::filesystem::absolute(path, code);
  return (code ? path : absolute.lexically_normal()).string();
}

/// `batch` beside a process: only laws whose mean number of queries is known.
void read_batch(EntryReading& e, const Node& node, const std::string& path, const Block& block, ArrivalSpec& out) {
  const auto law = block.laws.find("batch");
  if (law == block.laws.end() || !block.ok) return;
  const Node& at = *node.find("batch");
  if (out.process == "batch_poisson")
    e.problems().add(at, join_path(path, "batch"), "batch_poisson has batches of its own",
                     "say process: poisson, or leave batch out");
  else if (!mean_batch(law->second))
    e.problems().add(at, join_path(path, "batch"), "this law does not give whole numbers",
                     "write a number, {law: geometric, mean: 3} or {values: [1, 5], weights: [3, 1]}");
  else
    out.batch = law->second;
}

}  // namespace

void read_arrivals(EntryReading& e, const Node& node) {
  const std::string path = join_path(e.path, "arrivals");
  if (!node.is(Node::Kind::map)) {
    e.problems().add(node, path, fmt::format("is {}, not a block", node.describe()),
                     "write {process: poisson, rate: 0.8/s}");
    return;
  }
  ArrivalSpec out;
  const Node* name = node.find("process");
  const Node fallback = Node::scalar("poisson");
  const auto* row = find_row(e.problems(), name == nullptr ? fallback : *name, join_path(path, "process"), "process",
                             process_registry());
  if (row == nullptr) return;
  const std::span<const Param> tables[] = {tables::arrivals(), row->params};
  Block block = read_block(e.problems(), &node, path, tables);
  out.process = row->name;
  out.params = block.values;
  const auto check = [&](const ParamSet& params) { return check_process(row->name, params); };
  if (block.ok) add_check_message(e.problems(), node, path, check(block.values));
  keep_consistent(block, row->params, check);
  Node curve;
  if (const Node* given = node.find("curve"))
    out.curve = read_curve(e.problems(), *given, join_path(path, "curve"), curve);
  block.resolved.erase("curve");
  if (out.curve) block.resolved.set("curve", std::move(curve));
  read_batch(e, node, path, block, out);
  if (out.params.has("folder")) {
    const std::string folder = absolute_path(e, out.params.text("folder"));
    out.params.set("folder", folder, true);
    block.resolved.set("folder", Node::scalar(folder));
    e.reading.trace_files.push_back(folder);
  }
  e.spec.source = std::move(out);
  read_transform_list(e, node, path, block.resolved);
  e.block.resolved.set("arrivals", std::move(block.resolved));
}

}  // namespace windtunnel
