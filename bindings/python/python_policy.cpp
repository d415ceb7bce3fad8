#include "bindings/python/python_policy.hpp"

#include <pybind11/stl.h>

#include <limits>
#include <memory>
#include <string>
#include <tuple>

namespace py = pybind11;

namespace windtunnel::python {
namespace {

/// A Python object that threads without the interpreter lock may copy and drop.
using Held = std::shared_ptr<py::object>;

Held hold(py::object object) {
  return {new py::object(std::move(object)), [](py::object* held) {
            const py::gil_scoped_acquire lock;
            delete held;
          }};
}

class PythonPolicy final : public ScalingPolicy {
 public:
  /// Call with the lock held.
  explicit PythonPolicy(const py::object& policy)
      : needs_(policy.attr("needs")().cast<SignalNeeds>()), decide_(hold(policy.attr("decide"))) {}

  [[nodiscard]] SignalNeeds needs() const override { return needs_; }

  ScalingDecision decide(const Observation& seen) override {
    const py::gil_scoped_acquire lock;
    const py::object said = (*decide_)(seen);
    if (PyLong_CheckExact(said.ptr()) != 0)
      return {.desired_replicas = said.cast<int>(), .reason = {}, .value = std::numeric_limits<double>::quiet_NaN()};
    auto [replicas, reason, value] = said.cast<std::tuple<int, std::string, double>>();
    return {.desired_replicas = replicas, .reason = std::move(reason), .value = value};
  }

 private:
  SignalNeeds needs_;
  Held decide_;
};

}  // namespace

PolicyMaker policy_maker(const py::dict& policies) {
  if (policies.empty()) return {};
  return [held = hold(policies)](const ScalingSpec& spec) -> std::unique_ptr<ScalingPolicy> {
    const py::gil_scoped_acquire lock;
    const auto makers = held->cast<py::dict>();
    if (!makers.contains(spec.model)) return nullptr;
    return std::make_unique<PythonPolicy>(makers[spec.model.c_str()]());
  };
}

}  // namespace windtunnel::python
