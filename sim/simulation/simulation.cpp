#include "sim/simulation/simulation.hpp"

#include <chrono>
#include <ctime>

#include <sys/resource.h>

#include "sim/simulation/results.hpp"
#include "sim/simulation/run_loop.hpp"
#include "sim/simulation/setup.hpp"

namespace windtunnel {
namespace {

double thread_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::int64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

Result<RunResult> simulate(const Scenario& scenario, const RunOptions& options) {
  const auto wall = std::chrono::steady_clock::now();
  const double cpu = thread_cpu_s();
  try {
    const auto world = make_world(scenario, options);
    run_loop(*world);
    RunResult result = collect(*world);
    result.engine.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    result.engine.cpu_s = thread_cpu_s() - cpu;
    result.engine.peak_rss_bytes = peak_rss_bytes();
    return result;
  } catch (const InputError& error) {
    return error.error();
  }
}

}  // namespace windtunnel
