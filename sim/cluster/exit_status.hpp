// What Kubernetes shows of a container that ended.
#pragma once

#include <cstdint>
#include <string_view>

namespace windtunnel {

/// How a container can end.
enum class ContainerEnd : std::uint8_t {
  clean_exit,              ///< its server returned, as after SIGTERM
  sigterm_default_action,  ///< it had no handler
  grace_period_overrun,    ///< still running when its grace period was over
  memory_cgroup_limit,     ///< the kernel killed it for host memory
  cuda_oom_uncaught,       ///< cudaErrorMemoryAllocation became an exception nobody caught
  other_error,             ///< it ended of itself with a code of its own
};

struct ExitStatus {
  int code = 0;             ///< 0 to 255; 128 + n for signal n
  std::string_view reason;  ///< Completed, Error or OOMKilled
};

inline constexpr int kSigkillCode = 128 + 9, kSigtermCode = 128 + 15, kPythonErrorCode = 1;

/// Kubelet's container status (pkg/kubelet): Completed for code 0, OOMKilled only for a memory cgroup's limit, else
/// Error. A refused allocation on the GPU is no kernel OOM: the server's own code, 1 for an uncaught exception.
/// @param own_code  of other_error
constexpr ExitStatus exit_status(ContainerEnd end, int own_code = kPythonErrorCode) {
  switch (end) {
    case ContainerEnd::clean_exit: return {0, "Completed"};
    case ContainerEnd::sigterm_default_action: return {kSigtermCode, "Error"};
    case ContainerEnd::grace_period_overrun: return {kSigkillCode, "Error"};
    case ContainerEnd::memory_cgroup_limit: return {kSigkillCode, "OOMKilled"};
    case ContainerEnd::cuda_oom_uncaught: return {kPythonErrorCode, "Error"};
    case ContainerEnd::other_error: break;
  }
  return {own_code, own_code == 0 ? "Completed" : "Error"};
}

}  // namespace windtunnel
