#include "sim/scenario/catalogue.hpp"

#include <gtest/gtest.h>

#include <set>

#include "harness.hpp"

namespace windtunnel {
namespace catalogue_test {

const GpuEntry& gpu(std::string_view name) {
  for (const auto& entry : catalogue().gpus)
    if (entry.name == name) return entry;
  throw std::invalid_argument(std::string(name));
}

TEST(Catalogue, HoldsTheCardsAsTheirDriversReportThem) {
  EXPECT_EQ(gpu("A10G").type.memory.value, 23028 * kMiB);
  EXPECT_EQ(gpu("A10G").type.sms, 80);
  EXPECT_DOUBLE_EQ(*gpu("A10G").price_usd_per_hour, 1.006);
  EXPECT_EQ(gpu("T4").type.memory.value, 15109 * kMiB);
  EXPECT_EQ(gpu("H100-SXM").type.architecture, "Hopper");
}

TEST(Catalogue, OnlyCardsBeforeVoltaLackMps) {
  for (const auto& entry : catalogue().gpus)
    EXPECT_EQ(entry.type.mps, entry.type.architecture != "Pascal") << entry.name;
}

TEST(Catalogue, EveryPriceSaysWhereItIsFrom) {
  for (const auto& entry : catalogue().gpus)
    EXPECT_EQ(entry.price_usd_per_hour.has_value(), !entry.price_source.empty()) << entry.name;
}

TEST(Catalogue, EveryProfileRunsOnEveryCardItHasFiguresFor) {
  ASSERT_GE(catalogue().profiles.size(), 5u);
  for (const auto& profile : catalogue().profiles) {
    const Node* latency = profile.block.find("latency");
    ASSERT_NE(latency, nullptr);
    for (const auto& entry : latency->entries) {
      const auto result =
          testing::parse("schema: 1\nhorizon: 1h\nmodels: {m: {profile: " + profile.name + "}}\n" +
                         "workload: [{model: m, arrivals: {rate: 1/s}}]\n" +
                         "cluster: {node_pools: {p: {gpu: " + entry.key + ", nodes: 1, price: 1/h}}}\n");
      EXPECT_TRUE(result) << profile.name << " on " << entry.key << ": " << result.problems().front().text();
    }
  }
}

TEST(Catalogue, MistakesInItAreProblemsLikeAUsers) {
  const auto bad =
      parse_catalogue("gpus: {X: {architecture: Ampere, sms: 0, memry: 1GiB, source: s}}", "profiles: {p: {doc: d}}");
  ASSERT_FALSE(bad);
  std::string all;
  for (const auto& error : bad.problems()) all += error.text() + "\n";
  EXPECT_NE(all.find("catalogue/gpus.yaml:1: gpus.X: unknown key \"memry\"; did you mean \"memory\"?"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("gpus.X: memory is missing"), std::string::npos) << all;
  EXPECT_NE(all.find("profiles.p: source is missing"), std::string::npos) << all;
}

}  // namespace catalogue_test
}  // namespace windtunnel
