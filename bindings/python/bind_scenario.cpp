// Scenarios: text in, checked scenario or every problem out.
#include <pybind11/stl.h>

#include "bindings/python/bind.hpp"
#include "sim/scenario/loader.hpp"

namespace py = pybind11;

namespace windtunnel::python {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

template <class Spec>
std::vector<std::string> names_of(const std::vector<Spec>& specs) {
  std::vector<std::string> out;
  for (const Spec& spec : specs) out.push_back(spec.name);
  return out;
}

}  // namespace

void bind_scenario(py::module_& module) {
  py::class_<Scenario, std::shared_ptr<Scenario>>(module, "Scenario", "A checked scenario; cannot be changed.")
      .def_readonly("name", &Scenario::name)
      .def_readonly("seed", &Scenario::seed)
      .def_readonly("digest", &Scenario::digest, "16 hex digits over the resolved scenario")
      .def_readonly("resolved", &Scenario::resolved, "YAML with every default filled in")
      .def_property_readonly("models", [](const Scenario& s) { return names_of(s.models); })
      .def_property_readonly("pipelines", [](const Scenario& s) { return names_of(s.pipelines); })
      .def_property_readonly("variants", [](const Scenario& s) { return names_of(s.compare); })
      .def(
          "policy_of",
          [](const Scenario& s, const std::string& model) {
            for (const ScalingSpec& scaling : s.scaling)
              if (scaling.model == model) return scaling.policy;
            throw std::out_of_range(model);
          },
          py::arg("model"), "The policy its `scaling` entry names.");

  const auto text = py::arg("text");
  const auto file_name = py::arg("file_name");
  const auto folder = py::arg("folder");
  const auto settings = py::arg("settings");
  module.def(
      "read_scenario_file", [](const std::string& path) { return unwrap(read_scenario_file(path)); }, py::arg("path"),
      "The text of a scenario file.");
  module.def(
      "parse_scenario",
      [](const std::string& yaml, const std::string& name, const std::string& beside, const Settings& set) {
        return unwrap(parse_scenario(yaml, name, beside, {.set = set, .given_by = "set"}));
      },
      text, file_name, folder, settings, "Checks a scenario with settings (path, YAML value) laid over it.");
  module.def(
      "parse_variants",
      [](const std::string& yaml, const std::string& name, const std::string& beside, const Settings& set) {
        return unwrap(parse_variants(yaml, name, beside, {.set = set, .given_by = "set"}));
      },
      text, file_name, folder, settings, "One (name, scenario) for each entry of `compare`.");
  module.def(
      "laid_over",
      [](const std::string& yaml, const std::string& name, const Settings& set) {
        return unwrap(laid_over(yaml, name, {.set = set, .given_by = "set"}));
      },
      text, file_name, settings, "The document with the settings laid over it, as YAML.");
  module.def(
      "value_at", [](const std::string& yaml, const std::string& at) { return unwrap(value_at(yaml, at)); },
      py::arg("text"), py::arg("path"), "The value at a path of a YAML document, as JSON.");
}

}  // namespace windtunnel::python
