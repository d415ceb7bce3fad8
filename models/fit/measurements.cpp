#include "models/fit/measurements.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace windtunnel {
namespace {

constexpr double kComputeSlices = 7;  // of an A100 or H100, where slices are counted

/// Reads the cells of one table and keeps what is wrong with them.
struct Reader {
  const CsvTable& table;
  Problems problems{};

  std::optional<double> maybe(const CsvTable::Row& row, std::string_view column) {
    auto value = table.number(row, column);
    if (value) return *value;
    problems.push_back(value.problems().front());
    return std::nullopt;
  }
  /// Inside (0, most], or a problem.
  double need(const CsvTable::Row& row, std::string_view column, double most = 1e12) {
    const std::size_t before = problems.size();
    const auto value = maybe(row, column);
    if (value && *value > 0 && *value <= most) return *value;
    if (problems.size() == before)
      problems.push_back({fmt::format("{}:{}", table.file, row.line),
                          value ? fmt::format("{} {:g} is outside (0, {:g}]", column, *value, most)
                                : fmt::format("{} is empty", column),
                          ""});
    return 1;
  }
};

std::string image_group(const CsvTable& table, const CsvTable::Row& row) {
  std::string out(table.text(row, "device"));
  if (const auto p = table.text(row, "precision"); !p.empty()) out += fmt::format(", {}", p);
  if (const auto a = table.text(row, "memory_efficient_attention"); !a.empty())
    out += a == "yes" ? ", efficient attention" : ", default attention";
  return out;
}

Measurement one(Reader& r, const CsvTable::Row& row, TableKind kind) {
  Measurement out;
  out.line = row.line;
  const bool images = kind == TableKind::images;
  out.group = images ? image_group(r.table, row) : std::string(r.table.text(row, "model"));
  out.device = r.table.text(row, "device");
  out.items = r.need(row, images ? "images_per_batch" : "batch");
  if (kind == TableKind::slices) {
    out.share = r.need(row, "mig_gpcs", kComputeSlices) / kComputeSlices;
    out.processes = static_cast<int>(r.need(row, "processes", 1000));
  }
  if (kind == TableKind::caps) out.share = r.need(row, "active_thread_pct", 100) / 100;
  if (kind == TableKind::solo && r.table.column("share")) out.share = r.need(row, "share", 1);
  const std::string_view column = images ? "latency_s" : kind == TableKind::slices ? "batch_latency_ms" : "latency_ms";
  out.time_s = r.maybe(row, column).value_or(0) * (images ? 1 : 1e-3);
  if (const auto gb = r.maybe(row, "peak_memory_gb")) out.memory_bytes = *gb * 1e9;
  out.out_of_memory = r.table.text(row, "status") == "oom";
  return out;
}

}  // namespace

Result<std::vector<Measurement>> measurements(const CsvTable& table, TableKind kind) {
  Reader reader{table};
  std::vector<Measurement> out;
  for (const auto& row : table.rows) {
    Measurement m = one(reader, row, kind);
    if (m.time_s > 0 || m.out_of_memory) out.push_back(std::move(m));
  }
  if (!reader.problems.empty()) return reader.problems;
  if (out.empty()) return Error{table.file, "has no measured row", "give one batch a row"};
  return out;
}

Result<std::vector<PairMeasurement>> pair_measurements(const CsvTable& table) {
  Reader r{table};
  std::vector<PairMeasurement> out;
  for (const auto& row : table.rows) {
    PairMeasurement pair{.line = row.line, .sides = {}};
    for (const std::size_t i : {0U, 1U}) {
      const std::string side = i == 0 ? "a" : "b";
      pair.sides[i] = {.model = std::string(table.text(row, "model_" + side)),
                       .items = r.need(row, "batch_" + side),
                       .share = r.need(row, "thread_pct_" + side, 100) / 100,
                       .solo_s = r.need(row, "solo_" + side + "_ms") * 1e-3,
                       .company_s = r.need(row, "coloc_" + side + "_ms") * 1e-3};
    }
    out.push_back(std::move(pair));
  }
  if (!r.problems.empty()) return r.problems;
  if (out.empty()) return Error{table.file, "has no measured row", "give one pair a row"};
  return out;
}

std::vector<std::pair<std::string, std::vector<Measurement>>> by_group(const std::vector<Measurement>& rows) {
  std::vector<std::pair<std::string, std::vector<Measurement>>> out;
  for (const auto& row : rows) {
    auto it = std::find_if(out.begin(), out.end(), [&](const auto& g) { return g.first == row.group; });
    if (it == out.end()) it = out.insert(out.end(), {row.group, {}});
    it->second.push_back(row);
  }
  return out;
}

}  // namespace windtunnel
