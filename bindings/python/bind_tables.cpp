// The comparison as the command line shows it, and its rows for those who draw their own.
#include <pybind11/stl.h>

#include "bindings/python/bind.hpp"
#include "bindings/python/run_record.hpp"
#include "sim/report/compare_rows.hpp"
#include "sim/report/compare_table.hpp"

namespace py = pybind11;

namespace windtunnel::python {
namespace {

using Named = std::vector<std::pair<std::string, std::shared_ptr<RunRecord>>>;

std::vector<ComparedVariant> columns_of(const Named& runs) {
  std::vector<ComparedVariant> out;
  for (const auto& [name, record] : runs) out.push_back({name, &record->summary});
  return out;
}

/// (label, [(value, half width, text)]) of each row; a heading has no cells.
py::list rows_of(const Named& runs) {
  const auto columns = columns_of(runs);
  py::list out;
  for (const CompareRow& row : compare_rows(columns)) {
    py::list cells;
    bool shown = !row.only_if_nonzero;
    if (row.read) {
      for (const ComparedVariant& column : columns) {
        const Figure figure = row.read(*column.summary);
        shown = shown || figure.is_nonzero();
        cells.append(py::make_tuple(figure.value, figure.ci95, row.show(figure.value)));
      }
    }
    if (shown) out.append(py::make_tuple(row.label, cells));
  }
  return out;
}

}  // namespace

void bind_tables(py::module_& module) {
  module.def(
      "compare_table", [](const Named& runs) { return compare_table(columns_of(runs)); }, py::arg("runs"),
      "The table of `windtunnel compare`, at most 80 columns wide.");
  module.def("compare_rows", &rows_of, py::arg("runs"), "The rows of that table: (label, [(value, ci95, text)]).");
}

}  // namespace windtunnel::python
