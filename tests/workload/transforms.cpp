// Transforms of recorded and synthetic traffic.
#include "sim/workload/transform.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using Seconds = std::vector<double>;
using Given = std::map<std::string, ParamSet::Value>;

TransformSpec transform(std::string kind, const Given& given, std::vector<WorkloadSpec> sources = {}) {
  TransformSpec out{.kind = std::move(kind), .params = {}, .sources = std::move(sources)};
  for (const auto& [name, value] : given) out.params.set(name, value, true);
  return out;
}

class Transforms : public TraceFiles {
 protected:
  WorkloadSpec trace_at(const Seconds& at, const std::string& name = "trace.csv") const {
    std::string text = "timestamp,size\n";
    for (const double t : at) text += std::to_string(t) + "," + std::to_string(t + 1) + "\n";
    WorkloadSpec spec = recorded(write(text, name));
    trace_of(spec).rebase = false;
    return spec;
  }
  static WorkloadSpec with(WorkloadSpec spec, std::vector<TransformSpec> transforms) {
    spec.transforms = std::move(transforms);
    EXPECT_EQ(check_transforms(spec), "");
    return spec;
  }
  static Seconds seconds(const WorkloadSpec& spec) { return seconds_of(arrivals_of(spec)); }
};

TEST_F(Transforms, WindowCutsAndBeginsAtZero) {
  EXPECT_EQ(seconds(with(trace_at({1, 2, 3, 4, 5}), {transform("window", {{"from", 2.0}, {"to", 5.0}})})),
            (Seconds{0, 1, 2}));
}

TEST_F(Transforms, TimeWarpMultipliesInstantsAndLeavesSizes) {
  const auto arrivals = arrivals_of(with(trace_at({1, 2, 5}), {transform("time_warp", {{"factor", 0.5}})}));
  EXPECT_EQ(seconds_of(arrivals), (Seconds{0.5, 1, 2.5}));
  EXPECT_EQ(arrivals[2].size, 6);
}

TEST_F(Transforms, ShiftAndGridMoveInstantsLater) {
  EXPECT_EQ(
      seconds(with(trace_at({0, 1, 2.5, 3}), {transform("shift", {{"by", 1.0}}), transform("grid", {{"step", 3.0}})})),
      (Seconds{3, 3, 6, 6}));
}

TEST_F(Transforms, RepeatFollowsOnAfterAMeanGap) {
  // Gaps 1 and 3: mean 2; the first row lies at 1, so the second pass's lies at 5 + 2.
  EXPECT_EQ(seconds(with(trace_at({1, 2, 5}), {transform("repeat", {{"times", 2.0}})})), (Seconds{1, 2, 5, 7, 8, 11}));
}

TEST_F(Transforms, RepeatWithAlignmentKeepsTheTimeOfDay) {
  EXPECT_EQ(seconds(with(trace_at({1, 12}), {transform("repeat", {{"times", 3.0}, {"align", 10.0}})})),
            (Seconds{1, 12, 21, 32, 41, 52}));
}

TEST_F(Transforms, RepeatOfAProcessIsNotTheSameDrawsAgain) {
  auto spec = synthetic("poisson", {{"rate", 5.0}});
  spec = with(spec, {transform("window", {{"to", 100.0}}), transform("repeat", {{"times", 2.0}, {"align", 100.0}})});
  const auto at = seconds(spec);
  Seconds first, second;
  for (const double t : at) (t < 100 ? first : second).push_back(t < 100 ? t : t - 100);
  EXPECT_GT(second.size(), 300u);
  EXPECT_NE(first, second);
  EXPECT_EQ(first, seconds(with(synthetic("poisson", {{"rate", 5.0}}), {transform("window", {{"to", 100.0}})})));
}

TEST_F(Transforms, SpliceCutsTheFirstAndGoesOnWithTheNext) {
  const auto next = trace_at({0.5, 1}, "next.csv");
  EXPECT_EQ(seconds(with(trace_at({1, 2, 9}), {transform("splice", {{"at", 4.0}}, {next})})), (Seconds{1, 2, 4.5, 5}));
  EXPECT_EQ(seconds(with(trace_at({1, 2, 3}), {transform("splice", {}, {next, next})})),
            (Seconds{1, 2, 3, 3.5, 4, 4.5, 5}));
}

TEST_F(Transforms, SuperposeMergesInTimeOrderAndTiesInListOrder) {
  const auto more = trace_at({0, 2, 3}, "more.csv");
  const auto arrivals =
      arrivals_of(with(trace_at({1, 2, 5}), {transform("shift", {{"by", 1.0}}), transform("superpose", {}, {more})}));
  EXPECT_EQ(seconds_of(arrivals), (Seconds{0, 2, 2, 3, 3, 6}));
  EXPECT_EQ(arrivals[1].size, 2);  // the first source's row from 1 s comes before the other's from 2 s
  EXPECT_EQ(arrivals[2].size, 3);
}

TEST_F(Transforms, ScaleThinsAndCopiesToTheFactor) {
  for (const double factor : {0.3, 2.5}) {
    const auto spec = with(synthetic("poisson", {{"rate", 10.0}}),
                           {transform("window", {{"to", 4000.0}}), transform("scale", {{"factor", factor}})});
    const auto arrivals = arrivals_of(spec);
    const double expected = 40'000 * factor;
    EXPECT_NEAR(static_cast<double>(arrivals.size()), expected, 5 * std::sqrt(expected * std::max(1.0, factor)));
    EXPECT_TRUE(std::is_sorted(arrivals.begin(), arrivals.end(), [](auto& a, auto& b) { return a.at < b.at; }));
  }
}

