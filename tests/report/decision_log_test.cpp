#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/report/decision_file.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/text_width.hpp"

namespace windtunnel {
namespace decision_log_test {

using ::testing::HasSubstr;
using ::testing::Not;

DecisionRecord decision_at(int seconds, int current, int desired) {
  DecisionRecord out;
  out.at = SimTime{std::chrono::seconds(seconds)};
  out.current = current;
  out.ready = current;
  out.proposed = 9;
  out.desired = desired;
  out.value = 42;
  out.reason = "ScaleUpLimit";
  out.loop = "hpa";
  out.inputs = "spec 3, status 3, ready 2; External queue_length: 42, target 5 a pod -> 9";
  out.limits = "ScaleUpLimit: 6";
  out.conditions = {"AbleToScale=True SucceededRescale", "ScalingLimited=True ScaleUpLimit"};
  return out;
}

TEST(Explanation, SaysWhatWasSeenProposedLimitedAndDone) {
  Explanation log({"scene"}, std::nullopt);
  log.on_decision(decision_at(255, 3, 6));
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("4m15s  scene hpa: 3 -> 6, proposed 9; ScaleUpLimit: 6 (ScaleUpLimit)"));
  EXPECT_THAT(text, HasSubstr("External queue_length: 42"));
  EXPECT_THAT(text, HasSubstr("ScalingLimited=True ScaleUpLimit"));
}

TEST(Explanation, FitsEightyColumnsWhateverThePolicySays) {
  auto decision = decision_at(1234567, 3, 6);
  for (int i = 0; i < 20; ++i) decision.inputs += "; Resource memory: 63%, target 80% -> 3";
  decision.limits += "\n\x1b[2J";
  Explanation log({std::string(60, 'm')}, std::nullopt);
  log.on_decision(decision);
  std::istringstream lines(log.text());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80) << line;
  EXPECT_THAT(log.text(), Not(HasSubstr("\x1b")));
}

TEST(Explanation, CountsEvaluationsThatSayTheSame) {
  Explanation log({"scene", "other"}, std::nullopt);
  for (int t = 0; t < 10; ++t) {
    log.on_decision(decision_at(t, 3, 3));
    auto other = decision_at(t, t, 3);
    other.model = 1;
    log.on_decision(other);
  }
  log.on_decision(decision_at(10, 3, 6));
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("            the same 9 more times, until 9s\n"));
  std::size_t entries = 0;
  for (std::size_t at = 0; (at = text.find(" hpa: ", at)) != std::string::npos; ++at) ++entries;
  EXPECT_EQ(entries, 12U) << "two of scene, ten of other";
}

TEST(Explanation, ShowsOneModelWhereAskedTo) {
  Explanation log({"scene", "other"}, "other");
  log.on_decision(decision_at(1, 3, 6));
  EXPECT_EQ(log.text(), "");
}

KillRecord kill_of(std::uint32_t model) {
  return {.at = SimTime{std::chrono::seconds(65)},
          .replica = 2,
          .model = model,
          .node = 1,
          .gpu = 3,
          .cause = KillCause::device_full,
          .mechanism = KillMechanism::sigkill,
          .exit_code = 137,
          .ledger_at = SimTime{std::chrono::seconds(5)},
          .asked = {2 * kGiB},
          .own_used = {4 * kGiB},
          .device_used = {8 * kGiB},
          .device_size = {9 * kGiB},
          .queries_lost = 1,
          .sharers = 2};
}
const std::vector<DeviceHolding> kHoldings = {
    {.model = 0,
     .replica = 2,
     .context = {kGiB},
     .weights = {2 * kGiB},
     .reserved = {kGiB},
     .since = SimTime{std::chrono::seconds(3)}},
    {.model = 1, .replica = 0, .context = {kGiB}, .weights = {kGiB}, .reserved = {kGiB}}};

