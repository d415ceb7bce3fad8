// A policy written in Python, as the simulation sees it.
#pragma once

#include <pybind11/pybind11.h>

#include <atomic>

#include "sim/simulation/simulation.hpp"

namespace windtunnel::python {

/// From {model: make}: `make()` gives a driver with `needs()`, the `policy` whose decide(Observation) is asked, and
/// `checked` and `failed` for everything but a plain whole number. It is called once for each run, so no state is
/// shared between runs. What it raises ends the run and arrives in Python as it was raised. The interpreter lock is
/// taken only to make, to decide and to let go. @param policies  held by the maker; call with the lock held
/// @param stop  when true the policies are asked no more: the run is about to end. Must outlive the runs
PolicyMaker policy_maker(const pybind11::dict& policies, const std::atomic<bool>& stop);

}  // namespace windtunnel::python
