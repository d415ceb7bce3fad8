// What the device itself says to an allocation: the check that every mode makes (law 5).
#pragma once

#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

/// True if the device has room, whoever holds the rest.
inline bool fits_device(const MemoryRequest& request) {
  return request.device_used + request.asked <= request.device_size;
}

/// The verdict of a mode that knows no limit but the device.
inline MemoryVerdict device_verdict(const MemoryRequest& request) {
  return fits_device(request) ? MemoryVerdict::granted : MemoryVerdict::device_full;
}

/// An equal share of the device, as the Kubernetes device plugin divides it, rounded down to a byte.
inline Bytes equal_part(Bytes usable, int replicas) {
  return {usable.value / (replicas < 1 ? 1 : replicas)};
}

}  // namespace windtunnel