TEST(Explanation, SaysWhoHeldWhatAtAKill) {
  Explanation log({"scene", "other"}, std::nullopt);
  log.on_kill(kill_of(0));
  log.on_holdings(kHoldings);
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("1m5s  scene-2 killed on GPU 3 of node 1: device_full, sigkill,"));
  EXPECT_THAT(text, HasSubstr("asked for 2.00 GiB, held 4.00; device 8.00 of 9.00"));
  EXPECT_THAT(text, HasSubstr("wedged since 5s"));
  EXPECT_THAT(text, HasSubstr("- scene-2 (victim): 4.00 = 1.00 + 2.00 + 1.00, since 3s\n"));
  EXPECT_THAT(text, HasSubstr("- other-0: 3.00 = "));
  EXPECT_THAT(text, HasSubstr("- driver: 1.00\n"));
}

TEST(Explanation, SaysHowTheDeviceFilledInTheLastTwelveChanges) {
  Explanation log({"scene", "other"}, std::nullopt);
  log.on_kill(kill_of(0));
  std::vector<LedgerChange> history(14, {.at = SimTime{std::chrono::seconds(2)},
                                         .model = 1,
                                         .replica = 0,
                                         .part = MemoryPart::work,
                                         .change = {kGiB},
                                         .own_used = {3 * kGiB},
                                         .total_used = {8 * kGiB}});
  history[12] = {.at = SimTime{std::chrono::seconds(4)},
                 .model = 0,
                 .replica = 2,
                 .part = MemoryPart::process,
                 .change = {-kGiB},
                 .own_used = {},
                 .total_used = {7 * kGiB}};
  history[13].refused = true;
  log.on_history(history);
  const std::string text = log.text();
  EXPECT_THAT(text, HasSubstr("how it filled, GiB: change = own sum; device (2 more in result.h5)\n"));
  EXPECT_THAT(text, HasSubstr("- 2s other-0 work: +1.00 = 3.00; 8.00\n"));
  EXPECT_THAT(text, HasSubstr("- 4s scene-2 process: -1.00 = 0; 7.00\n"));
  EXPECT_THAT(text, HasSubstr("- 2s other-0 work: asks for 1.00, refused at 3.00; 8.00\n"));
  std::size_t bullets = 0;
  for (std::size_t at = text.find("\n            - "); at != std::string::npos;
       at = text.find("\n            - ", at + 1))
    ++bullets;
  EXPECT_EQ(bullets, 12U);
}

TEST(Explanation, SaysNothingOfOtherModelsKills) {
  Explanation log({"scene", "other"}, "scene");
  log.on_kill(kill_of(1));
  log.on_holdings(kHoldings);
  log.on_history({{.model = 1, .replica = 0, .change = {kGiB}}});
  EXPECT_EQ(log.text(), "");
}

TEST(Explanation, PartsAScaleUp) {
  ScaleUpRecord up;
  up.demanded = SimTime{std::chrono::seconds(7)};
  up.served = SimTime{std::chrono::seconds(45)};
  up.from = 1;
  up.to = 2;
  up.parts[kScaleUpScrape] = std::chrono::seconds(8);
  up.parts[kScaleUpLoad] = std::chrono::seconds(30);
  Explanation log({"scene"}, std::nullopt);
  log.on_scale_up(up);
  EXPECT_THAT(log.text(), HasSubstr("45s  scene: 1 -> 2 served 38s after the demand: scrape 8s, load 30s"));
}

TEST(DecisionJson, HoldsEveryFieldAndParses) {
  auto decision = decision_at(15, 3, 6);
  decision.inputs += "\xff\n";
  const auto json = nlohmann::json::parse(decision_json(decision, "scene"));
  EXPECT_EQ(json["at_s"], 15);
  EXPECT_EQ(json["model"], "scene");
  EXPECT_EQ(json["loop"], "hpa");
  EXPECT_EQ(json["proposed"], 9);
  EXPECT_EQ(json["desired"], 6);
  EXPECT_EQ(json["limits"], "ScaleUpLimit: 6");
  EXPECT_EQ(json["conditions"].size(), 2U);
  decision.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(nlohmann::json::parse(decision_json(decision, "scene"))["value"].is_null());
}

}  // namespace decision_log_test
}  // namespace windtunnel
