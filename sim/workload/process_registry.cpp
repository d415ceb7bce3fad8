// The synthetic processes: every row, whatever its kind.
#include <utility>

#include "sim/workload/process_rows.hpp"

namespace windtunnel {
namespace {

struct ProcessTable {
  std::vector<ProcessEntry> entries;
  std::vector<std::string (*)(const ParamSet&)> checks;

  ProcessTable() {
    for (auto rows : {independent_process_rows(), modulated_process_rows(), span_process_rows(), client_process_rows()})
      for (ProcessRow& row : rows) {
        entries.push_back(std::move(row.entry));
        checks.push_back(row.check);
      }
  }
};

const ProcessTable& process_table() {
  static const ProcessTable table;
  return table;
}

}  // namespace

Param rate_param(std::string_view name, std::string_view doc, bool optional) {
  return {.name = name,
          .type = ParamType::rate,
          .doc = doc,
          .optional = optional,
          .min = 0,
          .max = 1e9,
          .min_exclusive = true};
}

std::span<const ProcessEntry> process_registry() {
  return process_table().entries;
}

std::string check_process(std::string_view process, const ParamSet& params) {
  const ProcessTable& table = process_table();
  for (std::size_t row = 0; row < table.entries.size(); ++row)
    if (table.entries[row].name == process) return table.checks[row] == nullptr ? "" : table.checks[row](params);
  return {};
}

}  // namespace windtunnel
