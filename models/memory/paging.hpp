// Oversubscription: what does not fit the device lives in host memory and is paged over PCIe.
#pragma once

#include "models/sharing/sharing_mode.hpp"

namespace windtunnel {

/// The largest part of `request.asked`, in whole pages of 2 MiB, that the mode would grant. It may ask the mode often.
Bytes grantable(const SharingMode& mode, const MemoryRequest& request);

/// GPU time added to a batch that misses so many bytes: G is stretched by 1 + miss / (B G), section 7.4.
inline double paging_ns(Bytes miss, double bytes_per_s) {
  return static_cast<double>(miss.value) / bytes_per_s * 1e9;
}

}  // namespace windtunnel
