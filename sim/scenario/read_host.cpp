// Reads what a replica takes of its node: `host_memory` and `cpu` of a model.
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/model_reading.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/value_reader.hpp"

namespace windtunnel {

void read_host_memory(ModelReading& m) {
  const Block block = m.nested("host_memory", tables::host_memory());
  const ParamSet& v = block.values;
  m.spec.host_memory = {.steady = v.bytes("steady"),
                        .loading = v.has("loading") ? v.bytes("loading") : v.bytes("steady"),
                        .limit = v.bytes("limit")};
  if (block.ok && m.spec.host_memory.limit.value > 0 && m.spec.host_memory.steady > m.spec.host_memory.limit) {
    m.problems.add(*m.node.find("host_memory"), join_path(m.path, "host_memory"),
                   fmt::format("steady {} is above the limit {}: every process would be killed",
                               format_amount(ParamType::bytes, v.number("steady")),
                               format_amount(ParamType::bytes, v.number("limit"))),
                   "raise limit or lower steady");
    m.ok = false;
  }
}

void read_cpu(ModelReading& m) {
  if (m.node.find("cpu") == nullptr) return;
  const Block block = m.nested("cpu", tables::cpu());
  if (!block.ok) return;
  const ParamSet& v = block.values;
  m.spec.cpu = CpuSpec{.request = std::nullopt, .busy = v.number("busy"), .idle = v.number("idle")};
  if (v.has("request")) m.spec.cpu->request = v.number("request");
}

void join_cpu_requests(ModelReading& m) {
  if (!m.ok) return;
  std::int64_t& asked = m.spec.requests.milli_cpu;
  if (m.spec.cpu && m.spec.cpu->request) {
    const std::int64_t other = std::llround(*m.spec.cpu->request * 1000);
    if (asked > 0 && asked != other) {
      m.problems.add(*m.node.find("cpu")->find("request"), join_path(join_path(m.path, "cpu"), "request"),
                     fmt::format("{} cores, and requests.cpu says {}", format_number(*m.spec.cpu->request),
                                 format_number(static_cast<double>(asked) / 1000)),
                     "they are the same figure: keep requests.cpu");
      m.ok = false;
    }
    asked = other;
  } else if (m.spec.cpu && asked > 0) {
    m.spec.cpu->request = static_cast<double>(asked) / 1000;
  }
}

}  // namespace windtunnel
