// Each staged recording against the figures published with it, within their rounding (WINDTUNNEL_DATA names the
// folder).
#include <cstdlib>

#include "sim/workload/gauge_info.hpp"
#include "sim/workload/trace_info.hpp"
#include "sources.hpp"

namespace windtunnel::testing {
namespace {

class PublishedFigures : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("WINDTUNNEL_DATA") == nullptr)
      GTEST_SKIP() << "set WINDTUNNEL_DATA to the folder of recorded traces";
  }
  static TraceSpec trace(const std::string& name) {
    TraceSpec spec;
    spec.file = std::string(std::getenv("WINDTUNNEL_DATA")) + "/" + name;
    return spec;
  }
  static TraceInfo traffic(const std::string& name) {
    const auto result = trace_info(trace(name));
    EXPECT_TRUE(result) << (result ? "" : result.problems()[0].text());
    return result ? *result : TraceInfo{};
  }
  static GaugeInfo gauges(const std::string& name) {
    const auto result = gauge_info(trace(name));
    EXPECT_TRUE(result) << (result ? "" : result.problems()[0].text());
    return result ? *result : GaugeInfo{};
  }
  static double quantile(const std::vector<std::pair<int, double>>& all, int percent) {
    for (const auto& [p, value] : all)
      if (p == percent) return value;
    ADD_FAILURE() << "no p" << percent;
    return 0;
  }
};

TEST_F(PublishedFigures, MooncakeConversationComesInGroupsOfThreeSeconds) {
  const auto info = traffic("mooncake-conversation-2025/conversation_trace_first40min.jsonl");
  EXPECT_EQ(info.format, "mooncake");
  EXPECT_EQ(info.rows, 7'851U);
  EXPECT_NEAR(info.span_s, 2397, 0.5);
  EXPECT_NEAR(*info.rate_mean_per_s, 3.28, 0.005);
  EXPECT_NEAR(*info.peak_over_mean_1s, 7.0, 0.05);
  EXPECT_NEAR(*info.peak_over_mean_60s, 1.26, 0.005);
  EXPECT_NEAR(*info.idc_1s, 7.66, 0.005);
  EXPECT_NEAR(*info.idc_60s, 2.91, 0.005);
  EXPECT_NEAR(*info.cv_gaps, 2.97, 0.005);
}

TEST_F(PublishedFigures, MooncakeSyntheticIsPoisson) {
  const auto info = traffic("mooncake-conversation-2025/synthetic_trace.jsonl.gz");
  EXPECT_EQ(info.rows, 3'993U);
  EXPECT_NEAR(info.span_s, 1022, 0.5);
  EXPECT_NEAR(*info.rate_mean_per_s, 3.91, 0.005);
  EXPECT_NEAR(*info.peak_over_mean_1s, 3.3, 0.05);
  // 1.1646 by the mean over the whole span, as the other sets' figures; by that over whole minutes, 1.1655.
  EXPECT_NEAR(*info.peak_over_mean_60s, 1.17, 0.0055);
  EXPECT_NEAR(*info.idc_1s, 1.09, 0.005);
  EXPECT_NEAR(*info.idc_60s, 1.19, 0.005);
  EXPECT_NEAR(*info.cv_gaps, 1.01, 0.005);
}

TEST_F(PublishedFigures, GenTdExecutionTimesAndNights) {
  const auto info = traffic("alibaba-genai-2026/lora_request_trace_nov15_dec01.csv");
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 5), 11, 0.5);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 50), 22, 0.5);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 95), 62, 0.5);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 99), 88, 0.5);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 100), 567, 0.5);
  ASSERT_EQ(info.day_curve_per_s.size(), 24U);
  double busy = 0, all = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    all += *info.day_curve_per_s[hour];
    if (hour >= 16 || hour <= 5) busy += *info.day_curve_per_s[hour];
  }
  EXPECT_NEAR(busy / all, 0.96, 0.01) << "hours 16 to 05";
}

TEST_F(PublishedFigures, TwitterDayAndItsGaps) {
  const auto info = traffic("twitter-2021-08-rate/workload_days01-14.txt.gz");
  ASSERT_EQ(info.day_curve_per_s.size(), 24U);
  EXPECT_NEAR(*info.day_curve_per_s[23], 24, 0.5);
  EXPECT_NEAR(*info.day_curve_per_s[9], 96, 0.5);
  EXPECT_EQ(info.bin_s, 1);
}

