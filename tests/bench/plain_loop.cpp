// windtunnel_plain_loop WORKLOAD [QUERIES]: the same workloads by a plain std::priority_queue loop, for comparison.
#include <cstdlib>
#include <ctime>
#include <string>

#include <fmt/format.h>

#include "tests/bench/plain_event.hpp"

int main(int argc, char** argv) {
  using namespace windtunnel::bench;
  const std::string workload = argc > 1 ? argv[1] : "";
  const std::uint64_t asked = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  constexpr std::uint64_t kSeed = 1;
  const std::clock_t start = std::clock();
  PlainResult result;
  if (workload == "w1") {
    result = plain_w1(asked ? asked : 10'000'000, kSeed);
  } else if (workload == "w2") {
    result = plain_w2(asked ? asked : 10'000'000, kSeed);
  } else if (workload == "w3-64" || workload == "w3-4096") {
    result = plain_w3(asked ? asked : 20'000'000, kSeed, workload == "w3-64" ? 64 : 4096);
  } else {
    fmt::print(stderr, "usage: windtunnel_plain_loop w1|w2|w3-64|w3-4096 [QUERIES]\n");
    return 2;
  }
  const double cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const auto& times = result.response_time;
  fmt::print(
      "{{\"workload\": \"{}\", \"queries\": {}, \"cpu_s\": {}, \"mean_wait_s\": {}, \"response_time_s\": "
      "{{\"mean\": {}, \"p50\": {}, \"p95\": {}, \"p99\": {}}}, \"replica_seconds\": {}}}\n",
      workload, result.queries, cpu_s, result.mean_wait_s, times.mean_s(), times.quantile_s(0.5),
      times.quantile_s(0.95), times.quantile_s(0.99), result.replica_seconds);
  return 0;
}
