// Peaks by model out of what Prometheus recorded.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/recommend/recorded_memory.hpp"

namespace windtunnel {
namespace recorded_memory_test {

/// A file with that content, gone with the object.
class Recording {
 public:
  Recording(std::string_view name, std::string_view content) {
    auto pattern = (std::filesystem::temp_directory_path() / "windtunnel-recommend-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::ofstream(folder_ / name) << content;
    question.file.file = (folder_ / name).string();
    question.file.format = "auto";
    question.recommender.margin = 0;
  }
  ~Recording() { std::filesystem::remove_all(folder_); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  RecordedMemory read() {
    auto result = read_recorded_memory(question);
    if (!result) throw std::runtime_error(result.problems().front().text());
    return *result;
  }
  std::string refused() {
    const auto result = read_recorded_memory(question);
    return result ? "" : result.problems().front().text();
  }
  RecordedQuestion question;

 private:
  std::filesystem::path folder_;
};

/// An answer of query_range: two pods of one Deployment, one of another, 80 samples a minute apart.
std::string answer(std::string_view metric, double unit) {
  std::string out = R"({"status":"success","data":{"resultType":"matrix","result":[)";
  const auto series = [&](std::string_view pod, std::string_view device, auto value) {
    out += (out.back() == '[' ? "" : ",") + std::string(R"({"metric":{"__name__":")") + std::string(metric) +
           R"(","pod":")" + std::string(pod) + R"(","container":"server","UUID":")" + std::string(device) +
           R"("},"values":[)";
    for (int minute = 0; minute < 80; ++minute)
      out += (minute == 0 ? "[" : ",[") + std::to_string(1'700'000'000 + 60 * minute) + ",\"" +
             std::to_string(value(minute) * unit) + "\"]";
    out += "]}";
  };
  series("scene-7d4b9c6f5d-x2x9k", "GPU-0", [](int) { return 2.0; });
  series("scene-7d4b9c6f5d-b6b7n", "GPU-1", [](int minute) { return minute == 35 ? 3.0 : 2.0; });
  series("cond-65bf9d8c4-zzkqp", "GPU-2", [](int) { return 1.0; });
  return out + "]}}";
}

TEST(RecordedMemory, PeaksOfEachPodAndIntervalByModel) {
  Recording file("seen.json", answer("DCGM_FI_DEV_FB_USED", 1024));  // MiB
  file.question.interval = std::chrono::minutes(10);
  file.question.gpu = Bytes{10 * kGiB};
  const RecordedMemory seen = file.read();
  ASSERT_EQ(seen.advice.size(), 2U);
  const MemoryAdvice& scene = seen.advice[1];
  EXPECT_EQ(scene.model, "scene");
  EXPECT_EQ(scene.kind, MemoryKind::gpu);
  EXPECT_EQ(scene.samples, 160U);
  EXPECT_EQ(scene.peaks, 16U);
  EXPECT_EQ(scene.p50.value, 2 * kGiB);
  EXPECT_EQ(scene.largest.value, 3 * kGiB);
  EXPECT_DOUBLE_EQ(scene.by_rule[0].risk, 1.0 / 16);  // P90 is below the one peak of 3
  EXPECT_DOUBLE_EQ(scene.by_rule[2].risk, 0);
  EXPECT_EQ(scene.by_rule[2].limit.value, 3 * kGiB);
  EXPECT_EQ(scene.by_rule[2].sharers, 3);
  EXPECT_EQ(scene.by_rule[2].wasted.value, kGiB * 15 / 16);
  EXPECT_EQ(seen.advice[0].model, "cond");
  EXPECT_TRUE(seen.notes.empty());
}

TEST(RecordedMemory, TakesAnEighthOfTheRecordingForAPeak) {
  Recording file("seen.json", answer("container_memory_working_set_bytes", 1e9));
  const RecordedMemory seen = file.read();
  EXPECT_DOUBLE_EQ(seen.span_s, 79 * 60);
  EXPECT_DOUBLE_EQ(to_seconds(seen.interval), 79 * 60 / 8.0);
  EXPECT_EQ(seen.advice[0].kind, MemoryKind::host);
  EXPECT_FALSE(seen.advice[0].by_rule[0].sharers);
}

TEST(RecordedMemory, SaysWhereADeviceWasSharedByPods) {
  std::string shared = answer("DCGM_FI_DEV_FB_USED", 1024);
  shared.replace(shared.find("GPU-1"), 5, "GPU-0");
  Recording file("seen.json", shared);
  ASSERT_EQ(file.read().notes.size(), 1U);
  EXPECT_NE(file.read().notes[0].find("GPU memory of 2 pods is of devices that several pods share"), std::string::npos);
}

TEST(RecordedMemory, ReadsExpositionTextWithoutTimesAsOneMoment) {
  Recording file("now.prom",
                 "# TYPE DCGM_FI_DEV_FB_USED gauge\n"
                 "DCGM_FI_DEV_FB_USED{gpu=\"0\",exported_pod=\"scene-0\",pod=\"dcgm-exporter-x2x9k\"} 2048\n"
                 "DCGM_FI_DEV_FB_USED{gpu=\"1\",exported_pod=\"scene-1\",pod=\"dcgm-exporter-x2x9k\"} 4096\n"
                 "DCGM_FI_DEV_FB_USED{gpu=\"2\",pod=\"dcgm-exporter-x2x9k\"} 0\n");
  const RecordedMemory seen = file.read();
  EXPECT_EQ(seen.span_s, 0);
  ASSERT_EQ(seen.advice.size(), 1U);
  EXPECT_EQ(seen.advice[0].peaks, 2U);
  EXPECT_EQ(seen.advice[0].largest.value, 4 * kGiB);
  ASSERT_EQ(seen.notes.size(), 1U);
  EXPECT_EQ(seen.notes[0], "1 samples of memory name no pod: left out");
}

TEST(RecordedMemory, OpenMetricsStampsAreSeconds) {
  Recording file("now.om",
                 "# TYPE container_memory_rss gauge\n"
                 "container_memory_rss{pod=\"scene-0\",container=\"server\"} 1000000000 15.000\n"
                 "container_memory_rss{pod=\"scene-0\",container=\"server\"} 2000000000 915.000\n# EOF\n");
  EXPECT_DOUBLE_EQ(file.read().span_s, 900);
}

TEST(RecordedMemory, ALabelMaySayTheModel) {
  Recording file("now.prom",
                 "container_memory_rss{pod=\"a-0\",container=\"server\",app=\"scene\"} 1000000000\n"
                 "container_memory_rss{pod=\"b-0\",container=\"server\",app=\"scene\"} 2000000000\n");
  file.question.by = "app";
  EXPECT_EQ(file.read().advice.at(0).model, "scene");
  EXPECT_EQ(file.read().advice.size(), 1U);
  file.question.by = "team";
  EXPECT_NE(file.refused().find("name no label \"team\" and pod"), std::string::npos) << file.refused();
}

TEST(RecordedMemory, APodsSumAndItsPauseContainerAreNoContainers) {
  Recording file("now.prom",
                 "container_memory_rss{pod=\"a-0\",container=\"server\"} 1000000000\n"
                 "container_memory_rss{pod=\"a-0\",container=\"POD\"} 40000\n"
                 "container_memory_rss{pod=\"a-0\"} 1000040000\n");
  EXPECT_EQ(file.read().advice.at(0).peaks, 1U);
  EXPECT_EQ(file.read().advice.at(0).largest.value, 1'000'000'000);
}

TEST(RecordedMemory, SaysWhatItKnowsAndWhatTheFileHas) {
  Recording none("now.prom", "up{job=\"x\"} 1\n");
  EXPECT_NE(none.refused().find("holds no metric of memory; it has up; known are DCGM_FI_DEV_FB_USED"),
            std::string::npos)
      << none.refused();
  Recording bare("now.prom", "DCGM_FI_DEV_FB_USED{gpu=\"0\"} 5\n");
  EXPECT_NE(bare.refused().find("1 samples of memory name no pod and container"), std::string::npos) << bare.refused();
  Recording table("arrivals.csv", "timestamp\n0\n1\n");
  EXPECT_NE(table.refused().find("whose rows name no pods"), std::string::npos) << table.refused();
}

}  // namespace recorded_memory_test
}  // namespace windtunnel
