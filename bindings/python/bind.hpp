// What the files of the module share: one function for each noun, and how a Result becomes a value or an exception.
#pragma once

#include <pybind11/pybind11.h>

#include <utility>

#include "sim/core/error.hpp"

namespace windtunnel::python {

void bind_errors(pybind11::module_& module);
void bind_column(pybind11::module_& module);
void bind_scenario(pybind11::module_& module);
void bind_policy(pybind11::module_& module);
void bind_result(pybind11::module_& module);
void bind_run(pybind11::module_& module);
void bind_tables(pybind11::module_& module);
void bind_verdict(pybind11::module_& module);

/// Problems on their way to Python, where they arrive as one ScenarioError with a line for each.
class ProblemsError : public std::exception {
 public:
  explicit ProblemsError(const Problems& problems);
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

template <class T>
T unwrap(Result<T> result) {
  if (!result) throw ProblemsError(result.problems());
  return std::move(*result);
}

}  // namespace windtunnel::python
