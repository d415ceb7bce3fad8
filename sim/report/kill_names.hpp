// The names of kill causes, of mechanisms and of parts of a process's memory, as they stand in summary.json, result.h5
// and tables.
#pragma once

#include <array>
#include <string_view>

#include "sim/report/run_result.hpp"

namespace windtunnel {

inline constexpr std::array kKillCauses = {
    KillCause::device_full,         KillCause::own_vram_limit, KillCause::host_ram_limit, KillCause::neighbour_fault,
    KillCause::soft_limit_eviction, KillCause::probe,          KillCause::crash,          KillCause::gpu_fault,
    KillCause::grace_period,        KillCause::sigterm,        KillCause::node_lost};

constexpr std::string_view to_string(KillCause cause) {
  switch (cause) {
    case KillCause::device_full: return "device_full";
    case KillCause::own_vram_limit: return "own_vram_limit";
    case KillCause::host_ram_limit: return "host_ram_limit";
    case KillCause::neighbour_fault: return "neighbour_fault";
    case KillCause::soft_limit_eviction: return "soft_limit_eviction";
    case KillCause::probe: return "probe";
    case KillCause::crash: return "crash";
    case KillCause::gpu_fault: return "gpu_fault";
    case KillCause::grace_period: return "grace_period";
    case KillCause::sigterm: return "sigterm";
    case KillCause::node_lost: return "node_lost";
  }
  return "unknown";
}

constexpr std::string_view to_string(MemoryPart part) {
  switch (part) {
    case MemoryPart::context: return "context";
    case MemoryPart::weights: return "weights";
    case MemoryPart::variant: return "variant";
    case MemoryPart::work: return "work";
    case MemoryPart::pool: return "pool";
    case MemoryPart::process: return "process";
    case MemoryPart::loading: return "loading";
    case MemoryPart::serving: return "serving";
  }
  return "unknown";
}

constexpr std::string_view to_string(KillMechanism mechanism) {
  switch (mechanism) {
    case KillMechanism::process_exit: return "process_exit";
    case KillMechanism::sigkill: return "sigkill";
    case KillMechanism::sigterm: return "sigterm";
  }
  return "unknown";
}

}  // namespace windtunnel
