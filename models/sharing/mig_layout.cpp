#include "models/sharing/mig_layout.hpp"

#include <algorithm>
#include <numeric>

#include "sim/core/error.hpp"
#include "sim/core/stable_order.hpp"

namespace windtunnel {
namespace {

/// Who has each memory slice: an index into the layout, or kFree.
using Slices = std::vector<int>;
constexpr int kFree = -1;

bool is_free(const Slices& slices, int start, int size) {
  if (start + size > static_cast<int>(slices.size())) return false;
  return std::all_of(slices.begin() + start, slices.begin() + start + size, [](int who) { return who == kFree; });
}

void fill(Slices& slices, int start, int size, int who) {
  std::fill_n(slices.begin() + start, size, who);
}

/// Larger ones first: they have fewer starts.
std::vector<std::size_t> by_size(std::span<const MigProfile* const> layout) {
  std::vector<std::size_t> order(layout.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  stable_order(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(layout[a]->memory_slices, layout[a]->compute_slices) >
           std::pair(layout[b]->memory_slices, layout[b]->compute_slices);
  });
  return order;
}

bool place_rest(std::span<const MigProfile* const> layout, std::span<const std::size_t> order, Slices& slices,
                std::vector<int>& starts) {
  if (order.empty()) return true;
  const std::size_t who = order.front();
  const int size = layout[who]->memory_slices;
  for (const int start : layout[who]->starts) {
    if (!is_free(slices, start, size)) continue;
    fill(slices, start, size, static_cast<int>(who));
    starts[who] = start;
    if (place_rest(layout, order.subspan(1), slices, starts)) return true;
    fill(slices, start, size, kFree);
  }
  return false;
}

int compute_slices(std::span<const MigProfile* const> layout) {
  return std::accumulate(layout.begin(), layout.end(), 0,
                         [](int sum, const auto* p) { return sum + p->compute_slices; });
}

std::string span_of(int start, int size) {
  return size == 1 ? std::to_string(start) : std::to_string(start) + "-" + std::to_string(start + size - 1);
}

/// "start 0 by 4g.20gb (slices 0-3), start 4 by ...".
std::string blockers(const MigFamily& family, std::span<const MigProfile* const> placed, std::span<const int> starts,
                     const MigProfile& profile) {
  Slices slices(static_cast<std::size_t>(family.memory_slices), kFree);
  for (std::size_t i = 0; i < placed.size(); ++i)
    fill(slices, starts[i], placed[i]->memory_slices, static_cast<int>(i));
  std::string out;
  for (const int start : profile.starts) {
    const auto taken = std::find_if(slices.begin() + start, slices.begin() + start + profile.memory_slices,
                                    [](int who) { return who != kFree; });
    out += (out.empty() ? "start " : ", start ") + std::to_string(start);
    if (taken == slices.begin() + start + profile.memory_slices) {
      out += " for want of compute slices";
      continue;
    }
    const auto who = static_cast<std::size_t>(*taken);
    out += " by " + placed[who]->name + " (slices " + span_of(starts[who], placed[who]->memory_slices) + ")";
  }
  return out;
}

/// The largest profile no larger than `wanted`, itself included, that finds a place beside those; null for none.
const MigProfile* largest_that_fits(const MigFamily& family, MigLayout beside, const MigProfile& wanted) {
  const MigProfile* best = nullptr;
  for (const MigProfile& profile : family.profiles) {
    if (profile.memory_slices > wanted.memory_slices || profile.compute_slices > wanted.compute_slices) continue;
    beside.push_back(&profile);
    const bool fits = place_mig(family, beside).has_value();
    beside.pop_back();
    const auto size = [](const MigProfile& p) { return std::pair(p.memory_slices, p.compute_slices); };
    if (fits && (best == nullptr || size(profile) > size(*best))) best = &profile;
  }
  return best;
}

}  // namespace

std::optional<std::vector<int>> place_mig(const MigFamily& family, std::span<const MigProfile* const> layout) {
  if (compute_slices(layout) > family.compute_slices) return std::nullopt;
  Slices slices(static_cast<std::size_t>(family.memory_slices), kFree);
  std::vector<int> starts(layout.size(), 0);
  const auto order = by_size(layout);
  if (!place_rest(layout, order, slices, starts)) return std::nullopt;
  return starts;
}

MigMisfit explain_misfit(const MigFamily& family, std::span<const MigProfile* const> layout) {
  MigMisfit out;
  for (const std::size_t i : by_size(layout)) {
    const MigProfile& wanted = *layout[i];
    MigLayout& placed = out.nearest;
    const auto before = place_mig(family, placed);
    placed.push_back(&wanted);
    if (place_mig(family, placed)) continue;
    placed.pop_back();
    if (out.profile == nullptr) {
      out.profile = &wanted;
      out.blocked = blockers(family, placed, *before, wanted);
    }
    if (const MigProfile* smaller = largest_that_fits(family, placed, wanted)) placed.push_back(smaller);
  }
  SIM_CHECK(out.profile != nullptr, "a MIG layout that fits was to be explained");
  return out;
}

}  // namespace windtunnel
