// Models behind one server: checkpoints or adapters that it swaps in and out of GPU memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

struct ModelVariant {
  std::string name;
  Bytes bytes{};  ///< on the device, beside the weights that all have in common
};

struct VariantsSpec {
  std::vector<ModelVariant> all;
  std::vector<double> cumulative;  ///< shares of the queries, summed up to each; the last is 1
  int most = 0;                    ///< on the device at a time; 0: only `most_bytes` binds
  Bytes most_bytes{};              ///< together; 0: only `most` binds
  bool on_host = true;             ///< copies of all of them are kept in host memory
  double bytes_per_s = 0;          ///< of a swap: over PCIe, or from where they are stored
  Duration setup{};                ///< of a swap, whatever its size
  bool fetch_ahead = false;        ///< the next variant comes in while a batch runs

  [[nodiscard]] Bytes largest() const {
    Bytes most_of_one{};
    for (const ModelVariant& one : all) most_of_one = std::max(most_of_one, one.bytes);
    return most_of_one;
  }
  /// Of the one by that name.
  [[nodiscard]] std::optional<std::uint32_t> index_of(std::string_view name) const {
    for (std::uint32_t i = 0; i < all.size(); ++i)
      if (all[i].name == name) return i;
    return std::nullopt;
  }
  /// What the copies in host memory take.
  [[nodiscard]] Bytes host_copies() const {
    Bytes sum{};
    if (on_host)
      for (const ModelVariant& one : all) sum += one.bytes;
    return sum;
  }
  /// The one that a number drawn evenly from [0, 1) stands for.
  [[nodiscard]] std::uint32_t at(double uniform) const {
    const auto it = std::upper_bound(cumulative.begin(), cumulative.end() - 1, uniform);
    return static_cast<std::uint32_t>(it - cumulative.begin());
  }
};

/// A target as a trace's map may write it: a model, or "model/variant".
struct VariantName {
  std::string model, variant;
};
inline VariantName split_variant(const std::string& target) {
  const auto cut = target.rfind('/');
  if (cut == std::string::npos) return {target, {}};
  return {target.substr(0, cut), target.substr(cut + 1)};
}

}  // namespace windtunnel
