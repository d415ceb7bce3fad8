// The binary form: what goes in comes out, and what is damaged is refused before HDF5 sees it.
#include "sim/workload/binary_trace.hpp"

#include "sim/workload/trace_convert.hpp"
#include "sim/workload/trace_info.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class BinaryTraces : public TraceFiles {
 protected:
  std::string convert(const std::string& file, const std::string& name, bool csv = false) {
    TraceSpec trace;
    trace.file = file;
    const std::string out = (folder_ / name).string();
    const auto done = convert_trace(trace, out, csv);
    EXPECT_TRUE(done) << (done ? "" : done.problems()[0].text());
    return out;
  }
  std::string replay(const std::string& file) {
    auto spec = recorded(file);
    trace_of(spec).map = {{"b", "m"}, {"*", "m"}};
    return as_text(arrivals_of(spec));
  }
};

TEST_F(BinaryTraces, ReplayTheSameArrivalsAsWhatTheyWereMadeFrom) {
  std::string content = "timestamp,model,size,deadline,service_time\n";
  for (int i = 0; i < 50'000; ++i)  // three chunks and a bit
    content += std::to_string(i / 7) + "." + std::to_string(i % 7) + "," + (i % 3 == 0 ? "b" : "a") + "," +
               (i % 100 == 0 ? "2.5" : "") + "," + (i > 40'000 ? "1.5" : "") + ",\n";
  content += "9000000,c,1,,\n";  // a gap of months
  const std::string csv = write(content);
  const std::string binary = convert(csv, "t.h5");
  EXPECT_EQ(replay(binary), replay(csv));
  const std::string back = convert(binary, "back.csv", true);
  EXPECT_EQ(replay(back), replay(csv));
}

TEST_F(BinaryTraces, KeepDropsMovesStartAndLabels) {
  const std::string csv = write(
      "gmt_create,predict_status,num_images_per_prompt,checkpoint_model_version_id\n2024-11-15 16:57:50,PENDING,,\n"
      "2024-11-15 16:57:52,SUCCEED,2.0,M1\n2024-11-15 16:57:51,SUCCEED,8.0,M2\n");
  TraceSpec trace;
  trace.file = csv;
  const auto before = trace_info(trace);
  trace.file = convert(csv, "t.h5");
  const auto after = trace_info(trace);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->format, "windtunnel");
  EXPECT_EQ(after->rows, 3U);
  EXPECT_EQ(after->dropped, before->dropped);
  EXPECT_EQ(after->moved, 1U);
  EXPECT_EQ(after->start, before->start);
  EXPECT_EQ(after->labels, before->labels);
  EXPECT_EQ(replay(trace.file), replay(csv)) << "time 0 is the dropped row's";
}

TEST_F(BinaryTraces, OfTheSameTraceHaveTheSameBytes) {
  const std::string csv = write("timestamp,model\n1,a\n2,b\n");
  const auto bytes = [](const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  };
  EXPECT_EQ(bytes(convert(csv, "a.h5")), bytes(convert(csv, "b.h5")));
}

TEST_F(BinaryTraces, ThatAreDamagedAnywhereAreRefused) {
  const std::string whole = convert(write("timestamp,model\n1,a\n2,b\n"), "t.h5");
  std::ifstream in(whole, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto refused = [&](std::string damaged) {
    TraceSpec trace;
    trace.file = write(damaged, "damaged.h5");
    const auto info = trace_info(trace);
    return info ? std::string("read") : info.problems()[0].what;
  };
  for (std::size_t at = kBinaryHead; at < bytes.size(); at += 997) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_EQ(refused(damaged), "is damaged: its checksum is not that of its bytes") << at;
  }
  EXPECT_EQ(refused(bytes.substr(0, bytes.size() - 1)), "is damaged: its checksum is not that of its bytes");
  EXPECT_EQ(refused(bytes.substr(0, 400)), "is too short for a windtunnel trace: it was cut short");
  EXPECT_EQ(refused(gzipped(bytes)), "is a windtunnel trace only after unpacking");
}

TEST_F(BinaryTraces, AreNotMadeOfCountsOrOfNothing) {
  TraceSpec trace;
  trace.file = write("1 2 3");
  EXPECT_FALSE(convert_trace(trace, (folder_ / "t.h5").string(), false));
  trace.file = write("timestamp\n1\n2\n");
  trace.from = std::chrono::seconds(10);
  EXPECT_FALSE(convert_trace(trace, (folder_ / "t.h5").string(), false));
}

}  // namespace
}  // namespace windtunnel::testing