TEST_F(PublishedFigures, ServeGenClientsTogether) {
  const auto info = traffic("servegen-m-small");
  EXPECT_EQ(info.format, "servegen");
  EXPECT_EQ(info.distinct_labels, 43U);
  EXPECT_EQ(info.rows, 43U * 2016U);
  EXPECT_EQ(info.bin_s, 600);
  EXPECT_NEAR(*info.rate_mean_per_s, 1174, 0.5);
  EXPECT_NEAR(*info.peak_over_mean_bin, 3.3, 0.05);
  EXPECT_NEAR(*info.peak_over_mean_bin * *info.rate_mean_per_s, 3880, 0.5);
  EXPECT_NEAR(static_cast<double>(info.queries), 1.42e9, 0.005e9);
  EXPECT_NEAR(*info.day_curve_per_s[5], 775, 0.5);
  EXPECT_NEAR(*info.day_curve_per_s[20], 1709, 0.5);
}

TEST_F(PublishedFigures, Functions2021ArrivesByEndLessDuration) {
  const auto info = traffic("azure-functions-samples/Azure2021_200.csv");
  EXPECT_EQ(info.format, "azure_functions_2021");
  EXPECT_EQ(info.rows, 199U);
  EXPECT_EQ(info.distinct_labels, 31U);
  EXPECT_NEAR(*info.rate_mean_per_s, 0.166, 0.0005);
  EXPECT_NEAR(*info.peak_over_mean_1s * *info.rate_mean_per_s, 22, 0.001);
  EXPECT_NEAR(*info.idc_1s, 8.3, 0.05);
  EXPECT_NEAR(*info.cv_gaps, 1.86, 0.005);
  EXPECT_EQ(info.moved, 0U) << "this sample lies in the order of arrival";
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 50), 1.6, 0.05);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 75), 45, 0.5);
  EXPECT_NEAR(quantile(info.service_time_quantiles_s, 100), 405, 0.5);
}

