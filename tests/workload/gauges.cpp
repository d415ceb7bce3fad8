// Recordings of measured values.
#include "sim/workload/gauge_info.hpp"

#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class Gauges : public TraceFiles {
 protected:
  GaugeInfo info(std::string_view content) {
    TraceSpec trace;
    trace.file = write(content);
    const auto result = gauge_info(trace);
    EXPECT_TRUE(result) << (result ? "" : result.problems()[0].text());
    return result ? *result : GaugeInfo{};
  }
  std::string error_of(std::string_view content) {
    TraceSpec trace;
    trace.file = write(content);
    const auto result = gauge_info(trace);
    return result ? "" : result.problems()[0].text().substr(folder_.string().size() + 1);
  }
};

TEST_F(Gauges, GenTdMetricFilesReadInAnyOrderOfColumns) {
  const auto seen = info("value,timestamp_anon,container_ip\n33879490560.0,1662858720.0,c1\n1.0,1662858777.0,c1\n");
  EXPECT_EQ(seen.format, "gentd26_metric");
  EXPECT_EQ(seen.max, 33879490560.0);
  EXPECT_EQ(seen.step_s, 57);
  EXPECT_EQ(seen.distinct_series, 1U);
  EXPECT_EQ(seen.start, "2022-09-11 01:12:00");
}

TEST_F(Gauges, ExpositionAndAnswerCallAnExportersOwnPodNobodys) {
  const auto scrape = info(
      "# HELP x y\nDCGM_FI_DEV_FB_USED{gpu=\"0\",Hostname=\"n\",pod=\"vllm-1\"} 74166\n"
      "DCGM_FI_DEV_FB_USED{gpu=\"1\",Hostname=\"n\"} 0\n");
  ASSERT_EQ(scrape.series.size(), 2U);
  EXPECT_EQ(scrape.series[0].name, "DCGM_FI_DEV_FB_USED{Hostname=n,gpu=1}");
  const auto answer = info(
      "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": [{\"metric\": {\"__name__\": "
      "\"U\", "
      "\"gpu\": \"1\", \"pod\": \"nvidia-dcgm-exporter-x\"}, \"value\": [1700000000.5, \"12\"]}, {\"metric\": "
      "{\"__name__\": \"U\", \"gpu\": \"2\", \"pod\": \"exp\", \"exported_pod\": \"mine\"}, \"value\": [1700000000.5, "
      "\"NaN\"]}, {\"metric\": {\"__name__\": \"U\", \"gpu\": \"2\", \"pod\": \"exp\", \"exported_pod\": \"mine\"}, "
      "\"value\": [1700000000.5, \"3\"]}]}}");
  ASSERT_EQ(answer.series.size(), 2U);
  EXPECT_EQ(answer.series[0].name, "U{gpu=1}");
  EXPECT_EQ(answer.series[1].name, "U{pod=mine,gpu=2}");
  EXPECT_EQ(answer.dropped, (std::vector<std::pair<std::string, std::uint64_t>>{{"NaN", 1}}));
}

TEST_F(Gauges, NvidiaSmiKeepsUnitsInCellsAndLeavesOutWhatIsNotThere) {
  const auto seen = info(
      "timestamp, index, uuid, name, memory.used [MiB], utilization.gpu [%]\n2026/07/27 12:00:00.123, 0, U, A10G, 345 "
      "MiB, 1 %\n2026/07/27 12:00:01.123, 0, U, A10G, [N/A], 1 %\n2026/07/27 12:00:02.123, 0, U, A10G, 400 MiB, 1 %\n");
  EXPECT_EQ(seen.format, "nvidia_smi");
  EXPECT_EQ(seen.samples, 2U);
  EXPECT_EQ(seen.min, 345);
  EXPECT_EQ(seen.span_s, 2);
  EXPECT_EQ(seen.dropped, (std::vector<std::pair<std::string, std::uint64_t>>{{"no value", 1}}));
}

TEST_F(Gauges, AnErrorThatPrometheusAnsweredIsPassedOn) {
  EXPECT_EQ(error_of("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error at char 3\"}"),
            "trace.csv: is an error that Prometheus answered: \"parse error at char 3\"; ask again");
  EXPECT_EQ(error_of("{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2\"]}}"),
            "trace.csv: has resultType \"scalar\"; a vector or a matrix is read");
  EXPECT_NE(
      error_of("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[").find("is no JSON at byte"),
      std::string::npos);
}

}  // namespace
}  // namespace windtunnel::testing
