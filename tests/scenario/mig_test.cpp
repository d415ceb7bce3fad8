// sharing: {mode: mig} and the stages of a cold start, as written: what is read, and what a mistake is told.
#include <gtest/gtest.h>

#include "harness.hpp"
#include "sim/scenario/catalogue.hpp"

namespace windtunnel {
namespace mig_test {

using testing::expect_resolves_to_itself;
using testing::expect_says;
using testing::messages;
using testing::parse;
using testing::with;

const std::string kMig = R"(schema: 1
horizon: 1h
models:
  big: {latency: {per_item: 1s}, memory: {weights: 12GiB}}
  small: {latency: {per_item: 1s}, memory: {weights: 1GiB}}
workload: [{model: big, arrivals: {rate: 0.2/s}}, {model: small, arrivals: {rate: 0.2/s}}]
cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: [1g.5gb, 3g.20gb, 2g.10gb]}}}}
)";

std::string after(std::string_view from, std::string_view to) {
  return messages(with(kMig, from, to));
}

TEST(MigScenario, ReadsChangesOfLayoutAndSaysWhatIsWrongWithThem) {
  const std::string from = "layout: [1g.5gb, 3g.20gb, 2g.10gb]";
  const auto changed = [&](const std::string& more) { return after(from, from + ", " + more); };
  const std::string text = with(kMig, from, from + ", relayouts: [{at: 8h, layout: [7g.40gb]}]");
  const auto scenario = parse(text);
  ASSERT_TRUE(scenario);
  const SharingSpec& sharing = scenario->node_pools[0].sharing;
  ASSERT_EQ(sharing.instances.size(), 4U);
  EXPECT_EQ(sharing.instances[3].profile, "7g.40gb");
  EXPECT_EQ(sharing.instances[3].layout, 1U);
  EXPECT_EQ(sharing.relayouts[0].at, std::chrono::hours(8));
  EXPECT_EQ(sharing.relayout_most, std::chrono::seconds(10));
  expect_resolves_to_itself(text);
  expect_says(changed("relayouts: [{at: 8h, layout: [4g.20gb, 4g.20gb]}]"),
              "relayouts.0.layout: [4g.20gb, 4g.20gb] cannot be placed");
  expect_says(changed("relayouts: [{at: 8h}]"), "relayouts.0: layout is missing");
  expect_says(changed("relayouts: [{layout: [7g.40gb]}]"), "at");
  expect_says(changed("relayouts: []"), "has 0 changes");
  expect_says(changed("relayouts: [{at: 8h, layout: [7g.40gb]}, {at: 8h, layout: [3g.20gb]}]"),
              "comes before the change above it");
  expect_says(changed("relayouts: [{at: 8h, layout: [7g.40gb]}], relayout_least: 20s"),
              "relayout_least is above relayout_most");
}

TEST(MigScenario, ReadsTheLayoutsForPodsThatWaitAndSaysWhatIsWrongWithThem) {
  const std::string from = "layout: [1g.5gb, 3g.20gb, 2g.10gb]";
  const auto changed = [&](const std::string& more) { return after(from, from + ", " + more); };
  const auto scenario =
      parse(with(kMig, from,
                 from + ", relayouts: [{at: 8h, layout: [7g.40gb]}], relayout_on_pending: {layouts: [[4g.20gb], "
                        "[2g.10gb, 2g.10gb]], after: 1m}"));
  ASSERT_TRUE(scenario);
  const SharingSpec& sharing = scenario->node_pools[0].sharing;
  EXPECT_EQ(sharing.layouts, 4U);
  ASSERT_EQ(sharing.instances.size(), 7U);
  EXPECT_EQ(sharing.instances[4].profile, "4g.20gb");
  EXPECT_EQ(sharing.instances[4].layout, 2U);
  EXPECT_EQ(sharing.instances[6].layout, 3U);
  EXPECT_EQ(sharing.relayout_on_pending->after, std::chrono::minutes(1));
  EXPECT_EQ(sharing.relayout_on_pending->keep, std::chrono::minutes(10));
  EXPECT_EQ(sharing.relayout_plugin, std::chrono::seconds(10));
  const auto again = parse(scenario->resolved);
  ASSERT_TRUE(again) << messages(scenario->resolved);
  EXPECT_EQ(again->resolved, scenario->resolved);
  expect_says(
      changed("relayout_on_pending: {layouts: [[7g.40gb], [4g.20gb, 4g.20gb]]}"),
      "relayout_on_pending.layouts.1: [4g.20gb, 4g.20gb] cannot be placed on a A100-40GB: 4g.20gb finds no start; "
      "taken are start 0 by 4g.20gb (slices 0-3)");
  expect_says(changed("relayout_on_pending: {layouts: []}"), "has 0 layouts");
  expect_says(changed("relayout_on_pending: {layouts: [7g.40gb]}"),
              "layouts.0: is not a list of profiles; write [7g.40gb]");
  expect_says(changed("relayout_on_pending: {layouts: [[7g.40]]}"), "did you mean \"7g.40gb\"?");
  expect_says(changed("relayout_on_pending: {}"), "there is no other layout that a card could have");
  expect_says(changed("relayout_on_pending: {layout: [[7g.40gb]]}"), "did you mean \"layouts\"?");
}

