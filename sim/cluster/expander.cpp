#include "sim/cluster/expander.hpp"

#include <algorithm>
#include <vector>

namespace windtunnel {
namespace {

// The least is best.
double rank_of(Expander expander, const GrowthOption& option) {
  switch (expander) {
    case Expander::most_pods: return -static_cast<double>(option.pods);
    case Expander::least_waste: return option.waste;
    case Expander::least_nodes: return option.nodes;
    case Expander::price: return option.price_usd_per_hour / std::max(1U, option.pods);
    case Expander::priority: return -option.priority;
    case Expander::random: break;
  }
  return 0;
}

}  // namespace

std::size_t choose_growth(std::span<const Expander> expanders, std::span<const GrowthOption> options, Rng& rng) {
  std::vector<std::size_t> left(options.size());
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
  for (const Expander expander : expanders) {
    double best = rank_of(expander, options[left.front()]);
    for (const std::size_t i : left) best = std::min(best, rank_of(expander, options[i]));
    std::erase_if(left, [&](std::size_t i) { return rank_of(expander, options[i]) > best; });
  }
  return left.size() == 1 ? left.front() : left[rng.below(static_cast<std::uint32_t>(left.size()))];
}

}  // namespace windtunnel
