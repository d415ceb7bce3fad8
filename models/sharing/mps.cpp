#include "models/sharing/mps.hpp"

#include <algorithm>
#include <array>

#include "models/latency/company.hpp"
#include "models/sharing/admission.hpp"
#include "models/sharing/compute_share.hpp"
#include "models/sharing/mps_share.hpp"
#include "models/sharing/water_filling.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr std::size_t kMostClients = 60;  // [S] CUDA 13.1 and newer; 48 from Volta on before

Claim claim_of(const Sharer& sharer, double cap) {
  if (sharer.time == nullptr) return {cap, std::min(cap, sharer.sm_activity), false};
  const double part = sharer.card_share;
  return {cap, sharer.time->useful_share(sharer.items, cap * part) / part, true};
}

// Of its batch on so many of the SMs, contention aside.
double time_on(const Sharer& sharer, double share) {
  if (sharer.time != nullptr) return sharer.time->time_s(sharer.items, share * sharer.card_share);
  return sharer.sm_activity > 0 ? sharer.solo_s * sharer.sm_activity / share : sharer.solo_s;
}

double pressure_of(const Sharer& sharer, double time_s) {
  return sharer.contention != nullptr && time_s > 0 ? sharer.contention->pressure_s * sharer.items / time_s : 0;
}

}  // namespace

std::vector<Param> MpsMode::params() {
  return {
      {.name = "active_threads",
       .type = ParamType::share,
       .doc = "cap on the SMs of one replica; a cap, not a reservation. Left out: 100 / replicas, in whole percent",
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
      {.name = "dmem_max",
       .type = ParamType::bytes,
       .doc = "MPS v3: hard limit of one replica's cgroup, its context counted; in place of the pinned limit unless "
              "memory_limit is given",
       .optional = true,
       .min = 0,
       .min_exclusive = true,
       .source = "[S] NVIDIA r615, Linux cgroup v2 dmem"},
      {.name = "dmem_min",
       .type = ParamType::bytes,
       .doc = "MPS v3: soft limit, its context counted; a replica above it may be killed (SIGKILL, 137) when the "
              "device is full, the largest excess first",
       .optional = true,
       .min = 0,
       .source = "[S] NVIDIA r615, Linux cgroup v2 dmem; the order of victims [A]"},
      {.name = "contention",
       .type = ParamType::number,
       .doc = "slowdown sigma when two or more are busy, on top of the division of SMs",
       .fallback = "1.12",
       .min = 1,
       .max = 100,
       .source = "[C] mean of 125 pairs of two CNNs under disjoint caps, V100"},
      compute_share_param(),
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
    : cap_(spec.params.has("active_threads") ? spec.params.number("active_threads")
                                             : mps_share({}, std::max(1, spec.replicas)).thread_percent / 100.0),
      share_(compute_share(spec.params)),
      contention_(spec.params.number("contention")),
      clients_(spec.params.integer("clients")),
      limit_memory_(spec.params.boolean("limit_memory")),
      static_partition_(spec.params.boolean("static_partition")),
      fault_exit_(spec.params.duration("fault_exit")) {
  if (static_partition_ && !spec.params.has("active_threads")) cap_ *= share_;  // equal parts of what there is
  if (spec.params.has("memory_limit")) memory_limit_ = spec.params.bytes("memory_limit");
  if (spec.params.has("dmem_max")) dmem_max_ = spec.params.bytes("dmem_max");
  if (spec.params.has("dmem_min")) dmem_min_ = spec.params.bytes("dmem_min");
}

double MpsMode::equal_rate(int) const {
  SIM_CHECK(equal_shares(), "MPS clients have rates of their own; ask rates()");
  return 0;
}

void MpsMode::rates(std::span<const Sharer> busy, std::span<double> out) const {
  SIM_CHECK(busy.size() <= kMostClients, "more busy MPS clients than any server takes");
  const auto plain = [](const Sharer& s) { return s.time == nullptr && s.contention == nullptr; };
  if (share_ < 1 || !std::all_of(busy.begin(), busy.end(), plain)) return rates_by_law(busy, out);
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

void MpsMode::rates_by_law(std::span<const Sharer> busy, std::span<double> out) const {
  std::array<Claim, kMostClients> claims{};
  std::array<double, kMostClients> granted{}, time_s{};
  double pressure = 0;
  for (std::size_t i = 0; i < busy.size(); ++i) claims[i] = claim_of(busy[i], std::min({cap_, busy[i].cap, share_}));
  if (static_partition_) {  // each as if it were alone
    for (std::size_t i = 0; i < busy.size(); ++i)
      granted_shares(std::span(claims).subspan(i, 1), share_, std::span(granted).subspan(i, 1));
  } else {
    granted_shares(std::span(claims).first(busy.size()), share_, std::span(granted).first(busy.size()));
  }
  for (std::size_t i = 0; i < busy.size(); ++i) {
    time_s[i] = time_on(busy[i], granted[i]);
    pressure += pressure_of(busy[i], time_s[i]);
  }
  const int partners = static_cast<int>(busy.size()) - 1;
  for (std::size_t i = 0; i < busy.size(); ++i) {
    const double others = std::max(0.0, pressure - pressure_of(busy[i], time_s[i]));
    const ContentionTerms terms{.items = busy[i].items, .time_s = time_s[i], .partners = partners, .pressure = others};
    const double sigma = busy[i].contention != nullptr ? contention_factor(*busy[i].contention, terms)
                         : partners > 0                ? contention_
                                                       : 1.0;
    const double on_gpu = time_s[i] - busy[i].host_s;  // what the share stretches
    out[i] = (on_gpu > 0 ? (busy[i].solo_s - busy[i].host_s) / on_gpu : 1) / sigma;
  }
}

MemoryVerdict MpsMode::admit(const MemoryRequest& request) const {
  // The limit is on pinned device memory: it does not see the context.
  if (request.own_limit && request.own_used - request.own_context + request.asked > *request.own_limit)
    return MemoryVerdict::own_limit;
  // The kernel's controller counts everything.
  if (dmem_max_ && request.own_used + request.asked > *dmem_max_) return MemoryVerdict::own_limit;
  return device_verdict(request);
}

std::optional<Bytes> MpsMode::default_limit(Bytes usable, int replicas) const {
  if (!limit_memory_) return std::nullopt;
  if (memory_limit_) return memory_limit_;
  if (dmem_max_ || dmem_min_) return std::nullopt;
  return mps_share(usable, replicas).memory_limit;
}

}  // namespace windtunnel
