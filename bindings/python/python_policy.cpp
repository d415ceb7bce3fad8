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

bool interpreter_is_gone() {
#if PY_VERSION_HEX >= 0x030d0000
  return Py_IsInitialized() == 0 || Py_IsFinalizing() != 0;
#else
  return Py_IsInitialized() == 0 || _Py_IsFinalizing() != 0;
#endif
}

Held hold(py::object object) {
  return {new py::object(std::move(object)), [](py::object* held) {
            if (interpreter_is_gone()) return;  // its memory goes with it
            const py::gil_scoped_acquire lock;
            delete held;
          }};
}

/// Whole numbers that need no second look; the driver says the same of all others.
constexpr long kMostReplicas = 100'000;

class PythonPolicy final : public ScalingPolicy {
 public:
  /// Call with the lock held.
  PythonPolicy(const py::object& driver, const std::atomic<bool>& stop)
      : stop_(stop),
        needs_(driver.attr("needs")().cast<SignalNeeds>()),
        driver_(hold(driver)),
        decide_(hold(driver.attr("policy").attr("decide"))) {}

  [[nodiscard]] SignalNeeds needs() const override { return needs_; }

  ScalingDecision decide(const Observation& seen) override {
    if (stop_.load(std::memory_order_relaxed))
      return {.desired_replicas = seen.current_replicas, .reason = {}, .value = kNoSample};
    const py::gil_scoped_acquire lock;
    const py::object& shown = show(seen);
    const py::object said = ask(shown);
    if (PyLong_CheckExact(said.ptr()) != 0) {
      const long replicas = PyLong_AsLong(said.ptr());
      if (replicas >= 0 && replicas <= kMostReplicas)
        return {.desired_replicas = static_cast<int>(replicas), .reason = {}, .value = kNoSample};
      PyErr_Clear();  // one too large for a long
    }
    auto [replicas, reason, value] = driver_->attr("checked")(shown, said).cast<std::tuple<int, std::string, double>>();
    return {.desired_replicas = replicas, .reason = std::move(reason), .value = value};
  }

 private:
  /// What the policy is shown: one object filled again and again, as long as the policy keeps none.
  const py::object& show(const Observation& seen) {
    if (shown_ == nullptr || Py_REFCNT(shown_->ptr()) > 1)
      shown_ = hold(py::cast(seen));
    else
      shown_->cast<Observation&>() = seen;
    return *shown_;
  }

  /// What it says. An exception becomes a PolicyError with it as the cause; KeyboardInterrupt and the like pass.
  py::object ask(const py::object& shown) {
    try {
      return (*decide_)(shown);
    } catch (py::error_already_set& error) {
      if (!error.matches(PyExc_Exception)) throw;
      if (error.trace()) PyException_SetTraceback(error.value().ptr(), error.trace().ptr());
      return driver_->attr("failed")(shown, error.value());
    }
  }

  const std::atomic<bool>& stop_;
  SignalNeeds needs_;
  Held driver_, decide_, shown_;
};

}  // namespace

PolicyMaker policy_maker(const py::dict& policies, const std::atomic<bool>& stop) {
  if (policies.empty()) return {};
  return [held = hold(policies), &stop](const ScalingSpec& spec) -> std::unique_ptr<ScalingPolicy> {
    const py::gil_scoped_acquire lock;
    const auto makers = held->cast<py::dict>();
    if (!makers.contains(spec.model)) return nullptr;
    return std::make_unique<PythonPolicy>(makers[spec.model.c_str()](), stop);
  };
}

}  // namespace windtunnel::python