// A layout set from the command line or from Python was said to be missing.
TEST(MigScenario, MayBeSetFromOutsideTheFile) {
  LoadOptions options;
  options.set.emplace_back("cluster.node_pools.p.sharing", "{mode: mig, layout: [3g.20gb, 3g.20gb]}");
  const auto scenario = parse(kMig, options);
  ASSERT_TRUE(scenario) << messages(kMig, options);
  EXPECT_EQ(scenario->node_pools[0].sharing.instances.size(), 2U);
  options.set[0].second = "{mode: mig, layout: [3g.20gb, 3g.20gb, 1g.5gb]}";
  expect_says(messages(kMig, options), "1g.5gb finds no start; taken are start 0 by 3g.20gb (slices 0-3)");
}

TEST(HardLimitScenario, KeysOfACapThatSayNothingAreRefused) {
  const std::string mig = "{mode: mig, layout: [1g.5gb, 3g.20gb, 2g.10gb]}";
  expect_says(after(mig, "{mode: hard_limit, replicas: 2, cap_form: window}"),
              "cap_form: says nothing: compute_share is 1, which is no cap");
  expect_says(after(mig, "{mode: hard_limit, replicas: 2, compute_share: 0.5, cap_period: 1s}"),
              "cap_period: says nothing: the cap is in the fluid form");
  EXPECT_EQ(after(mig, "{mode: hard_limit, replicas: 2, compute_share: 0.5, cap_form: window, cap_period: 1s}"), "");
}

TEST(MigScenario, PlacesTheLayoutAndSaysWhoMayGoWhere) {
  const auto scenario = parse(kMig);
  ASSERT_TRUE(scenario) << messages(kMig);
  const auto& instances = scenario->node_pools[0].sharing.instances;
  ASSERT_EQ(instances.size(), 3U);
  int last = -1;
  for (const auto& instance : instances) {
    EXPECT_GT(instance.start, last);
    last = instance.start;
    EXPECT_EQ(instance.holds[0], instance.profile == "3g.20gb");
    EXPECT_TRUE(instance.holds[1]);
    const std::int64_t mib = instance.profile == "1g.5gb" ? 4864 : instance.profile == "2g.10gb" ? 9856 : 19968;
    EXPECT_EQ(instance.memory.value, mib * kMiB);
    EXPECT_DOUBLE_EQ(instance.compute_share, (instance.profile[0] - '0') / 7.0);
  }
  EXPECT_EQ(scenario->node_pools[0].sharing.unused_compute_slices, 1);
}

TEST(MigScenario, TheResolvedFileLoadsToTheSame) {
  for (const auto& text :
       {kMig, with(kMig, "mode: mig,", "mode: mig, replicas_per_instance: 2, limit_memory: false,"),
        with(kMig, "{mode: mig, layout: [1g.5gb, 3g.20gb, 2g.10gb]}", "{mode: hard_limit, replicas: 2}"),
        with(kMig, "{mode: mig, layout: [1g.5gb, 3g.20gb, 2g.10gb]}", "{mode: hard_limit, replicas: 2, over: mps}"),
        with(kMig, "memory: {weights: 1GiB}",
             "memory: {weights: 1GiB}, cold_start: {decompress: 1GB/s, weights: {disk: 2GB/s}}"),
        with(kMig, "cluster: {", "cluster: {weights_store: 5GB/s, ")}) {
    expect_resolves_to_itself(text);
  }
}

