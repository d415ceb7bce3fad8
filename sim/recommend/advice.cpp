#include "sim/recommend/advice.hpp"

#include <algorithm>
#include <cmath>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

// The smallest that is at or above that share of all.
Bytes order_statistic(const std::vector<Bytes>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size()) - 1e-9));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

}  // namespace

MemoryAdvice advise(std::string model, MemoryKind kind, std::vector<Bytes> peaks, const LimitsByRule& limits,
                    std::optional<Bytes> room) {
  SIM_CHECK(!peaks.empty(), "advice on memory that nobody saw");
  std::sort(peaks.begin(), peaks.end());
  MemoryAdvice out{.model = std::move(model), .kind = kind, .limit = std::nullopt, .peaks = peaks.size()};
  out.p50 = order_statistic(peaks, 0.5);
  out.p90 = order_statistic(peaks, 0.9);
  out.largest = peaks.back();
  for (std::size_t i = 0; i < limits.size(); ++i) {
    LimitAdvice& one = out.by_rule[i];
    one.limit = limits[i];
    const auto above = peaks.end() - std::upper_bound(peaks.begin(), peaks.end(), one.limit);
    one.risk = static_cast<double>(above) / static_cast<double>(peaks.size());
    double wasted = 0;
    for (const Bytes peak : peaks) wasted += static_cast<double>(std::max(Bytes{}, one.limit - peak).value);
    one.wasted = Bytes{std::llround(wasted / static_cast<double>(peaks.size()))};
    if (room && one.limit.value > 0) one.sharers = static_cast<int>(room->value / one.limit.value);
  }
  return out;
}

}  // namespace windtunnel