TEST_F(Transforms, ScaleByOneChangesNothing) {
  const auto plain = trace_at({1, 2, 5});
  EXPECT_EQ(as_text(arrivals_of(plain)), as_text(arrivals_of(with(plain, {transform("scale", {{"factor", 1.0}})}))));
}

TEST_F(Transforms, BootstrapLaysDrawnBlocksEndToEnd) {
  // A query at each second, its size one more than its instant: inside a block sizes go up by one.
  Seconds at;
  for (int second = 0; second < 1000; ++second) at.push_back(second);
  const auto spec = with(trace_at(at), {transform("bootstrap", {{"block", 50.0}, {"length", 5000.0}})});
  const auto arrivals = arrivals_of(spec);
  EXPECT_NEAR(static_cast<double>(arrivals.size()), 5000, 100);  // a block of 50 s holds 50 or 51 rows
  std::size_t jumps = 0;
  for (std::size_t i = 1; i < arrivals.size(); ++i) {
    EXPECT_LE(arrivals[i - 1].at, arrivals[i].at);
    jumps += arrivals[i].size == arrivals[i - 1].size + 1 ? 0 : 1;
  }
  EXPECT_NEAR(static_cast<double>(jumps), 99, 1);
  EXPECT_LT(arrivals.back().at, SimTime{Duration{5'000'000'000'000}});
  EXPECT_NE(as_text(arrivals), as_text(arrivals_of(spec, 10'000'000, 8)));
}

TEST_F(Transforms, BootstrapWithAlignmentKeepsTheTimeOfDay) {
  Seconds at;  // ten "days" of 100 s, all of whose queries come in the first 20 s
  for (int day = 0; day < 10; ++day)
    for (int second = 0; second < 20; ++second) at.push_back(day * 100 + second);
  at.push_back(999);
  const auto spec =
      with(trace_at(at), {transform("bootstrap", {{"block", 25.0}, {"length", 3000.0}, {"align", 100.0}})});
  const auto arrivals = seconds(spec);
  EXPECT_GT(arrivals.size(), 500u);
  for (const double t : arrivals) EXPECT_TRUE(std::fmod(t, 100) < 20 || std::fmod(t, 100) == 99) << t;
}

TEST_F(Transforms, QueriesCountsWhatComesOut) {
  auto spec = with(trace_at({1, 2, 5}), {transform("repeat", {{"times", 2.0}})});
  spec.queries = 4;
  EXPECT_EQ(seconds(spec), (Seconds{1, 2, 5, 7}));
}

TEST_F(Transforms, StreamsAreTheSameWhateverTheBlock) {
  auto spec = with(
      synthetic("mmpp", {{"rate", 4.0}, {"levels", Seconds{1, 6}}, {"sojourn", Seconds{20, 5}}}),
      {transform("window", {{"from", 3.0}, {"to", 300.0}}), transform("scale", {{"factor", 1.7}}),
       transform("superpose", {}, {synthetic("poisson", {{"rate", 1.0}})}), transform("time_warp", {{"factor", 1.1}})});
  EXPECT_EQ(as_text(arrivals_of(spec, 1500, 7, 3, 1000)), as_text(arrivals_of(spec, 1500, 7, 3, 1)));
}

TEST_F(Transforms, WhatNeedsAnEndOfTrafficSaysSo) {
  const auto wrong = [](WorkloadSpec spec, std::vector<TransformSpec> transforms) {
    spec.transforms = std::move(transforms);
    return check_transforms(spec);
  };
  const auto endless = synthetic("poisson", {{"rate", 5.0}});
  EXPECT_NE(wrong(endless, {transform("repeat", {{"times", 2.0}})}).find("never does; put"), std::string::npos);
  EXPECT_NE(wrong(endless, {transform("bootstrap", {{"block", 2.0}})}).find("never does; put"), std::string::npos);
  EXPECT_NE(wrong(trace_at({1}), {transform("splice", {}, {endless, endless})}).find("source 0 of splice never ends"),
            std::string::npos);
  EXPECT_NE(wrong(trace_at({1}), {transform("window", {{"from", 2.0}, {"to", 1.0}})}).find("ends before it begins"),
            std::string::npos);
  auto mapped = trace_at({1});
  trace_of(mapped).map = {{"*", "quality"}};
  EXPECT_NE(wrong(mapped, {transform("superpose", {}, {endless})}).find("does not go together with map"),
            std::string::npos);
  EXPECT_EQ(wrong(trace_at({1}), {transform("splice", {}, {endless})}), "");
}

TEST_F(Transforms, TrafficEndsWhereSomethingEndsIt) {
  const auto ends = [](WorkloadSpec spec, std::vector<TransformSpec> transforms) {
    spec.transforms = std::move(transforms);
    return traffic_ends(spec);
  };
  const auto endless = synthetic("poisson", {{"rate", 5.0}});
  EXPECT_FALSE(ends(endless, {transform("scale", {{"factor", 2.0}})}));
  EXPECT_TRUE(ends(endless, {transform("window", {{"to", 2.0}})}));
  EXPECT_TRUE(ends(trace_at({1}), {}));
  EXPECT_FALSE(ends(trace_at({1}), {transform("superpose", {}, {endless})}));
  EXPECT_FALSE(ends(trace_at({1}), {transform("splice", {}, {endless})}));
}

}  // namespace
}  // namespace windtunnel::testing