TEST(MigScenario, AnA30HasFourSlices) {
  const auto scenario = parse(with(with(kMig, "A100-40GB, nodes: 1", "A30, price: 1/h, nodes: 1"),
                                   "[1g.5gb, 3g.20gb, 2g.10gb]", "[2g.12gb, 2g.12gb]"));
  ASSERT_FALSE(scenario);  // 12 GiB and a context do not fit 12032 MiB
  expect_says(scenario.problems().front().text(),
              "big needs 12.5 GiB on one GPU; the largest in this cluster has 11.8 GiB");
  const auto whole = parse(
      with(with(kMig, "A100-40GB, nodes: 1", "A30, price: 1/h, nodes: 1"), "[1g.5gb, 3g.20gb, 2g.10gb]", "[4g.24gb]"));
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->node_pools[0].sharing.instances[0].compute_share, 1.0);
}

TEST(MigScenario, ACardWithoutMigNamesThoseThatHaveIt) {
  for (const auto* card : {"T4", "A10G"})
    expect_says(after("A100-40GB", card),
                std::string("a ") + card +
                    " has no MIG whose profiles are known; cards that do: A30, A100-40GB, A100-80GB-PCIe, "
                    "A100-80GB-SXM, H100-PCIe, H100-SXM");
}

TEST(MigScenario, ALayoutThatCannotBePlacedSaysWhatIsInTheWayAndWhatFits) {
  expect_says(after("[1g.5gb, 3g.20gb, 2g.10gb]", "[3g.20gb, 1g.5gb, 3g.20gb]"),
              "[3g.20gb, 1g.5gb, 3g.20gb] cannot be placed on a A100-40GB: 1g.5gb finds no start; taken are start 0 by "
              "3g.20gb (slices 0-3), start 1 by 3g.20gb (slices 0-3)");
  expect_says(after("[1g.5gb, 3g.20gb, 2g.10gb]", "[3g.20gb, 1g.5gb, 3g.20gb]"),
              "the nearest that fits is [3g.20gb, 3g.20gb]");
}

TEST(MigScenario, EachMistakeIsOneClearMessage) {
  expect_says(after("layout: [1g.5gb, 3g.20gb, 2g.10gb]", "efficiency: 1"), "unknown key \"efficiency\"");
  expect_says(after(", layout: [1g.5gb, 3g.20gb, 2g.10gb]", ""), "layout is missing");
  expect_says(after("[1g.5gb, 3g.20gb, 2g.10gb]", "3g.20gb"), "is not a list of profiles");
  expect_says(after("[1g.5gb, 3g.20gb, 2g.10gb]", "[3g.20g]"),
              "unknown MIG profile of a A100-40GB \"3g.20g\"; did you mean \"3g.20gb\"?");
  expect_says(after("mode: mig,", "mode: mig, replicas: 2,"), "says nothing under mig");
  expect_says(after("mode: mig,", "mode: mig, contention: 2,"), "says nothing: no mps inside");
  expect_says(after("[1g.5gb, 3g.20gb, 2g.10gb]", "[1g.5gb, 2g.10gb]"),
              "big needs 12.5 GiB on one GPU; the largest in this cluster has 9.62 GiB");
  expect_says(after("{weights: 1GiB}", "{weights: 1GiB}, mig_profile: 7g.40gb"), "has an instance 7g.40gb");
  expect_says(after("{weights: 12GiB}", "{weights: 12GiB}, mig_profile: 2g.10gb"),
              "big needs 12.5 GiB on one 2g.10gb; the largest in this cluster has 9.62 GiB");
}

TEST(HardLimitScenario, KeysOfMpsNeedMpsBelow) {
  const std::string hard = "{mode: hard_limit, replicas: 2, active_threads: 0.3}";
  expect_says(after("{mode: mig, layout: [1g.5gb, 3g.20gb, 2g.10gb]}", hard),
              "active_threads: says nothing: hard_limit is over time_slicing here (over: mps)");
}

