#include "sim/workload/trace_info.hpp"

#include <cmath>
#include <limits>

#include "sim/workload/label_table.hpp"
#include "sim/workload/trace_statistics.hpp"

#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

class TraceInfos : public TraceFiles {
 protected:
  TraceInfo info(std::string_view content) {
    TraceSpec trace;
    trace.file = write(content);
    const auto result = trace_info(trace);
    EXPECT_TRUE(result) << (result ? "" : result.problems()[0].text());
    return result ? *result : TraceInfo{};
  }
};

TEST_F(TraceInfos, FiguresOfASmallTraceAreThoseWorkedOutByHand) {
  const auto seen = info("timestamp,model\n10,b\n10.5,a\n12.25,b\n14,b\n");
  EXPECT_EQ(seen.format, "plain");
  EXPECT_EQ(seen.rows, 4U);
  EXPECT_EQ(seen.queries, 4U);
  EXPECT_DOUBLE_EQ(seen.span_s, 4);
  EXPECT_DOUBLE_EQ(*seen.rate_mean_per_s, 1);
  EXPECT_DOUBLE_EQ(*seen.peak_over_mean_1s, 2);
  EXPECT_DOUBLE_EQ(*seen.idc_1s, 0.6875 / 0.75);  // whole bins 2 0 1 0: mean 3/4, variance 5/4 - 9/16
  EXPECT_FALSE(seen.idc_60s);                     // no whole minute
  EXPECT_NEAR(*seen.cv_gaps, std::sqrt((0.25 + 2 * 3.0625) / 3 - 16.0 / 9) / (4.0 / 3), 1e-12);
  EXPECT_DOUBLE_EQ(seen.longest_silence_s, 1.75);
  EXPECT_EQ(seen.start, "");
  EXPECT_EQ(seen.labels, (Counts{{"b", 3}, {"a", 1}}));
}

TEST(GapSums, EvenGapsHaveNoSpreadHoweverLongTheyAre) {
  GapSums centuries;
  for (int i = 0; i < 70; ++i) centuries.add(100'000'000'000'000'000);  // in all 222 years
  EXPECT_EQ(centuries.cv().value(), 0.0);
  GapSums two;
  two.add(1'000'000'000);
  two.add(3'000'000'000);
  EXPECT_DOUBLE_EQ(two.cv().value(), 0.5);
  EXPECT_DOUBLE_EQ(two.max_s(), 3);
}

TEST(GapSums, OneGapOfAllTimeIsToldFromManyShortOnes) {
  GapSums gaps;
  const int n = 1'000'000;
  for (int i = 1; i < n; ++i) gaps.add(1);
  gaps.add(7'000'000'000'000'000'000);
  EXPECT_NEAR(gaps.cv().value(), std::sqrt(n - 1.0), 1e-6);  // that of one value among zeros
}

TEST(BinCounts, OfTheLastInstantThereIsDoNotOverflow) {
  BinCounts bins(1'000'000'000);
  bins.add(std::numeric_limits<std::int64_t>::max() - 1);
  bins.add(std::numeric_limits<std::int64_t>::max() - 1);
  EXPECT_EQ(bins.max(), 2U);
}

TEST(LabelTable, LabelsThatAreAlikeAtBothEndsAreToldApart) {
  LabelTable labels;
  std::vector<std::string> texts;
  for (const char* middle : {"", "a", "b", "ab", "ba", "aaaaaaaa"})
    texts.push_back("resnet50" + (middle + std::string("-version")));
  for (const char* text : {"", "a", "b", "aa", "abc", "abcd", "abcde", "abcdefg", "abcdefgh", "abcdefghi"})
    texts.emplace_back(text);
  for (int round = 0; round < 2; ++round)
    for (std::uint32_t i = 0; i < texts.size(); ++i) EXPECT_EQ(labels.number(texts[i]), i) << texts[i];
  EXPECT_EQ(labels.size(), texts.size());
}

TEST_F(TraceInfos, CountsHaveNoGapsAndSilenceIsTheLongestRunOfZeros) {
  const auto seen = info("3 1 0 0 0 2 0 2\n");
  EXPECT_EQ(seen.format, "counts");
  EXPECT_EQ(seen.rows, 8U);
  EXPECT_DOUBLE_EQ(seen.span_s, 8);
  EXPECT_DOUBLE_EQ(*seen.rate_mean_per_s, 1);
  EXPECT_DOUBLE_EQ(*seen.peak_over_mean_1s, 3);
  EXPECT_DOUBLE_EQ(*seen.idc_1s, 18.0 / 8 - 1);
  EXPECT_FALSE(seen.cv_gaps);
  EXPECT_DOUBLE_EQ(seen.longest_silence_s, 3);
}

TEST_F(TraceInfos, WallClocksHaveAStart) {
  EXPECT_EQ(info("timestamp\n2023-11-16 18:15:46.6805900\n2023-11-16 18:15:50\n").start, "2023-11-16 18:15:46.68059");
}

TEST_F(TraceInfos, DroppedRowsAreRowsButNotQueries) {
  const auto seen = info(
      "gmt_create,predict_status,num_images_per_prompt,checkpoint_model_version_id\n2024-11-15 "
      "16:57:50,SUCCEED,1.0,M1\n"
      "2024-11-15 16:57:51,PENDING,,\n2024-11-15 16:57:52,SUCCEED,2.0,M1\n");
  EXPECT_EQ(seen.rows, 3U);
  EXPECT_EQ(seen.queries, 2U);
  EXPECT_EQ(seen.dropped, (Counts{{"PENDING", 1}}));
}

TEST_F(TraceInfos, ASingleRowSaysNothingAboutRates) {
  const auto seen = info("timestamp\n5\n");
  EXPECT_EQ(seen.rows, 1U);
  EXPECT_FALSE(seen.rate_mean_per_s);
  EXPECT_FALSE(seen.idc_1s);
  EXPECT_FALSE(seen.cv_gaps);
}

TEST_F(TraceInfos, TheWindowIsHonoured) {
  TraceSpec trace;
  trace.file = write("timestamp\n100\n101\n102\n103\n104\n");
  trace.from = std::chrono::seconds(1);
  trace.to = std::chrono::seconds(4);
  const auto seen = trace_info(trace);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->queries, 3U);
  EXPECT_DOUBLE_EQ(seen->span_s, 2);
}

TEST_F(TraceInfos, OnlyTheTwentyMostFrequentLabelsAreNamedInAFixedOrder) {
  std::string content = "timestamp,model\n";
  for (int i = 0; i < 30; ++i)
    for (int k = 0; k <= i % 10; ++k) content += "1,m" + std::to_string(100 + i) + "\n";
  const auto seen = info(content);
  EXPECT_EQ(seen.distinct_labels, 30U);
  ASSERT_EQ(seen.labels.size(), 20U);
  EXPECT_EQ(seen.labels[0], (std::pair<std::string, std::uint64_t>{"m109", 10}));
  EXPECT_EQ(seen.labels[1].first, "m119");
}

TEST_F(TraceInfos, ABadTraceIsAProblemNotAnException) {
  TraceSpec trace;
  trace.file = write("timestamp\n200\n1\n");
  const auto result = trace_info(trace);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.problems()[0].where.ends_with("trace.csv:3"));
}

}  // namespace
}  // namespace windtunnel::testing
