#include "bindings/python/python_policy.hpp"

#include <pybind11/stl.h>

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
  explicit PythonPolicy(Held policy) : policy_(std::move(policy)) {}

  [[nodiscard]] SignalNeeds needs() const override {
    const py::gil_scoped_acquire lock;
    return policy_->attr("needs")().cast<SignalNeeds>();
  }

  ScalingDecision decide(const Observation& seen) override {
    const py::gil_scoped_acquire lock;
    auto [replicas, reason, value] = policy_->attr("decide")(seen).cast<std::tuple<int, std::string, double>>();
    return {.desired_replicas = replicas, .reason = std::move(reason), .value = value};
  }

 private:
  Held policy_;
};

}  // namespace

PolicyMaker policy_maker(const py::dict& policies) {
  if (policies.empty()) return {};
  return [held = hold(policies)](const ScalingSpec& spec) -> std::unique_ptr<ScalingPolicy> {
    const py::gil_scoped_acquire lock;
    const auto makers = held->cast<py::dict>();
    if (!makers.contains(spec.model)) return nullptr;
    return std::make_unique<PythonPolicy>(hold(makers[spec.model.c_str()]()));
  };
}

}  // namespace windtunnel::python