TEST_F(PublishedFigures, Functions2019SumsMinutesOverFunctions) {
  const auto info = traffic("azure-functions-samples/azure2019_invocations.csv");
  EXPECT_EQ(info.format, "azure_functions_2019");
  EXPECT_EQ(info.span_s, 86'400);
  EXPECT_GE(info.queries, 4U * 1125U);
  EXPECT_LE(info.queries, 4U * 1150U);
  EXPECT_FALSE(info.idc_1s);
  EXPECT_TRUE(info.idc_60s);
  EXPECT_EQ(gauges("azure-functions-samples/azure2019_durations.csv").samples, 4U);
  EXPECT_EQ(gauges("azure-functions-samples/azure2019_memory.csv").format, "azure_functions_2019_memory");
}

TEST_F(PublishedFigures, DlrmReplicasOfTheGpuPart) {
  const auto info = traffic("alibaba-dlrm-2025/disaggregated_DLRM_trace.csv");
  EXPECT_EQ(info.format, "dlrm_replicas");
  EXPECT_EQ(info.rows, 23'871U);
  EXPECT_EQ(info.queries, 4'263U);
  EXPECT_NEAR(*info.rate_mean_per_s, 1.6e-3, 0.05e-3);
  EXPECT_NEAR(*info.peak_over_mean_1s * *info.rate_mean_per_s, 63, 0.001);
  EXPECT_NEAR(*info.peak_over_mean_60s * *info.rate_mean_per_s * 60, 79, 0.001);
  EXPECT_NEAR(*info.idc_1s, 7.7, 0.05);
  EXPECT_NEAR(*info.idc_60s, 12.5, 0.05);
  EXPECT_NEAR(*info.cv_gaps, 3.03, 0.005);
}

TEST_F(PublishedFigures, OpenBPodsAndNodes) {
  const auto info = traffic("alibaba-openb-2023/openb_pod_list_default.csv");
  EXPECT_EQ(info.format, "openb_pods");
  EXPECT_EQ(info.rows, 8'152U);
  EXPECT_NEAR(*info.rate_mean_per_s, 6.3e-4, 0.05e-4);
  EXPECT_NEAR(*info.peak_over_mean_60s * *info.rate_mean_per_s * 60, 6, 0.001);
  EXPECT_NEAR(*info.idc_1s, 1.05, 0.005);
  EXPECT_NEAR(*info.idc_60s, 1.48, 0.005);
  EXPECT_NEAR(*info.cv_gaps, 21, 0.5);
  const auto nodes = gauges("alibaba-openb-2023/openb_node_list_gpu_node.csv");
  EXPECT_EQ(nodes.samples, 1'213U);
  EXPECT_NEAR(nodes.mean * 1'213, 6'212, 0.01);
}

TEST_F(PublishedFigures, SpotNodesByGpu) {
  const auto info = gauges("alibaba-spot-gpu-2026-nodes/node_info_df.csv");
  EXPECT_EQ(info.samples, 4'278U);
  EXPECT_NEAR(info.mean * 4'278, 10'412, 0.01);
  EXPECT_EQ(info.series[0].name, "A10");
  EXPECT_EQ(info.series[0].samples, 2'494U);
}

/// Rows, then p5 p25 p50 p75 p95 p99 in milliseconds.
struct LatencyFile {
  const char* name;
  std::uint64_t rows;
  double percentiles[6];
};

TEST_F(PublishedFigures, GenTdFleetLatenciesAreThoseOfItsTable) {
  static constexpr LatencyFile kFiles[] = {
      {"basemodel_update_latency_anon", 7'531, {2287, 3144, 22718, 36921, 45446, 51846}},
      {"lora_update_latency_anon", 27'415, {1131, 3571, 4378, 5284, 6767, 8213}},
      {"controlnet_latency_data_anon", 29'221, {1803, 2860, 3884, 5354, 11266, 16719}},
      {"pipeline_update_latency_anon", 36'046, {0, 5645, 8454, 13518, 39528, 54285}},
      {"model_predict_data_anon", 6'254, {9640, 15892, 35050, 63368, 79351, 98047}},
      {"pipeline_inference_data_anon", 34'421, {8563, 12552, 15132, 19058, 35457, 70556}},
      {"queue_rt_raw_anon", 23'478, {121, 154, 203, 286, 451, 627}},
  };
  static constexpr int kPercents[] = {5, 25, 50, 75, 95, 99};
  for (const LatencyFile& file : kFiles) {
    const auto info = gauges(std::string("alibaba-genai-2026/") + file.name + ".csv.gz");
    EXPECT_EQ(info.rows, file.rows) << file.name;
    for (std::size_t i = 0; i < 6; ++i)
      EXPECT_NEAR(quantile(info.quantiles, kPercents[i]), file.percentiles[i], 0.51)
          << file.name << " p" << kPercents[i];
  }
}

TEST_F(PublishedFigures, GenTdGaugesCoverADayInStepsOf57Seconds) {
  const auto memory = gauges("alibaba-genai-2026/pod_gpu_memory_used_bytes_anon_containers_0-9.csv.gz");
  EXPECT_EQ(memory.rows, 110'426U);
  EXPECT_EQ(memory.distinct_series, 96U);
  EXPECT_EQ(memory.step_s, 57);
  EXPECT_NEAR(memory.span_s, 1440 * 57, 0.5);
  EXPECT_EQ(gauges("alibaba-genai-2026/pod_gpu_duty_cycle_anon_containers_0-9.csv.gz").rows, 106'584U);
  EXPECT_EQ(gauges("alibaba-genai-2026/qps.csv.gz").rows, 24'627U);
  EXPECT_EQ(gauges("alibaba-genai-2026/queue_size_raw_anon.csv.gz").rows, 1'434U);
}

TEST_F(PublishedFigures, DcgmSamplesShowOneGpuHeldAndTheOthersFree) {
  const auto info = gauges("dcgm-prometheus-samples/promql_instant_DCGM_FI_DEV_FB_USED.json");
  EXPECT_EQ(info.samples, 16U);
  EXPECT_EQ(info.max, 74'166);
  EXPECT_NEAR(info.mean * 16, 74'166, 0.01) << "the other fifteen read 0";
  const auto scrape = gauges("dcgm-prometheus-samples/dcgm_exporter_scrape_h100_node.prom");
  EXPECT_EQ(scrape.format, "exposition");
  EXPECT_EQ(scrape.samples, 30U);
}

}  // namespace
}  // namespace windtunnel::testing
