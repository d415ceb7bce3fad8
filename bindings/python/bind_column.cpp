// Column through the buffer protocol. pybind11/numpy.h is left alone: Debian's 2.10 takes a static guard against the
// interpreter lock and two threads can wait for each other.
#include "bindings/python/bind.hpp"
#include "bindings/python/column.hpp"

namespace py = pybind11;

namespace windtunnel::python {

void bind_column(py::module_& module) {
  py::class_<Column>(module, "Column", py::buffer_protocol(),
                     "Numbers of one run, 64 bits each, read-only, through the buffer protocol: numpy.asarray(column) "
                     "copies nothing and keeps the run alive.")
      .def("__len__", &Column::size)
      .def_buffer([](const Column& column) {
        constexpr auto kBytes = static_cast<py::ssize_t>(sizeof(double));
        return py::buffer_info(const_cast<void*>(column.data()), kBytes,  // NOLINT: readonly below
                               column.is_double() ? py::format_descriptor<double>::format()
                                                  : py::format_descriptor<std::int64_t>::format(),
                               1, {static_cast<py::ssize_t>(column.size())}, {kBytes}, /*readonly=*/true);
      });
}

}  // namespace windtunnel::python
