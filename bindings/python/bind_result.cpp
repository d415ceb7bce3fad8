// The outcome of a run: summary, distributions, and what was recorded, as columns.
#include <pybind11/stl.h>

#include <algorithm>

#include "bindings/python/bind.hpp"
#include "bindings/python/column.hpp"
#include "bindings/python/run_record.hpp"
#include "sim/report/kill_names.hpp"
#include "sim/report/run_table.hpp"
#include "sim/report/summary.hpp"

namespace py = pybind11;

namespace windtunnel::python {
namespace {

using Record = std::shared_ptr<RunRecord>;

/// One number of every row.
template <class T, class Row, class Read>
Column column(const std::vector<Row>& rows, Read read) {
  std::vector<T> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(static_cast<T>(read(row)));
  return Column::of(std::move(out));
}

template <class Row, class Read>
py::list texts(const std::vector<Row>& rows, Read read) {
  py::list out;
  for (const Row& row : rows) out.append(py::str(std::string(read(row))));
  return out;
}

py::dict decisions(const RunRecord& record) {
  using Row = DecisionRecord;
  const auto& rows = record.recorder.decisions();
  py::dict out;
  out["at_s"] = column<double>(rows, [](const Row& row) { return to_seconds(row.at); });
  out["model"] = column<std::int64_t>(rows, [](const Row& row) { return row.model; });
  out["current"] = column<std::int64_t>(rows, [](const Row& row) { return row.current; });
  out["ready"] = column<std::int64_t>(rows, [](const Row& row) { return row.ready; });
  out["proposed"] = column<std::int64_t>(rows, [](const Row& row) { return row.proposed; });
  out["desired"] = column<std::int64_t>(rows, [](const Row& row) { return row.desired; });
  out["value"] = column<double>(rows, [](const Row& row) { return row.value; });
  out["reason"] = texts(rows, [](const Row& row) { return row.reason; });
  out["loop"] = texts(rows, [](const Row& row) { return row.loop; });
  out["inputs"] = texts(rows, [](const Row& row) { return row.inputs; });
  out["limits"] = texts(rows, [](const Row& row) { return row.limits; });
  return out;
}

py::dict kills(const RunRecord& record) {
  using Row = KillRecord;
  const auto& rows = record.recorder.kills();
  py::dict out;
  out["at_s"] = column<double>(rows, [](const Row& row) { return to_seconds(row.at); });
  out["model"] = column<std::int64_t>(rows, [](const Row& row) { return row.model; });
  out["replica"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.replica); });
  out["node"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.node); });
  out["gpu"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.gpu); });
  out["cause"] = texts(rows, [](const Row& row) { return to_string(row.cause); });
  out["mechanism"] = texts(rows, [](const Row& row) { return to_string(row.mechanism); });
  out["exit_code"] = column<std::int64_t>(rows, [](const Row& row) { return row.exit_code; });
  out["reason"] = texts(rows, [](const Row& row) { return row.reason; });
  out["ledger_at_s"] = column<double>(rows, [](const Row& row) { return to_seconds(row.ledger_at); });
  out["asked_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.asked.value; });
  out["own_used_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.own_used.value; });
  out["device_used_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.device_used.value; });
  out["device_size_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.device_size.value; });
  out["host_used_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.host_used.value; });
  out["host_limit_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.host_limit.value; });
  out["sharers"] = column<std::int64_t>(rows, [](const Row& row) { return row.sharers; });
  out["queries_lost"] = column<std::int64_t>(rows, [](const Row& row) { return row.queries_lost; });
  out["culprit_model"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.culprit_model); });
  out["culprit_replica"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.culprit_replica); });
  out["blast_radius"] = column<std::int64_t>(rows, [](const Row& row) { return row.blast_radius; });
  return out;
}

py::dict kill_ledger(const RunRecord& record) {
  using Row = KillHolding;
  const auto& rows = record.recorder.kill_ledger();
  py::dict out;
  out["kill"] = column<std::int64_t>(rows, [](const Row& row) { return row.kill; });
  out["model"] = column<std::int64_t>(rows, [](const Row& row) { return row.held.model; });
  out["replica"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.held.replica); });
  out["context_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.held.context.value; });
  out["weights_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.held.weights.value; });
  out["reserved_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.held.reserved.value; });
  out["since_s"] = column<double>(rows, [](const Row& row) { return to_seconds(row.held.since); });
  return out;
}

py::dict kill_history(const RunRecord& record) {
  using Row = KillChange;
  const auto& rows = record.recorder.kill_history();
  py::dict out;
  out["kill"] = column<std::int64_t>(rows, [](const Row& row) { return row.kill; });
  out["at_s"] = column<double>(rows, [](const Row& row) { return to_seconds(row.change.at); });
  out["model"] = column<std::int64_t>(rows, [](const Row& row) { return row.change.model; });
  out["replica"] = column<std::int64_t>(rows, [](const Row& row) { return id_of(row.change.replica); });
  out["part"] = texts(rows, [](const Row& row) { return to_string(row.change.part); });
  out["refused"] = column<std::int64_t>(rows, [](const Row& row) { return row.change.refused ? 1 : 0; });
  out["change_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.change.change.value; });
  out["own_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.change.own_used.value; });
  out["total_bytes"] = column<std::int64_t>(rows, [](const Row& row) { return row.change.total_used.value; });
  return out;
}

py::dict queries(const Record& record) {
  const QueryColumns& columns = record->recorder.queries();
  py::dict out;
  out["serial"] = Column(record, columns.serial);
  out["model"] = Column(record, columns.model);
  out["pipeline"] = Column(record, columns.pipeline);
  out["arrived_s"] = Column(record, columns.arrived_s);
  out["ended_s"] = Column(record, columns.ended_s);
  out["queueing_delay_s"] = Column(record, columns.queueing_delay_s);
  out["service_time_s"] = Column(record, columns.service_time_s);
  out["completed"] = Column(record, columns.completed);
  return out;
}

py::list samples(const Record& record) {
  const SampleColumns& columns = record->recorder.samples();
  py::list out;
  for (std::size_t i = 0; i < columns.series.size(); ++i)
    out.append(py::make_tuple(columns.series[i].name, columns.series[i].unit, Column(record, columns.at_s),
                              Column(record, columns.values[i])));
  return out;
}

py::list series(const Record& record) {
  py::list out;
  for (const Series& one : record->first.series)
    out.append(py::make_tuple(one.name, one.unit, one.step_s, Column(record, one.min), Column(record, one.mean),
                              Column(record, one.max)));
  return out;
}

/// @throws std::out_of_range for a name or a distribution that is not there
const Histogram& histogram(const RunRecord& record, const std::string& name, const std::string& of) {
  for (const PipelineResult& pipeline : record.first.pipelines)
    if (pipeline.name == name && of == "response_time_s") return pipeline.response_time;
  for (const ModelResult& model : record.first.models) {
    if (model.name != name) continue;
    if (of == "response_time_s") return model.response_time;
    if (of == "queueing_delay_s") return model.queueing_delay;
    if (of == "service_time_s") return model.service_time;
  }
  throw std::out_of_range(name + "." + of);
}

py::tuple histogram_columns(const RunRecord& record, const std::string& name, const std::string& of) {
  const auto filled = histogram(record, name, of).filled();
  return py::make_tuple(column<double>(filled, [](const auto& bucket) { return bucket.first; }),
                        column<std::int64_t>(filled, [](const auto& bucket) { return bucket.second; }));
}

}  // namespace

void bind_result(py::module_& module) {
  py::class_<RunRecord, Record>(module, "Run", "The outcome of one variant.")
      .def("summary_json", [](const RunRecord& record) { return json_text(record.summary); })
      .def(
          "table", [](const RunRecord& record) { return run_table(record.summary); }, "As the command line shows it.")
      .def_readonly("models", &RunRecord::models)
      .def_readonly("pipelines", &RunRecord::pipelines)
      .def_property_readonly("kept_samples", [](const RunRecord& record) { return record.recorder.wants_samples(); })
      .def_property_readonly("kept_queries", [](const RunRecord& record) { return record.recorder.wants_queries(); })
      .def("decisions", &decisions, "Columns of the first replication's decisions; `model` is an index into models.")
      .def("kills", &kills, "Columns of the first replication's kills.")
      .def("kill_ledger", &kill_ledger, "Columns: who held what on the device of each of these kills.")
      .def("kill_history", &kill_history, "Columns: the last changes of that ledger before each of these kills.")
      .def("queries", &queries, "Columns of the first replication's queries, where they were kept.")
      .def("samples", &samples, "(name, unit, at_s, values) of each series at full resolution, where kept.")
      .def("series", &series, "(name, unit, step_s, min, mean, max) of each series, at most 1024 points.")
      .def(
          "quantile",
          [](const RunRecord& record, const std::string& name, const std::string& of, double level) {
            const Histogram& values = histogram(record, name, of);
            return values.count() > 0 ? py::object(py::float_(values.quantile_s(level))) : py::object(py::none());
          },
          py::arg("name"), py::arg("of"), py::arg("level"), "Seconds, all replications pooled; None of nothing.")
      .def("histogram", &histogram_columns, py::arg("name"), py::arg("of"),
           "(lower edges in seconds, counts), all replications pooled.");
}

}  // namespace windtunnel::python
