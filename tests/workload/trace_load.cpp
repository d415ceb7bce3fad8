#include "sim/workload/trace_load.hpp"

#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using Queries = std::vector<std::uint64_t>;

class TraceLoads : public TraceFiles {};

TEST_F(TraceLoads, CountsQueriesAndMeanSizesPerMapRow) {
  auto spec = recorded(write("timestamp,model,size\n100,a,1\n101,b,2\n102,a,4\n103,c,8\n110,z,9\n"));
  trace_of(spec).map = {{"a", "cond"}, {"b", "quality"}, {"c", "room-scene"}, {"d", "cond"}};
  const auto load = trace_load(spec);
  ASSERT_TRUE(load);
  EXPECT_DOUBLE_EQ(load->span_s, 10) << "unmapped rows end the span too";
  EXPECT_EQ(load->queries, (Queries{2, 1, 1, 0}));
  EXPECT_EQ(load->mean_size, (std::vector<double>{2.5, 2, 8, 1}));
}

TEST_F(TraceLoads, IsThatOfTheRecordingWhateverScaleAndLimitSay) {
  auto spec = recorded(write("timestamp\n0\n1\n2\n4\n"));
  trace_of(spec).rate_scale.factor = 7;
  spec.queries = 2;
  spec.size = Law{.kind = LawKind::exponential, .mean = 3};
  const auto load = trace_load(spec);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->queries, (Queries{4}));
  EXPECT_EQ(load->mean_size, (std::vector<double>{3}));
  EXPECT_DOUBLE_EQ(load->span_s, 4);
}

TEST_F(TraceLoads, HonoursTheWindow) {
  auto spec = recorded(write("timestamp\n100\n101\n102\n104\n109\n"));
  trace_of(spec).from = std::chrono::milliseconds(500);
  trace_of(spec).to = std::chrono::seconds(5);
  const auto load = trace_load(spec);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->queries, (Queries{3}));
  EXPECT_DOUBLE_EQ(load->span_s, 3.5);
}

TEST_F(TraceLoads, OfCountsIsTheirSumOverTheSeconds) {
  auto spec = recorded(write("3 1 0 4"));
  auto load = trace_load(spec);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->queries, (Queries{8}));
  EXPECT_DOUBLE_EQ(load->span_s, 4);
}

TEST_F(TraceLoads, SyntheticEntriesAndTracesWithoutTimeAreProblems) {
  EXPECT_FALSE(trace_load(synthetic("poisson", {{"rate", 1.0}})));
  EXPECT_FALSE(trace_load(recorded(write("timestamp\n5\n5\n"))));
  EXPECT_FALSE(trace_load(recorded((folder_ / "none").string())));
}

}  // namespace
}  // namespace windtunnel::testing
