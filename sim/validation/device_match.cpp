#include "sim/validation/device_match.hpp"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "sim/scenario/catalogue.hpp"

namespace windtunnel {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out.back() += static_cast<char>(std::tolower(c));
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

bool means(std::string_view theirs, std::string_view ours) {
  if (theirs == ours) return true;
  return theirs.size() == ours.size() + 1 && ours.size() > 2 && theirs.starts_with(ours) &&
         std::isdigit(static_cast<unsigned char>(theirs.back())) != 0;
}

}  // namespace

const GpuType* match_gpu(std::string_view device) {
  const auto theirs = words_of(device);
  const GpuType* best = nullptr;
  std::size_t most = 0;
  for (const auto& gpu : catalogue().gpus) {
    const auto ours = words_of(gpu.name);
    const bool all = std::all_of(ours.begin(), ours.end(), [&](const auto& word) {
      return std::any_of(theirs.begin(), theirs.end(), [&](const auto& other) { return means(other, word); });
    });
    if (!all || ours.size() <= most) continue;
    most = ours.size();
    best = &gpu.type;
  }
  return best;
}

}  // namespace windtunnel
