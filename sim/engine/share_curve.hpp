// How much slower each of k equal batches runs: the whole physics of equal sharing in one table.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace windtunnel {

/// slowdown(k) = time one of k batches takes over the time it takes alone on the whole GPU.
class ShareCurve {
 public:
  /// @param slowdown  defined for every k >= 1, positive; tabulated for small k
  explicit ShareCurve(std::function<double(std::uint32_t)> slowdown);
  /// Plain processor sharing: k.
  ShareCurve();

  [[nodiscard]] double slowdown(std::uint32_t k) const { return k < kTabulated ? table_[k] : beyond_(k); }

 private:
  static constexpr std::uint32_t kTabulated = 65;
  std::vector<double> table_;
  std::function<double(std::uint32_t)> beyond_;
};

}  // namespace windtunnel
