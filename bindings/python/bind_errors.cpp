// Exceptions: input the user can fix is windtunnel.ScenarioError, the machine's fault OSError, a bug RuntimeError.
#include "bindings/python/bind.hpp"

namespace py = pybind11;

namespace windtunnel::python {

ProblemsError::ProblemsError(const Problems& problems) {
  for (const Error& problem : problems) {
    if (!text_.empty()) text_ += '\n';
    text_ += problem.text();
  }
}

void bind_errors(py::module_&) {
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const ProblemsError& error) {
      // The class is written in Python; a module that cannot be imported here has raised already.
      const py::object type = py::module_::import("windtunnel.errors").attr("ScenarioError");
      PyErr_SetString(type.ptr(), error.what());
    } catch (const IoError& error) {
      PyErr_SetString(PyExc_OSError, error.what());
    } catch (const InternalError& error) {
      PyErr_SetString(PyExc_RuntimeError, error.what());
    }
  });
}

}  // namespace windtunnel::python
