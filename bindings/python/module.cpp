// windtunnel._core: no logic here, only the library as Python sees it. Names, defaults and friendly errors live in the
// typed Python above it.
#include "bindings/python/bind.hpp"
#include "sim/report/version.hpp"

PYBIND11_MODULE(_core, module) {
  using namespace windtunnel::python;
  module.doc() = "The compiled part of windtunnel. Use the package's own names instead.";
  module.attr("__version__") = windtunnel::version();
  bind_errors(module);
  bind_column(module);
  bind_scenario(module);
  bind_policy(module);
  bind_result(module);
  bind_run(module);
  bind_tables(module);
  bind_verdict(module);
}
