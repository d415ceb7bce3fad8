// The verdict of a scenario's `expect`, in the forms the command line writes.
#include <pybind11/stl.h>

#include "bindings/python/bind.hpp"
#include "bindings/python/run_record.hpp"
#include "sim/report/check_expectations.hpp"
#include "sim/report/summary.hpp"
#include "sim/report/verdict.hpp"
#include "sim/report/verdict_json.hpp"
#include "sim/report/verdict_junit.hpp"
#include "sim/report/verdict_markdown.hpp"
#include "sim/report/verdict_table.hpp"
#include "sim/report/verdict_text.hpp"

namespace py = pybind11;

namespace windtunnel::python {

namespace {

/// (metric, asked, measured, missing by, verdict) of each expectation, with units, as the command line words them.
py::list verdict_rows(const Verdict& verdict) {
  py::list out;
  for (const Judgement& judgement : verdict.judgements)
    out.append(py::make_tuple(judgement.asked.metric, asked_text(judgement), measured_text(judgement),
                              missing_text(judgement), std::string(to_string(judgement.outcome))));
  return out;
}

}  // namespace

void bind_verdict(py::module_& module) {
  py::class_<Verdict>(module, "Verdict", "What became of each expectation.")
      .def_property_readonly("met", &Verdict::is_met)
      .def(
          "table", [](const Verdict& verdict) { return verdict_table(verdict); }, "As the command line shows it.")
      .def("rows", &verdict_rows, "(metric, asked, measured, missing by, verdict) of each, as text with units.")
      .def("junit", [](const Verdict& verdict) { return verdict_junit(verdict); })
      .def("markdown", [](const Verdict& verdict) { return verdict_markdown(verdict); })
      .def(
          "json",
          [](const Verdict& verdict, const RunRecord& record) {
            return json_text(verdict_json(verdict, record.summary));
          },
          py::arg("run"), "The same as data.");
  module.def(
      "check_expectations",
      [](const Scenario& scenario) {
        if (const Problems problems = check_expectations(scenario); !problems.empty()) throw ProblemsError(problems);
      },
      py::arg("scenario"), "Raises what makes the scenario's expectations unusable, before anything has run.");
  module.def(
      "judge",
      [](const Scenario& scenario, const RunRecord& record, const std::string& variant) {
        return judge(scenario, record.summary, variant);
      },
      py::arg("scenario"), py::arg("run"), py::arg("variant"));
}

}  // namespace windtunnel::python
