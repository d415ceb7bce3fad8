#include "models/fit/profile_text.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "models/fit/fit_contention.hpp"
#include "models/fit/fit_work_span.hpp"

namespace windtunnel {
namespace {

// A key of a profile: letters, digits and dashes.
std::string key_of(const std::string& group) {
  std::string out;
  for (const char c : group) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter)
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "model" : out;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string ms(double seconds) {
  return fmt::format("{:.5g}ms", seconds * 1e3);
}

std::string law_block(const WorkSpanFit& fit) {
  std::string out = fmt::format("      law: work_span\n      a: {}\n      f: {}\n      w: {}\n      p: {:.4g}\n",
                                ms(fit.law.a_s), ms(fit.law.f_s), ms(fit.law.w_s), fit.law.p);
  return out + fmt::format("      measured: {{items: [{:g}, {:g}], shares: [{:.6g}, {:.6g}]}}\n", fit.least_items,
                           fit.most_items, fit.least_share, fit.most_share);
}

std::string memory_block(std::span<const Measurement> rows) {
  const MemoryFit fit = fit_memory(rows);
  if (fit.rows < 2) return {};
  return fmt::format(
      "    # {} peaks up to {:g} items, mean error {:.1f} %; without the CUDA context, and weights hold all that does "
      "not "
      "grow\n    memory: {{weights: {:.0f}B, per_item: {:.0f}B}}\n",
      fit.rows, fit.most_items, 100 * fit.mape, fit.weights_bytes, fit.per_item_bytes);
}

// The rows of one model that fix its law: alone, with a time.
std::vector<Measurement> solo_rows(const std::vector<Measurement>& rows) {
  std::vector<Measurement> out;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(out),
               [](const auto& m) { return m.processes == 1 && m.time_s > 0; });
  return out;
}

std::string profile(const CsvTable& table, const std::string& group, const std::vector<Measurement>& rows,
                    const WorkSpanFit& fit) {
  const auto solo = solo_rows(rows);
  std::string out = fmt::format("  {}:\n    doc: {}\n    source: {}\n", key_of(group),
                                quoted(group.empty() ? std::string("fitted profile") : group),
                                quoted(fmt::format("{}, {} rows of one process alone [M], fitted [C]",
                                                   table.file.substr(table.file.find_last_of('/') + 1), fit.rows)));
  out += fmt::format("    # mean error {:.1f} %, largest {:.1f} %, bias {:+.1f} %", 100 * fit.mape, 100 * fit.worst,
                     100 * fit.bias);
  if (fit.least_share == fit.most_share) {
    const LineFit line = fit_line(solo);
    out +=
        fmt::format("; the straight line {} + {} b: {:.1f} %", ms(line.fixed_s), ms(line.per_item_s), 100 * line.mape);
  }
  out += "\n";
  out += "    latency:\n" + law_block(fit);
  return out + memory_block(rows);
}

Result<std::string> batches(const CsvTable& table, TableKind kind) {
  const auto rows = measurements(table, kind);
  if (!rows) return rows.problems();
  std::string out = fmt::format(
      "# Fitted from a table of the kind {}: {}.\n# \"measured\" is where it holds; queries outside "
      "are reported as extrapolated.\nprofiles:\n",
      form_of(kind).name, form_of(kind).doc);
  std::set<std::string> fitted;
  Problems problems;
  for (const auto& [group, all] : by_group(*rows)) {
    const auto solo = solo_rows(all);
    const auto fit = fit_work_span(solo);
    if (!fit) {
      for (auto problem : fit.problems()) {
        problem.where = table.file + (group.empty() ? "" : ": " + group);
        problems.push_back(std::move(problem));
      }
      continue;
    }
    if (!fitted.insert(key_of(group)).second) {
      problems.push_back({table.file, "two models become \"" + key_of(group) + "\"", "rename one"});
      continue;
    }
    out += profile(table, group, all, *fit);
  }
  if (!problems.empty()) return problems;
  return out;
}

Result<std::string> pairs(const CsvTable& table) {
  const auto rows = pair_measurements(table);
  if (!rows) return rows.problems();
  const ContentionFit fit = fit_contention(*rows);
  std::string out = fmt::format(
      "# Contention from {} pairs: mean error {:.2f} %; one constant factor, {:.3f}, has {:.2f} %.\n# Put each under "
      "the "
      "latency of its model. Figures of the GPU they were measured on: they do not transfer to another.\n",
      fit.rows, 100 * fit.mape, fit.constant, 100 * fit.constant_mape);
  for (const auto& [name, c] : fit.models)
    out += fmt::format("{}:\n  contention: {{slowdown: {:.4g}, launch: {}, pressure: {:.4g}, exposure: {:.4g}}}\n",
                       key_of(name), c.slowdown, ms(c.launch_s), c.pressure_s, c.exposure_s);
  return out;
}

}  // namespace

Result<std::string> fitted_profiles(const CsvTable& table) {
  const auto kind = recognise(table.columns, table.file);
  if (!kind) return kind.problems();
  return *kind == TableKind::pairs ? pairs(table) : batches(table, *kind);
}

}  // namespace windtunnel
