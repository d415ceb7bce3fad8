#include "sim/scenario/suggest.hpp"

#include <algorithm>
#include <cctype>

namespace windtunnel {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kListed = 30;

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Optimal string alignment distance.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const std::string wanted = lower(word);
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const auto candidate : known) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t d = distance(wanted, lower(candidate));
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  if (!best.empty() || word.size() < 3) return best;
  for (const auto candidate : known)
    if (lower(candidate).find(wanted) != std::string::npos) return candidate;
  return {};
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known, bool always_list) {
  const auto near = nearest(word, known);
  std::string out;
  if (!near.empty()) out = "did you mean \"" + std::string(near) + "\"?";
  if (known.empty() || (!near.empty() && !always_list)) return out;
  std::string list;
  for (std::size_t i = 0; i < known.size() && i < kListed; ++i) {
    if (i > 0) list += ", ";
    list += known[i];
  }
  if (known.size() > kListed) list += ", ...";
  return near.empty() ? "known: " + list : out + " (known: " + list + ")";
}

}  // namespace windtunnel
