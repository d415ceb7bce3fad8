#include "models/sharing/mps.hpp"

#include <algorithm>
#include <array>

#include "models/sharing/admission.hpp"
#include "models/sharing/water_filling.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostClients = 60;  // [S] CUDA 13.1 and newer; 48 from Volta on before

}  // namespace

std::vector<Param> MpsMode::params() {
  return {{.name = "active_threads",
           .type = ParamType::share,
           .doc = "cap on the SMs of one replica; a cap, not a reservation. Left out: 1 / replicas",
           .optional = true,
           .source = "[S] the Kubernetes device plugin sets an equal share"},
          {.name = "limit_memory",
           .type = ParamType::boolean,
           .doc = "give every replica a pinned-memory limit; false: none but a model's own",
           .fallback = "true",
           .source = "[S] the Kubernetes device plugin sets one"},
          {.name = "memory_limit",
           .type = ParamType::bytes,
           .doc = "pinned-memory limit of one replica, its context not counted. Left out: device memory / replicas",
           .optional = true,
           .min = 0,
           .min_exclusive = true,
           .source = "[S] the Kubernetes device plugin sets an equal share"},
          {.name = "contention",
           .type = ParamType::number,
           .doc = "slowdown sigma when two or more are busy, on top of the division of SMs",
           .fallback = "1.12",
           .min = 1,
           .max = 100,
           .source = "[C] mean of 125 pairs of two CNNs under disjoint caps, V100"},
          {.name = "clients",
           .type = ParamType::integer,
           .doc = "contexts the MPS server takes; one more fails to start",
           .fallback = "48",
           .min = 1,
           .max = static_cast<double>(kMostClients),
           .source = "[S] 48 from Volta on, 60 with CUDA 13.1",
           .unit = "clients"},
          {.name = "static_partition",
           .type = ParamType::boolean,
           .doc = "caps are reservations: SM sets of their own, which must fit the card together",
           .fallback = "false",
           .source = "[S] CUDA 13.1 and newer, on request"},
          {.name = "fault_exit",
           .type = ParamType::duration,
           .doc = "from a fatal fault, which ends every client of the GPU, until the last of them has exited; no new "
                  "client is taken before",
           .fallback = "200ms",
           .max = 86400,
           .source = "[A] teardown of a context takes 50-200 ms"}};
}

MpsMode::MpsMode(const SharingSpec& spec)
    : cap_(spec.params.has("active_threads") ? spec.params.number("active_threads") : 1.0 / std::max(1, spec.replicas)),
      contention_(spec.params.number("contention")),
      clients_(spec.params.integer("clients")),
      limit_memory_(spec.params.boolean("limit_memory")),
      static_partition_(spec.params.boolean("static_partition")),
      fault_exit_(spec.params.duration("fault_exit")) {
  if (spec.params.has("memory_limit")) memory_limit_ = spec.params.bytes("memory_limit");
}

double MpsMode::equal_rate(int) const {
  SIM_CHECK(equal_shares(), "MPS clients have rates of their own; ask rates()");
  return 0;
}

void MpsMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  SIM_CHECK(busy.size() <= kMostClients, "more busy MPS clients than any server takes");
  std::array<double, kMostClients> kappa{};
  const auto caps = std::span(kappa).first(busy.size());
  for (std::size_t i = 0; i < busy.size(); ++i) caps[i] = std::min({cap_, busy[i].cap, busy[i].sm_activity});
  if (static_partition_) {
    std::copy(caps.begin(), caps.end(), out.begin());
  } else {
    water_fill(caps, out.first(busy.size()));
  }
  const double sigma = busy.size() > 1 ? contention_ : 1.0;
  for (std::size_t i = 0; i < busy.size(); ++i) {
    const double filled = busy[i].sm_activity > 0 ? out[i] / busy[i].sm_activity : 1.0;  // 0: needs no SM at all
    out[i] = filled / sigma;
  }
}

MemoryVerdict MpsMode::admit(const MemoryRequest& request) const {
  // The limit is on pinned device memory: it does not see the context.
  if (request.own_limit && request.own_used - request.own_context + request.asked > *request.own_limit)
    return MemoryVerdict::own_limit;
  return device_verdict(request);
}

std::optional<Bytes> MpsMode::default_limit(Bytes usable, int replicas) const {
  if (!limit_memory_) return std::nullopt;
  return memory_limit_ ? *memory_limit_ : equal_part(usable, replicas);
}

}  // namespace windtunnel
