#include "sim/engine/share_curve.hpp"

namespace windtunnel {

ShareCurve::ShareCurve(std::function<double(std::uint32_t)> slowdown)
    : table_(kTabulated), beyond_(std::move(slowdown)) {
  for (std::uint32_t k = 1; k < kTabulated; ++k) table_[k] = beyond_(k);
}

ShareCurve::ShareCurve() : ShareCurve([](std::uint32_t k) { return static_cast<double>(k); }) {}

}  // namespace windtunnel