TEST(ColdStartScenario, WeightsComeOverTheSlowestOfTheirWay) {
  const auto scenario =
      parse(with(kMig, "memory: {weights: 1GiB}",
                 "memory: {weights: 1GiB}, cold_start: {weights: {stream: 3GB/s, disk: 2GB/s, deserialise: 4GB/s}}"));
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->models[1].cold_start.weights->bytes_per_s, 2e9);
  EXPECT_EQ(scenario->models[1].cold_start.weights->bytes.value, kGiB);
  EXPECT_FALSE(scenario->models[0].cold_start.weights);
}

TEST(ColdStartScenario, WeightsReplaceAProfilesLoadButNotOnesOwn) {
  EXPECT_TRUE(parse(
      with(kMig, "small: {latency: {per_item: 1s},", "small: {profile: clip-scorer, cold_start: {weights: {}},")));
  expect_says(after("memory: {weights: 1GiB}", "memory: {weights: 1GiB}, cold_start: {load: 3s, weights: {}}"),
              "load and weights are both given");
  expect_says(after("memory: {weights: 1GiB}", "cold_start: {weights: {}}"), "has no bytes to load");
}

TEST(CardCatalogue, HoldsEveryFamilyThatAGpuNames) {
  int cards = 0;
  for (const auto& gpu : catalogue().gpus) {
    EXPECT_EQ(mig_family(gpu.type) != nullptr, !gpu.type.mig.empty()) << gpu.name;
    cards += gpu.type.mig.empty() ? 0 : 1;
    EXPECT_GT(gpu.type.bandwidth_bytes_per_s, 0) << gpu.name;
    EXPECT_GT(gpu.type.l2.value, 0) << gpu.name;
  }
  EXPECT_EQ(cards, 6);
  EXPECT_EQ(catalogue().mig.size(), 4U);
}

// An H100's 7g.80gb is 81152 MiB in NVIDIA's list [S], the card's memory 81079 MiB nominal [R]: 0.1 % apart.
TEST(CardCatalogue, InstancesOfAFullLayoutFitTheirCard) {
  for (const auto& gpu : catalogue().gpus) {
    if (mig_family(gpu.type) == nullptr) continue;
    const auto& family = *mig_family(gpu.type);
    for (const auto& profile : family.profiles) {
      const int most = family.memory_slices / profile.memory_slices;
      const auto copies = std::min<std::int64_t>(most, static_cast<std::int64_t>(profile.starts.size()));
      const auto card = static_cast<double>(gpu.type.memory.value);
      EXPECT_LE(static_cast<double>(copies * profile.memory.value), 1.001 * card) << gpu.name << ' ' << profile.name;
    }
  }
}

TEST(CardCatalogue, APoolsPriceIsOneOfTheDatedPrices) {
  for (const auto& gpu : catalogue().gpus) {
    if (!gpu.price_usd_per_hour) continue;
    bool found = false;
    for (const auto& price : catalogue().prices)
      found = found ||
              (price.gpu == gpu.name && std::abs(price.usd_per_hour / price.gpus - *gpu.price_usd_per_hour) < 1e-4);
    EXPECT_TRUE(found) << gpu.name;
  }
}

TEST(CardCatalogue, EveryPriceIsOfAKnownGpuAndSaysWhen) {
  for (const auto& price : catalogue().prices) {
    bool known = false;
    for (const auto& gpu : catalogue().gpus) known = known || gpu.name == price.gpu;
    EXPECT_TRUE(known) << price.gpu;
    EXPECT_FALSE(price.as_of.empty());
    EXPECT_TRUE(price.tag == "[M]" || price.tag == "[R]") << price.tag;
  }
}

TEST(CardCatalogue, MistakesInItAreProblems) {
  const auto mig = parse_mig(
      "mig: {X: {compute_slices: 4, memory_slices: 4, source: s, profiles: {1g: {compute_slices: "
      "1, memory_slices: 2, memory: 1GiB, sms: 1, copy_engines: 1, starts: [3]}}}}");
  ASSERT_FALSE(mig);
  expect_says(mig.problems().front().text(), "start 3 leads beyond the card's memory slices");
  EXPECT_FALSE(parse_prices("prices: {}"));
}

}  // namespace mig_test
}  // namespace windtunnel
