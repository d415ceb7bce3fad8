// The keys of a model's `variants`, and where workloads name one.
#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace model_variants_test {

using testing::after;
using testing::expect_resolves_to_itself;
using testing::expect_says;
using testing::kSmall;
using testing::messages;
using testing::parse;
using testing::with;

constexpr std::string_view kMemory = "memory: {weights: 2GB, per_item: 1GB}";

std::string text_with(const std::string& variants) {
  return with(kSmall, kMemory, std::string(kMemory) + ", variants: {" + variants + "}");
}
std::string refused(const std::string& variants) {
  return messages(text_with(variants));
}
const std::string kTwo = "names: {base: 3, anime: {popularity: 1, bytes: 2GB}}, bytes: 1GB, resident: 1";

TEST(ModelVariants, AreReadWithTheirShares) {
  const auto scenario = parse(text_with(kTwo));
  ASSERT_TRUE(scenario);
  const VariantsSpec& v = *scenario->models[0].variants;
  ASSERT_EQ(v.all.size(), 2U);
  EXPECT_EQ(v.all[1].name, "anime");
  EXPECT_EQ(v.all[1].bytes.value, 2'000'000'000);
  EXPECT_EQ(v.cumulative, (std::vector<double>{0.75, 1}));
  EXPECT_EQ(v.at(0.74), 0U);
  EXPECT_EQ(v.at(0.75), 1U);
  EXPECT_EQ(v.at(0.999999), 1U);
  EXPECT_EQ(v.bytes_per_s, 12e9);
  EXPECT_EQ(v.host_copies().value, 3'000'000'000);
}

TEST(ModelVariants, ByCountFollowZipf) {
  const auto scenario = parse(text_with("count: 3, zipf: 1, bytes: 1GB, resident: 2, from: store"));
  ASSERT_TRUE(scenario);
  const VariantsSpec& v = *scenario->models[0].variants;
  EXPECT_NEAR(v.cumulative[0], 6.0 / 11, 1e-12);
  EXPECT_EQ(v.all[2].name, "v3");
  EXPECT_EQ(v.bytes_per_s, 1e9);
  EXPECT_EQ(v.host_copies().value, 0);
}

TEST(ModelVariants, ResolveToThemselves) {
  for (const std::string& variants : {kTwo, std::string("count: 3, zipf: 1, bytes: 1GB, resident_memory: 2GB")}) {
    expect_resolves_to_itself(text_with(variants));
  }
}

TEST(ModelVariants, SayWhatIsWrongAndTheWayOut) {
  expect_says(refused("names: {a: 1}, bytes: 1GB"), "nothing says how many stay on the device");
  expect_says(refused("names: {a: 1}, resident: 1"), "does not say how large it is");
  expect_says(refused("count: 2, resident: 1"), "does not say how large a variant is");
  expect_says(refused("resident: 1, bytes: 1GB"), "says of no variant");
  expect_says(refused("names: {a: 1}, count: 2, bytes: 1GB, resident: 1"), "is given beside names");
  expect_says(refused("names: {a: 0}, bytes: 1GB, resident: 1"), "no query asks for any of them");
  expect_says(refused("names: {a: -1}, bytes: 1GB, resident: 1"), "names.a.popularity");
  expect_says(refused("names: [a], bytes: 1GB, resident: 1"), "is no map of names");
  expect_says(refused("names: {a: 1}, bytes: 2GB, resident_memory: 1GB"), "holds no variant of 2GB");
  expect_says(refused("names: {a: 1}, bytes: 1GB, resident: 1}, concurrency: {limit: 2"),
              "below the model's concurrency 2");
  expect_says(refused("names: {a: 1}, bytes: 1GB, resident_memory: 1GB}, concurrency: {limit: 2"),
              "holds fewer variants of 1GB than the model's concurrency 2");
  expect_says(refused("names: {a: 1}, bytes: 1GB, resident: 1}, batch: {max: 4, min: 2"), "fewer of one variant");
  expect_says(refused("names: {a: 1}, bytes: 5GB, resident: 1}, host_memory: {steady: 1GiB, limit: 2GiB"),
              "every process would be killed");
  expect_says(refused("names: {a: 1}, bytes: 40GB, resident: 1, from: store"), "needs 39.6 GiB on one GPU");
  expect_says(refused("names: {a: 1}, bytez: 1GB, resident: 1"), "did you mean \"bytes\"?");
}

TEST(ModelVariants, AreNamedByWorkloads) {
  const std::string text = text_with(kTwo);
  const std::string entry = "{model: quality, arrivals: {rate: 0.1/s}}";
  const auto named = parse(with(text, entry, "{model: scene, variant: anime, arrivals: {rate: 0.1/s}}"));
  ASSERT_TRUE(named) << named.problems().front().text();
  EXPECT_EQ(named->workload.back().variant, "anime");
  expect_says(messages(with(text, entry, "{model: scene, variant: anim, arrivals: {rate: 0.1/s}}")),
              "did you mean \"anime\"?");
  expect_says(messages(with(text, entry, "{model: quality, variant: anime, arrivals: {rate: 0.1/s}}")),
              "quality has no variants");
  expect_says(messages(with(text, entry, "{pipeline: render, variant: anime, arrivals: {rate: 0.1/s}}")),
              "needs a model beside it");
  const std::string trace = "{trace: {file: data/example.csv, map: {\"*\": scene/NAME}}}";
  EXPECT_EQ(messages(with(text, entry, with(trace, "NAME", "anime"))), "");
  expect_says(messages(with(text, entry, with(trace, "NAME", "amine"))),
              "unknown variant of scene \"amine\"; known: base");
}

}  // namespace model_variants_test
}  // namespace windtunnel
