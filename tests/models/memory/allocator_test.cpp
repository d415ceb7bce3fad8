// Sizes by PyTorch's constants and vLLM's rule (GPU sharing reference, sections 6.3 and 6.6).
#include "models/memory/allocator.hpp"

#include <gtest/gtest.h>

#include "models/memory/leak.hpp"
#include "models/memory/paging.hpp"
#include "models/memory/token_pool.hpp"
#include "tests/models/sharing/harness.hpp"

namespace windtunnel {
namespace {

TEST(CachingAllocator, RoundsRequestsUpToBlocksOf512Bytes) {
  EXPECT_EQ(round_to_blocks(0).value, 0);
  EXPECT_EQ(round_to_blocks(1).value, 512);
  EXPECT_EQ(round_to_blocks(512).value, 512);
  EXPECT_EQ(round_to_blocks(513).value, 1024);
}

TEST(CachingAllocator, OpensTheSegmentThatTheRequestsSizeCallsFor) {
  EXPECT_EQ(segments_for({0}).value, 0);
  EXPECT_EQ(segments_for({512}).value, 2 * kMiB);
  EXPECT_EQ(segments_for({kMiB}).value, 2 * kMiB);
  EXPECT_EQ(segments_for({kMiB + 512}).value, 20 * kMiB);
  EXPECT_EQ(segments_for({10 * kMiB - 512}).value, 20 * kMiB);
  EXPECT_EQ(segments_for({10 * kMiB}).value, 10 * kMiB);
  EXPECT_EQ(segments_for({10 * kMiB + 512}).value, 12 * kMiB);
  EXPECT_EQ(segments_for({kGiB + 1}).value, kGiB + 2 * kMiB);
}

TEST(CachingAllocator, ReservesFragmentationBesidesWhatItCannotDoWithout) {
  const WorkMemory work = work_memory({.overhead = 1.25, .allocator = Allocator::caching}, 1000.0 * kMiB);
  EXPECT_EQ(work.reserved.value, 1250 * kMiB);
  EXPECT_EQ(work.least.value, 1126 * kMiB);  // half of the fragmentation stays, in pages of 2 MiB
}

TEST(PlainAllocator, HasNoCacheWhoseReturnWouldHelp) {
  const WorkMemory work = work_memory({.overhead = 1.25, .allocator = Allocator::plain}, 5.0 * kMiB);
  EXPECT_EQ(work.reserved.value, 8 * kMiB);
  EXPECT_EQ(work.least, work.reserved);
}

// Llama-3-8B on an A100-40GB, as vLLM logged it [M]: 39.50 GiB, u = 0.90, weights 14.96, non-torch 0.10, activation
// peak 9.37, 5691 blocks of 16 tokens of 128 KiB. The figures are rounded to 0.01 GiB, of which 2 MiB blocks have 5.12:
// four of them, each off by half of that at most, leave ten.
TEST(TokenPool, HasTheBlocksThatTheLogOfLlama3Says) {
  constexpr auto gib = [](double n) { return Bytes{static_cast<std::int64_t>(n * kGiB)}; };
  const TokenPoolSpec spec{.share_of_device = 0.9, .activation = gib(9.37), .per_token = {2 * 32 * 8 * 128 * 2}};
  const TokenPool pool = size_token_pool(spec, gib(39.5), gib(0.10), gib(14.96));
  EXPECT_NEAR(static_cast<double>(pool.blocks), 5691, 10);
  EXPECT_NEAR(static_cast<double>((pool.bytes - spec.activation).value) / kGiB, 11.12, 0.01);
}

TEST(TokenPool, GivenItsOwnSizeHasThatOfBlocks) {
  const Bytes own{5691LL * 16 * 128 * 1024};
  const TokenPool pool = size_token_pool({.bytes = own, .per_token = {128 * 1024}}, {}, {}, {});
  EXPECT_EQ(pool.blocks, 5691);
  EXPECT_EQ(pool.bytes, own);
}

TEST(TokenPool, IsEmptyWhereTheBudgetIsSpent) {
  EXPECT_EQ(size_token_pool({.share_of_device = 0.5, .per_token = {1024}}, {10 * kGiB}, {kGiB}, {5 * kGiB}).blocks, 0);
}

TEST(TokenPool, CountsWholeBlocks) {
  const TokenPoolSpec spec{.per_token = {1024}};
  EXPECT_EQ(blocks_for(spec, 1), 1);
  EXPECT_EQ(blocks_for(spec, 16), 1);
  EXPECT_EQ(blocks_for(spec, 17), 2);
}

TEST(Leak, GrowsWithQueriesAndWithAge) {
  const LeakSpec leak{.per_query = {kMiB}, .per_hour = {100 * kMiB}};
  EXPECT_EQ(leaked(leak, 0, 0).value, 0);
  EXPECT_EQ(leaked(leak, 10, 0).value, 10 * kMiB);
  EXPECT_EQ(leaked(leak, 10, 1800).value, 60 * kMiB);
  EXPECT_EQ(leaked(leak, 1, 0).value, 2 * kMiB);  // the driver's pages
}

TEST(Paging, TakesWhatThereIsInWholePages) {
  const auto mode = testing_support::mode("hard_limit");
  const MemoryRequest request{.asked = {9 * kMiB},
                              .own_used = {10 * kMiB},
                              .own_limit = Bytes{17 * kMiB},
                              .device_used = {100 * kMiB},
                              .device_size = {kGiB}};
  EXPECT_EQ(grantable(*mode, request).value, 6 * kMiB);
  MemoryRequest fits = request;
  fits.asked = {7 * kMiB};
  EXPECT_EQ(grantable(*mode, fits).value, 7 * kMiB);
  MemoryRequest full = request;
  full.device_used = full.device_size;
  EXPECT_EQ(grantable(*mode, full).value, 0);
}

TEST(Paging, StretchesABatchByTheTimeOfTheMissOnTheBus) {
  EXPECT_DOUBLE_EQ(paging_ns({6'000'000'000}, 12e9), 0.5e9);
}

}  // namespace
}  // namespace windtunnel
