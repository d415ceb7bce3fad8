// A pool whose replicas have only a part of the card's SMs together, as in a MIG slice.
#pragma once

#include "sim/core/param.hpp"

namespace windtunnel {

inline Param compute_share_param() {
  return {.name = "compute_share",
          .type = ParamType::share,
          .doc = "part of the card's SMs that its replicas have together: k/7 for a MIG slice of k. Left out: all",
          .optional = true,
          .source = "[S] a MIG slice of k compute slices has k/7 of the SMs"};
}

inline double compute_share(const ParamSet& params) {
  return params.has("compute_share") ? params.number("compute_share") : 1.0;
}

}  // namespace windtunnel
