#include "models/fit/table_kind.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace windtunnel {
namespace {

std::vector<std::string_view> missing_of(const TableForm& form, std::span<const std::string> columns) {
  std::vector<std::string_view> out;
  for (const auto name : form.required)
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) out.push_back(name);
  return out;
}

// Columns that a strict form does not know.
std::vector<std::string_view> strange_of(const TableForm& form, std::span<const std::string> columns) {
  std::vector<std::string_view> out;
  for (const auto& name : columns) {
    const bool known = std::count(form.required.begin(), form.required.end(), name) > 0 ||
                       std::count(form.optional.begin(), form.optional.end(), name) > 0;
    if (form.strict && !known) out.push_back(name);
  }
  return out;
}

// How far a table is from a form: the share of its columns that are missing or strange.
double distance(const TableForm& form, std::span<const std::string> columns) {
  const auto off = missing_of(form, columns).size() + strange_of(form, columns).size();
  return static_cast<double>(off) / static_cast<double>(form.required.size());
}

std::string lacks(const TableForm& form, std::span<const std::string> columns) {
  const auto missing = missing_of(form, columns), strange = strange_of(form, columns);
  std::string out;
  if (!missing.empty()) out = fmt::format("misses {}", fmt::join(missing, ", "));
  if (!strange.empty()) out += fmt::format("{}does not know {}", out.empty() ? "" : " and ", fmt::join(strange, ", "));
  return out;
}

}  // namespace

std::span<const TableForm> table_forms() {
  static const std::vector<TableForm> forms = {
      {TableKind::pairs,
       "pairs",
       "two processes under MPS caps, each alone and together",
       {"model_a", "model_b", "batch_a", "batch_b", "thread_pct_a", "thread_pct_b", "solo_a_ms", "solo_b_ms",
        "coloc_a_ms", "coloc_b_ms"},
       {}},
      {TableKind::slices,
       "slices",
       "batches by MIG slice and number of processes",
       {"model", "mig_gpcs", "batch", "processes", "batch_latency_ms"},
       {"status"}},
      {TableKind::images,
       "images",
       "image generation by batch, with peak memory and out-of-memory rows",
       {"device", "images_per_batch", "latency_s", "peak_memory_gb", "status"},
       {"precision", "memory_efficient_attention"}},
      {TableKind::caps,
       "caps",
       "batches of one process by its cap on SMs",
       {"model", "batch", "active_thread_pct", "latency_ms"},
       {}},
      {TableKind::solo,
       "solo",
       "batches of one process, of any share",
       {"batch", "latency_ms"},
       {"model", "share", "peak_memory_gb", "status"},
       true},
  };
  return forms;
}

Result<TableKind> recognise(std::span<const std::string> columns, const std::string& file) {
  const TableForm* nearest = nullptr;
  for (const auto& form : table_forms()) {
    if (distance(form, columns) == 0) return form.kind;
    if (nearest == nullptr || distance(form, columns) <= distance(*nearest, columns)) nearest = &form;
  }
  std::string known;
  for (const auto& form : table_forms())
    known += fmt::format("{}{} ({})", known.empty() ? "" : "; ", form.name, fmt::join(form.required, ", "));
  return Error{file,
               fmt::format("no kind of table has the columns {}; the nearest, {}, {}", fmt::join(columns, ", "),
                           nearest->name, lacks(*nearest, columns)),
               "known kinds: " + known};
}

const TableForm& form_of(TableKind kind) {
  for (const auto& form : table_forms())
    if (form.kind == kind) return form;
  check_failed("kind", "a kind of table without a form");
}

}  // namespace windtunnel
