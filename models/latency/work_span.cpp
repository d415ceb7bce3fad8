#include "models/latency/work_span.hpp"

#include <algorithm>
#include <cmath>

namespace windtunnel {

double p_norm(double x, double y, double p) {
  const double large = std::max(x, y), small = std::min(x, y);
  if (!(small > 0)) return large;
  return large * std::pow(1 + std::pow(small / large, p), 1 / p);
}

double WorkSpan::time_s(double items, double share, double processes) const {
  return p_norm(span_s(items), processes * work_s(items) / share, p);
}

double WorkSpan::useful_share(double items, double cap) const {
  const double time = time_s(items, cap);
  return time > 0 ? std::min(cap, work_s(items) / time) : 0;
}

}  // namespace windtunnel
