#include "sim/engine/min_tree.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace windtunnel {
namespace {

constexpr std::size_t kFan = 8;
constexpr std::int64_t kIdle = std::numeric_limits<std::int64_t>::max();

std::int64_t update_scalar(MinTree::Level* levels, std::size_t count, std::size_t entity, std::int64_t at,
                           std::int64_t min) {
  std::int64_t value = at;
  for (std::size_t l = 0; l < count; ++l) {
    levels[l].data[entity] = value;
    const std::int64_t* block = levels[l].data + (entity & ~(kFan - 1));
    value = *std::min_element(block, block + kFan);
    entity /= kFan;
    if (l + 1 < count && levels[l + 1].data[entity] == value) return min;  // and so it is all the way up
  }
  return value;
}

std::uint32_t argmin_scalar(const MinTree::Level* levels, std::size_t count, std::int64_t min) {
  std::size_t index = 0;
  for (std::size_t l = count; l-- > 0;) {
    const std::int64_t* block = levels[l].data + index * kFan;
    index = index * kFan + static_cast<std::size_t>(std::find(block, block + kFan, min) - block);
  }
  return static_cast<std::uint32_t>(index);
}

#if defined(__x86_64__)
// The new value is blended into the block in registers and the whole line stored: a scalar store followed by a load of
// the same line would wait for the store to retire.
__attribute__((target("avx2"))) inline __m256i min_epi64(__m256i a, __m256i b) {
  return _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b));
}

template <std::size_t kLevels>
__attribute__((target("avx2"))) std::int64_t update_avx2(MinTree::Level* levels, std::size_t /*count*/,
                                                         std::size_t entity, std::int64_t at, std::int64_t min) {
  const __m256i low_lanes = _mm256_setr_epi64x(0, 1, 2, 3);
  const __m256i high_lanes = _mm256_setr_epi64x(4, 5, 6, 7);
  std::int64_t value = at;
  for (std::size_t l = 0; l < kLevels; ++l) {
    std::int64_t* block = levels[l].data + (entity & ~(kFan - 1));
    const __m256i lane = _mm256_set1_epi64x(static_cast<std::int64_t>(entity & (kFan - 1)));
    const __m256i fresh = _mm256_set1_epi64x(value);
    auto* low_line = reinterpret_cast<__m256i*>(block);
    auto* high_line = reinterpret_cast<__m256i*>(block + 4);
    const __m256i low = _mm256_blendv_epi8(_mm256_load_si256(low_line), fresh, _mm256_cmpeq_epi64(lane, low_lanes));
    const __m256i high = _mm256_blendv_epi8(_mm256_load_si256(high_line), fresh, _mm256_cmpeq_epi64(lane, high_lanes));
    _mm256_store_si256(low_line, low);
    _mm256_store_si256(high_line, high);
    __m256i m = min_epi64(low, high);
    m = min_epi64(m, _mm256_permute4x64_epi64(m, 0x4e));
    m = min_epi64(m, _mm256_shuffle_epi32(m, 0x4e));
    value = _mm_cvtsi128_si64(_mm256_castsi256_si128(m));
    entity /= kFan;
    if (kLevels > 2 && l + 1 < kLevels && levels[l + 1].data[entity] == value) return min;
  }
  return value;
}

template <std::size_t kLevels>
__attribute__((target("avx2"))) std::uint32_t argmin_avx2(const MinTree::Level* levels, std::size_t /*count*/,
                                                          std::int64_t min) {
  const __m256i wanted = _mm256_set1_epi64x(min);
  std::size_t index = 0;
  for (std::size_t l = kLevels; l-- > 0;) {
    const std::int64_t* block = levels[l].data + index * kFan;
    const __m256i low = _mm256_cmpeq_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(block)), wanted);
    const __m256i high = _mm256_cmpeq_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(block + 4)), wanted);
    const unsigned mask = static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(low))) |
                          static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(high))) << 4U;
    index = index * kFan + static_cast<std::size_t>(__builtin_ctz(mask));
  }
  return static_cast<std::uint32_t>(index);
}

// By number of levels, so that the loops over them are unrolled: 8, 64, 512, ... entities.
struct Vectorised {
  MinTree::UpdateFn update;
  MinTree::ArgminFn argmin;
};
template <std::size_t... kIndex>
constexpr std::array<Vectorised, sizeof...(kIndex)> by_levels(std::index_sequence<kIndex...>) {
  return {{{update_avx2<kIndex + 1>, argmin_avx2<kIndex + 1>}...}};
}
constexpr auto kVectorised = by_levels(std::make_index_sequence<6>());
#endif

}  // namespace

MinTree::MinTree(std::size_t entities, Form form)
    : entities_(entities), min_(kIdle), update_(update_scalar), argmin_(argmin_scalar) {
  std::vector<std::size_t> sizes;
  std::size_t n = std::max<std::size_t>(entities, 1);
  do {
    n = (n + kFan - 1) / kFan;
    sizes.push_back(n * kFan);
  } while (n > 1);
#if defined(__x86_64__)
  if (form == Form::automatic && sizes.size() <= kVectorised.size() && __builtin_cpu_supports("avx2")) {
    update_ = kVectorised[sizes.size() - 1].update;
    argmin_ = kVectorised[sizes.size() - 1].argmin;
    vectorised_ = true;
  }
#else
  (void)form;
#endif
  std::size_t total = kFan;
  for (const auto s : sizes) total += s;
  storage_.assign(total, kIdle);
  auto address = reinterpret_cast<std::uintptr_t>(storage_.data());
  auto* cursor = reinterpret_cast<std::int64_t*>((address + 63) & ~std::uintptr_t{63});
  for (const auto s : sizes) {
    levels_.push_back({cursor});
    cursor += s;
  }
}

}  // namespace windtunnel
