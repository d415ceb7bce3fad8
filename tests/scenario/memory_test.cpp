// The keys of `memory`: what is read, and one clear message for what cannot be.
#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace memory_test {

using testing::after;
using testing::kSmall;
using testing::messages;
using testing::parse;
using testing::with;

constexpr std::string_view kMemory = "memory: {weights: 2GB, per_item: 1GB}";

MemorySpec memory_of(const std::string& memory) {
  const auto scenario = parse(with(kSmall, kMemory, memory));
  if (!scenario) throw std::invalid_argument(scenario.problems().front().text());
  return scenario->models.at(0).memory;
}

std::string refused(const std::string& memory) {
  return after(kMemory, memory);
}

TEST(Memory, HasTheFragmentationOfItsShapesUnlessItIsGiven) {
  EXPECT_DOUBLE_EQ(memory_of("memory: {}").overhead, 1.1);
  EXPECT_DOUBLE_EQ(memory_of("memory: {shapes: varying}").overhead, 1.25);
  EXPECT_DOUBLE_EQ(memory_of("memory: {shapes: varying, overhead: 1.4}").overhead, 1.4);
}

TEST(Memory, TakesTheOlderNameOfThePlainAllocator) {
  EXPECT_EQ(memory_of("memory: {allocator: plain}").allocator, Allocator::plain);
  EXPECT_EQ(memory_of("memory: {allocator: exact}").allocator, Allocator::plain);
}

TEST(Memory, ResolvesToItself) {
  for (const char* memory :
       {"memory: {}", "memory: {shapes: varying, leak: {per_query: 1MiB}}",
        "memory: {oversubscribe: {}, allocator: exact}", "memory: {pool: {per_token: 128KiB}}",
        "memory: {pool: {bytes: 1GiB, per_token: 128KiB, activation: 1GiB}}",
        "memory: {phases: [{share_of_work: 0.9, per_item: 1GB}, {share_of_work: 0.1, per_item: 2GB}]}"}) {
    testing::expect_resolves_to_itself(with(kSmall, kMemory, memory));
  }
}

TEST(Memory, PhasesTakeThePlaceOfAProfilesPerItem) {
  const auto scenario =
      parse(with(kSmall, "latency: {A10G: {fixed: 0.5s, per_item: 1.5s}}, memory: {weights: 2GB, per_item: 1GB}",
                 "profile: sd15-fp16, memory: {phases: [{share_of_work: 1, per_item: 1GB}]}"));
  ASSERT_TRUE(scenario) << scenario.problems()[0].text();
  EXPECT_EQ(scenario->models.at(0).memory.per_item.value, 0);
  EXPECT_EQ(scenario->models.at(0).memory.phases.size(), 1U);
}

TEST(BadMemory, PhasesThatDoNotSumToOne) {
  EXPECT_EQ(refused("memory: {phases: [{share_of_work: 0.9, per_item: 1GB}, {share_of_work: 0.2, per_item: 2GB}]}"),
            "small.yaml:5: models.scene.memory.phases: the shares of work sum to 1.1, not to 1; make every part of the "
            "batch belong to one phase\n");
}

TEST(BadMemory, PhasesBesidePerItemAndNoListOfThem) {
  EXPECT_NE(
      refused("memory: {per_item: 1GB, phases: [{share_of_work: 1, per_item: 1GB}]}").find("is given beside phases"),
      std::string::npos);
  EXPECT_NE(refused("memory: {phases: 3}").find("is no list of phases"), std::string::npos);
  EXPECT_NE(refused("memory: {phases: []}").find("is no list of phases"), std::string::npos);
  EXPECT_EQ(refused("memory: {phases: [{share_of_work: 1}]}"),
            "small.yaml:5: models.scene.memory.phases.0: per_item is missing; work memory for each item of size "
            "meanwhile\n");
}

TEST(BadMemory, APoolLargerThanTheCard) {
  EXPECT_EQ(refused("memory: {weights: 2GiB, pool: {bytes: 30GiB, per_token: 128KiB}}"),
            "small.yaml:5: models.scene.memory.pool: scene takes 32.5 GiB with its pool; a process in this cluster may "
            "have 22 GiB; lower the pool's share_of_device or bytes, or take a larger GPU\n");
}

TEST(BadMemory, APoolWithoutRoomForABlock) {
  EXPECT_EQ(refused("memory: {weights: 20GiB, pool: {share_of_device: 0.9, activation: 2GiB, per_token: 128KiB}}"),
            "small.yaml:5: models.scene.memory.pool: context, weights and activation leave no room for one block of "
            "tokens; a process may have 22 GiB; raise share_of_device, lower activation, or take a larger GPU\n");
}

TEST(BadMemory, APoolThatContradictsTheRest) {
  EXPECT_NE(refused("memory: {allocator: pool}").find("says nothing of the pool"), std::string::npos);
  EXPECT_NE(
      refused("memory: {allocator: caching, pool: {per_token: 1KiB}}").find("means nothing with allocator: caching"),
      std::string::npos);
  EXPECT_NE(refused("memory: {per_item: 1GB, pool: {per_token: 1KiB}}").find("means nothing with a pool"),
            std::string::npos);
  EXPECT_NE(refused("memory: {pool: {per_token: 1KiB, bytes: 1GiB, share_of_device: 0.5}}").find("are both given"),
            std::string::npos);
  EXPECT_NE(refused("memory: {pool: {per_token: 1MiB, bytes: 1MiB}}").find("hold no block of 16 tokens"),
            std::string::npos);
}

TEST(BadMemory, ALimitSmallerThanTheContext) {
  const std::string limited =
      with(kSmall, "{mode: time_slicing, replicas: 4}", "{mode: hard_limit, replicas: 4, memory_limit: 400MiB}");
  EXPECT_EQ(
      messages(limited),
      "small.yaml:5: models.scene: scene's CUDA context alone takes 0.488 GiB; its limit in this cluster is 0.391 "
      "GiB; raise memory_limit or lower the pool's replicas: the limit counts the context\n");
}

TEST(BadMemory, WeightsThatFitNoCardAreRefusedUnlessTheyArePaged) {
  EXPECT_NE(refused("memory: {weights: 30GiB}").find("needs 30.5 GiB on one GPU"), std::string::npos);
  EXPECT_EQ(refused("memory: {weights: 30GiB, oversubscribe: {}}"), "");
}

TEST(BadMemory, ASoftLimitAboveTheHardOne) {
  const std::string limited =
      with(kSmall, "{mode: time_slicing, replicas: 4}", "{mode: mps, replicas: 4, dmem_min: 8GiB, dmem_max: 6GiB}");
  EXPECT_EQ(messages(limited),
            "small.yaml:14: cluster.node_pools.a10.sharing: the soft limit dmem_min is above the hard limit dmem_max, "
            "where it can never matter; lower dmem_min\n");
}

TEST(BadMemory, SteadyHostMemoryAboveItsOwnLimit) {
  EXPECT_EQ(
      after("memory: {weights", "host_memory: {steady: 4GiB, limit: 3GiB}, memory: {weights"),
      "small.yaml:5: models.scene.host_memory: steady 4GiB is above the limit 3GiB: every process would be killed; "
      "raise limit or lower steady\n");
}

}  // namespace memory_test
}  // namespace windtunnel
