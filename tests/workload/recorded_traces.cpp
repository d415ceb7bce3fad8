// Public traces against the figures published with them (the folder is named by WINDTUNNEL_DATA).
#include <cstdlib>

#include "sim/workload/trace_info.hpp"
#include "sources.hpp"

namespace windtunnel::testing {
namespace {

/// The file in the data folder, or "" when it is not there.
std::string data_file(const std::string& name) {
  const char* folder = std::getenv("WINDTUNNEL_DATA");
  return folder == nullptr ? "" : std::string(folder) + "/" + name;
}

#define SKIP_WITHOUT_DATA(path) \
  if ((path).empty()) GTEST_SKIP() << "set WINDTUNNEL_DATA to the folder of recorded traces"

TraceInfo info_of(const std::string& path) {
  TraceSpec trace;
  trace.file = path;
  const auto result = trace_info(trace);
  EXPECT_TRUE(result) << (result ? "" : result.problems()[0].text());
  return result ? *result : TraceInfo{};
}

TEST(RecordedTraces, AzureConversationTraceHasItsPublishedFigures) {
  const std::string path = data_file("azure-llm-2023-conv/AzureLLMInferenceTrace_conv.csv");
  SKIP_WITHOUT_DATA(path);
  const TraceInfo info = info_of(path);
  EXPECT_EQ(info.format, "azure_llm");
  EXPECT_EQ(info.rows, 19'366U);
  EXPECT_NEAR(info.span_s, 3501.7, 0.05);
  EXPECT_NEAR(*info.rate_mean_per_s, 5.53, 0.005);
  EXPECT_NEAR(*info.peak_over_mean_1s, 2.89, 0.005);
  EXPECT_NEAR(*info.peak_over_mean_60s, 1.53, 0.005);
  EXPECT_NEAR(*info.idc_1s, 1.39, 0.005);
  EXPECT_NEAR(*info.idc_60s, 16.1, 0.05);
  EXPECT_NEAR(*info.cv_gaps, 1.09, 0.005);
  EXPECT_NEAR(info.longest_silence_s, 4.3, 0.05);
  EXPECT_EQ(info.start, "2023-11-16 18:15:46.68059");
}

TEST(RecordedTraces, GenTdRequestTraceHasItsPublishedFigures) {
  const std::string path = data_file("alibaba-genai-2026/lora_request_trace_nov15_dec01.csv");
  SKIP_WITHOUT_DATA(path);
  const TraceInfo info = info_of(path);
  EXPECT_EQ(info.format, "gentd26");
  EXPECT_EQ(info.rows, 15'630U);
  EXPECT_EQ(info.dropped, (std::vector<std::pair<std::string, std::uint64_t>>{{"PENDING", 15}}));
  EXPECT_NEAR(info.span_s / 86400, 16.3, 0.05);
  EXPECT_NEAR(*info.rate_mean_per_s, 0.0111, 0.00005);
  EXPECT_NEAR(*info.peak_over_mean_1s, 270, 0.5);
  EXPECT_NEAR(*info.peak_over_mean_60s, 19.5, 0.05);
  EXPECT_NEAR(*info.idc_1s, 1.04, 0.005);
  EXPECT_NEAR(*info.idc_60s, 3.2, 0.05);
  EXPECT_NEAR(*info.cv_gaps, 11.6, 0.05);
  EXPECT_NEAR(info.longest_silence_s / 3600, 13.3, 0.05);
  EXPECT_EQ(info.distinct_labels, 77U);
  EXPECT_EQ(info.labels[0], (std::pair<std::string, std::uint64_t>{"M0002", 4755}));
}

TEST(RecordedTraces, TwoWeeksOfCountsHaveTheirPublishedFigures) {
  const std::string path = data_file("twitter-2021-08-rate/workload_days01-14.txt.gz");
  SKIP_WITHOUT_DATA(path);
  const TraceInfo info = info_of(path);
  EXPECT_EQ(info.format, "counts");
  EXPECT_EQ(info.rows, 76'878'572U);
  EXPECT_DOUBLE_EQ(info.span_s, 1'209'600);
  EXPECT_NEAR(*info.rate_mean_per_s, 63.6, 0.05);
  EXPECT_NEAR(*info.peak_over_mean_1s, 6.1, 0.05);
  EXPECT_NEAR(*info.peak_over_mean_60s, 4.7, 0.05);
  EXPECT_NEAR(*info.idc_1s, 27.4, 0.05);
  EXPECT_NEAR(*info.idc_60s, 1538, 0.5);
  EXPECT_FALSE(info.cv_gaps);
}

TEST(RecordedTraces, TwoWeeksOfCountsReplayWhole) {
  const std::string path = data_file("twitter-2021-08-rate/workload_days01-14.txt.gz");
  SKIP_WITHOUT_DATA(path);
  auto spec = recorded(path);
  if (kSanitized)
    trace_of(spec).to = std::chrono::hours(24);  // 5.1 million: what is read is in TwoWeeksOfCountsHave...
  const auto source = make_source(spec, RngStreams(7), 1);
  std::vector<Arrival> block(4096);
  std::uint64_t queries = 0;
  SimTime last{};
  while (const std::size_t count = source->next(block)) {
    queries += count;
    EXPECT_LE(last, block[0].at);
    last = block[count - 1].at;
  }
  EXPECT_EQ(queries, kSanitized ? trace_info(trace_of(spec))->queries : 76'878'572U);
  EXPECT_LT(last, SimTime{std::chrono::seconds(1'209'600)});
}

TEST(RecordedTraces, GenTdScaledUpKeepsItsDayAndItsSilences) {
  const std::string path = data_file("alibaba-genai-2026/lora_request_trace_nov15_dec01.csv");
  SKIP_WITHOUT_DATA(path);
  auto spec = recorded(path);
  const auto hourly = bin_counts(arrivals_of(spec), 3600);
  trace_of(spec).rate_scale.factor = 100;
  auto scaled = bin_counts(arrivals_of(spec), 3600);
  double product = 0, squares = 0, scaled_squares = 0;
  for (std::size_t hour = 0; hour < hourly.size(); ++hour) {
    product += hourly[hour] * scaled[hour];
    squares += hourly[hour] * hourly[hour];
    scaled_squares += scaled[hour] * scaled[hour];
  }
  EXPECT_GT(product / std::sqrt(squares * scaled_squares), 0.8)
      << "hour by hour the scaled trace must look like the recording";
}

}  // namespace
}  // namespace windtunnel::testing
