// Tables by share of the SMs (slices, caps) and number of processes.
#include <algorithm>
#include <map>
#include <set>

#include "models/fit/fit_work_span.hpp"
#include "models/fit/measurements.hpp"
#include "sim/validation/run_processes.hpp"
#include "sim/validation/validate.hpp"

namespace windtunnel {
namespace {

using Rows = std::vector<Measurement>;
using Setting = std::pair<double, double>;  // items, share

// What is said to be without contention: the law was fitted to it, and a table of processes holds it already.
SaturatedProcess process_of(const BatchTime& time, double items, double cap) {
  SaturatedProcess out{.latency = {}, .items = items, .cap = cap};
  out.latency.time = time;
  out.latency.contention = Contention{};
  return out;
}

Rows where(const Rows& rows, auto&& wanted) {
  Rows out;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(out), wanted);
  return out;
}

std::map<Setting, double> times_of(const Rows& rows) {
  std::map<Setting, double> out;
  for (const auto& row : rows) out[{row.items, row.share}] = row.time_s;
  return out;
}

// Solo rows given, company predicted.
void predict_company(const Rows& rows, std::vector<Prediction>& out) {
  const Rows solo = where(rows, [](const auto& m) { return m.processes == 1 && m.time_s > 0; });
  const Rows company = where(rows, [](const auto& m) { return m.processes > 1 && m.time_s > 0; });
  const auto fit = fit_work_span(solo);
  if (company.empty() || !fit) return;
  const auto alone = times_of(solo);
  for (const auto& row : company) {
    const std::vector<SaturatedProcess> processes(static_cast<std::size_t>(row.processes),
                                                  process_of(fit->law, row.items, 1));
    const auto measured = alone.find({row.items, row.share});
    const double solo_s = measured != alone.end() ? measured->second : fit->law.time_s(row.items, row.share);
    out.push_back({.measured = row.time_s,
                   .predicted = run_processes(processes, row.share).front(),
                   .simple = {solo_s, solo_s * row.processes}});
  }
}

// The smallest and the largest share at which at least half of all batches were measured.
std::pair<double, double> ends_of(const Rows& solo) {
  std::set<double> batches;
  std::map<double, std::size_t> measured;
  for (const auto& row : solo) {
    batches.insert(row.items);
    ++measured[row.share];
  }
  std::vector<double> ends;
  for (const auto& [share, count] : measured)
    if (2 * count >= batches.size()) ends.push_back(share);
  if (ends.empty()) return {};
  return {ends.front(), ends.back()};
}

// The smallest and the largest share given, those between predicted. By the law: it knows what a line does not.
void predict_between(const Rows& rows, bool slices, std::vector<Prediction>& out) {
  const Rows solo = where(rows, [](const auto& m) { return m.processes == 1 && m.time_s > 0; });
  if (solo.empty()) return;
  const auto [least, most] = ends_of(solo);
  if (least == most) return;
  const auto is_end = [low = least, high = most](const auto& m) { return m.share == low || m.share == high; };
  const Rows ends = where(solo, is_end);
  const auto fit = fit_work_span(ends);
  if (!fit) return;
  const auto given = times_of(ends);
  for (const auto& row : solo) {
    const auto low = given.find({row.items, least});
    const auto high = given.find({row.items, most});
    if (is_end(row) || row.share < least || row.share > most || low == given.end() || high == given.end())
      continue;  // both ends were measured at this batch
    const SaturatedProcess one = process_of(fit->law, row.items, slices ? 1 : row.share);
    const double at = (1 / row.share - 1 / most) / (1 / least - 1 / most);
    out.push_back(
        {.measured = row.time_s,
         .predicted = run_processes({&one, 1}, slices ? row.share : 1).front(),
         .simple = {high->second, high->second * most / row.share, high->second + (low->second - high->second) * at}});
  }
}

}  // namespace

Result<std::vector<Validation>> validate_shares(const CsvTable& table, TableKind kind) {
  const auto rows = measurements(table, kind);
  if (!rows) return rows.problems();
  const bool slices = kind == TableKind::slices;
  std::vector<Prediction> company, between;
  for (const auto& [group, all] : by_group(*rows)) {
    predict_company(all, company);
    predict_between(all, slices, between);
  }
  std::vector<Validation> out;
  if (!company.empty()) {
    Validation v;
    v.kind = std::string(form_of(kind).name) + ": processes";
    v.rule = "rows of one process given, rows of several predicted";
    v.bound = 0.10;
    score(v, company, {"no interference", "n x solo"});
    out.push_back(std::move(v));
  }
  if (!between.empty()) {
    Validation v;
    v.kind = std::string(form_of(kind).name) + ": shares";
    v.rule = "smallest and largest share given, shares between predicted";
    if (slices) v.bound = 0.07;
    score(v, between, {"share ignored", "in proportion to 1/share", "line in 1/share between the ends"});
    out.push_back(std::move(v));
  }
  if (out.empty())
    return Error{table.file, "has no row to predict", "give several processes, or three shares and more"};
  return out;
}

}  // namespace windtunnel
