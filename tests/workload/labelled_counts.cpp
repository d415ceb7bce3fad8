// Counts with labels: which there are, where they go, and how long their queries take.
#include <cmath>

#include "sim/workload/duration_table.hpp"
#include "sim/workload/trace_info.hpp"
#include "sim/workload/trace_load.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using Counts = std::vector<std::pair<std::string, std::uint64_t>>;

class LabelledCounts : public TraceFiles {
 protected:
  TraceInfo info(const TraceSpec& trace) {
    const auto out = trace_info(trace);
    EXPECT_TRUE(out) << (out ? "" : out.problems()[0].text());
    return out ? *out : TraceInfo{};
  }
  /// What is refused about it.
  static std::string refusal(const WorkloadSpec& spec) {
    try {
      collect(*make_source(spec, RngStreams(7), 1));
    } catch (const InputError& error) {
      return error.error().text();
    }
    return "nothing";
  }
  /// Minutes 1 to 3 of three functions.
  std::string invocations() {
    return write(
        "HashOwner,HashApp,HashFunction,Trigger,1,2,3\no,a,resize,http,600,0,60\no,a,rank,queue,0,30,0\n"
        "o,b,nightly,timer,0,0,10\n",
        "invocations.csv");
  }
  std::string durations() {
    return write(
        "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,percentile_Average_1,"
        "percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,"
        "percentile_Average_100\n"
        "o,a,resize,2000,600,1000,3000,1000,1020,1500,2000,2500,2980,3000\n"  // even between 1 s and 3 s
        "o,a,rank,500,30,500,500,500,500,500,500,500,500,500\n",
        "durations.csv");
  }
};

TEST_F(LabelledCounts, OfFunctionsAreShownByLabelWithinTheWindow) {
  TraceSpec trace;
  trace.file = invocations();
  EXPECT_EQ(info(trace).labels, (Counts{{"resize", 660}, {"rank", 30}, {"nightly", 10}}));
  trace.from = std::chrono::minutes(1);
  trace.to = std::chrono::minutes(3);
  EXPECT_EQ(info(trace).labels, (Counts{{"resize", 60}, {"rank", 30}, {"nightly", 10}}));
  EXPECT_EQ(info(trace).queries, 100U);
  EXPECT_EQ(info(trace).distinct_labels, 3U);
}

TEST_F(LabelledCounts, LabelsOfTheMapThatNoneCarriesAreNoted) {
  auto spec = recorded(invocations());
  trace_of(spec).map = {{"resise", "m"}, {"rank", "m"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(collect(*source).size(), 30U);
  EXPECT_EQ(source->counts().dropped, (Counts{{"not in map", 670}}));
  EXPECT_EQ(source->counts().unused_labels, (std::vector<std::string>{"resise"}));
  EXPECT_EQ(source->counts().other_labels, (std::vector<std::string>{"resize", "nightly"}));
}

TEST_F(LabelledCounts, SizesAreDrawnFromEachFunctionsPercentiles) {
  auto spec = recorded(invocations());
  trace_of(spec).durations = durations();
  trace_of(spec).map = {{"resize", "m"}, {"rank", "m"}, {"nightly", "m"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  double sum = 0;
  std::size_t count = 0;
  for (const Arrival& query : collect(*source)) {
    if (query.target == 1) {
      EXPECT_FLOAT_EQ(static_cast<float>(query.size), 0.5F);
      EXPECT_GE(query.at, SimTime{std::chrono::seconds(60)});
      EXPECT_LT(query.at, SimTime{std::chrono::seconds(120)});
      continue;
    }
    EXPECT_EQ(query.target, 0U);
    EXPECT_GE(query.size, 1);
    EXPECT_LE(query.size, 3);
    sum += query.size;
    ++count;
  }
  EXPECT_EQ(count, 660U);
  EXPECT_NEAR(sum / 660, 2, 5 * 2 / std::sqrt(12 * 660.0));  // an even law's standard error
  EXPECT_EQ(source->counts().dropped, (Counts{{"no duration", 10}}));
}

TEST_F(LabelledCounts, AsMeanEveryCallTakesItsFunctionsMean) {
  auto spec = recorded(invocations());
  trace_of(spec).durations = durations();
  trace_of(spec).durations_as = "mean";
  trace_of(spec).size_per_unit = 10;  // items a second
  for (const Arrival& query : collect(*make_source(spec, RngStreams(7), 1)))
    EXPECT_TRUE(query.size == 20 || query.size == 5) << query.size;
}

TEST_F(LabelledCounts, DurationsDoNotMoveArrivals) {
  auto spec = recorded(invocations());
  trace_of(spec).map = {{"resize", "m"}};
  const auto without = seconds_of(collect(*make_source(spec, RngStreams(7), 1)));
  trace_of(spec).durations = durations();
  EXPECT_EQ(seconds_of(collect(*make_source(spec, RngStreams(7), 1))), without);
}

TEST_F(LabelledCounts, LoadAndInfoKnowTheDurations) {
  auto spec = recorded(invocations());
  trace_of(spec).durations = durations();
  const auto load = trace_load(spec);
  ASSERT_TRUE(load);
  EXPECT_EQ(load->queries, (std::vector<std::uint64_t>{690}));
  EXPECT_NEAR(load->mean_size[0], (660 * 2.0 + 30 * 0.5) / 690, 1e-9);
  const TraceInfo seen = info(trace_of(spec));
  ASSERT_EQ(seen.service_time_quantiles_s.size(), 5U);
  EXPECT_EQ(seen.service_time_quantiles_s[1].first, 50);
  const double median = 1 + 2 * (0.5 * 690 - 30) / 660;  // 30 lie below all others
  EXPECT_NEAR(seen.service_time_quantiles_s[1].second, median, 0.01);
  EXPECT_EQ(seen.queries, 690U);
  EXPECT_DOUBLE_EQ(seen.peak_over_mean_bin.value(), 600 / 230.0) << "of the minute, whatever functions were called";
  EXPECT_EQ(seen.dropped, (Counts{{"no duration", 10}}));
}

TEST_F(LabelledCounts, ALawKeepsTheRecordedMeanWhateverItsPercentiles) {
  const std::vector<double> shares = {0, 0.5, 1};
  const DurationLaw law(4, {0, 1, 3}, shares);
  double sum = 0;
  for (int i = 0; i < 1000; ++i) sum += law.at((i + 0.5) / 1000);
  EXPECT_NEAR(sum / 1000, 4, 1e-5);
  EXPECT_NEAR(law.at(0.5), 4 / 1.25, 1e-9) << "the median of the curve, whose own mean is 1.25";
  EXPECT_EQ(DurationLaw(0, {0, 0, 0}, shares).at(0.3), 1e-6) << "no call takes no time at all";
}

TEST_F(LabelledCounts, BadTablesOfDurationsSayWhatIsWrong) {
  auto spec = recorded(invocations());
  const std::string head = "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum\n";
  const auto refused = [&](const std::string& content) {
    trace_of(spec).durations = write(content, "bad.csv");
    return refusal(spec);
  };
  EXPECT_NE(refused(head + "o,a,f,fast,1,1,1\n").find("bad.csv:2: Average: \"fast\" is not a number"),
            std::string::npos);
  EXPECT_NE(refused(head + "o,a,f,-1,1,1,1\n").find("is outside 0 to 1e+09 s"), std::string::npos);
  EXPECT_NE(refused(head).find("a header and no row"), std::string::npos);
  EXPECT_NE(refused("timestamp\n1\n").find("is a table of format plain, not of durations"), std::string::npos);
  trace_of(spec).file = write("timestamp\n1\n", "plain.csv");
  EXPECT_NE(refusal(spec).find("format plain has no table of durations beside it"), std::string::npos);
}

TEST_F(LabelledCounts, RowsOfOneStampCountTheirOwnLabels) {
  auto spec = recorded(write("timestamp,queries,model\n10,3,a\n10,1,b\n20,2,a\n30,0,a\n30,4,b\n30,1,c\n", "timed.csv"));
  trace_of(spec).placement = "even";
  trace_of(spec).map = {{"a", "m"}, {"b", "m"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  std::string seen;
  for (const Arrival& query : collect(*source))
    seen += std::to_string(std::lround(to_seconds(query.at) * 100)) + (query.target == 0 ? "a " : "b ");
  EXPECT_EQ(seen, "167a 500a 500b 833a 1250a 1750a 2125b 2375b 2625b 2875b ");
  EXPECT_EQ(source->counts().dropped, (Counts{{"not in map", 1}}));
  TraceSpec trace;
  trace.file = trace_of(spec).file;
  const TraceInfo all = info(trace);
  EXPECT_EQ(all.format, "timed_counts");
  EXPECT_EQ(all.labels, (Counts{{"a", 5}, {"b", 5}, {"c", 1}}));
  EXPECT_DOUBLE_EQ(all.span_s, 30);
}

TEST_F(LabelledCounts, ColumnsCountTheLabelsThatHeadThem) {
  auto spec =
      recorded(write("Time,scene,\"cond, fast\"\n2026-07-01 10:00:00,2,0\n2026-07-01 10:01:00,0,1\n", "wide.csv"));
  trace_of(spec).format = "count_columns";
  trace_of(spec).placement = "even";
  trace_of(spec).map = {{"scene", "m"}, {"cond, fast", "m"}};
  const auto arrivals = collect(*make_source(spec, RngStreams(7), 1));
  EXPECT_EQ(seconds_of(arrivals), (std::vector<double>{15, 45, 90}));
  EXPECT_EQ(arrivals.back().target, 1U);
  trace_of(spec).map.clear();
  EXPECT_EQ(info(trace_of(spec)).labels, (Counts{{"scene", 2}, {"cond, fast", 1}}));
}

TEST_F(LabelledCounts, BadRowsSayWhere) {
  auto spec = recorded(write("timestamp,queries,model\n10,3,a\n9,1,b\n20,1,a\n", "timed.csv"));
  EXPECT_NE(refusal(spec).find(":3: the stamp 9.00 s does not come after the previous row's 10.00 s"),
            std::string::npos);
  trace_of(spec).file = write("timestamp,queries\n10,1.5\n20,1\n", "part.csv");
  EXPECT_NE(refusal(spec).find(":2: queries: \"1.5\" is not a whole number"), std::string::npos);
  trace_of(spec).file = write("timestamp,queries\n10,1000000000000\n20,1\n", "much.csv");
  EXPECT_NE(refusal(spec).find("is more than 10 000 000 queries"), std::string::npos);
  trace_of(spec).file = write("timestamp,queries\n10,1\n20,1\n", "bare.csv");
  trace_of(spec).map = {{"a", "m"}};
  EXPECT_NE(refusal(spec).find("carry no labels (column model), and the map has no row \"*\""), std::string::npos);
}

TEST_F(LabelledCounts, OfAPrometheusSeriesAreNamedByTheLabelAskedFor) {
  TraceSpec trace;
  trace.file = write(
      R"({"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"queue":"scene"},"values":[[100,"0.5"],[110,"1"],[120,"0"]]},
        {"metric":{"queue":"cond"},"values":[[100,"0.1"],[110,"-1"],[120,"0.2"]]}]}})",
      "range.json");
  trace.values = "per_second";
  EXPECT_TRUE(info(trace).labels.empty());
  trace.label_column = "queue";
  EXPECT_EQ(info(trace).labels, (Counts{{"scene", 15}, {"cond", 3}}));
  trace.to = std::chrono::seconds(20);
  EXPECT_EQ(info(trace).labels, (Counts{{"scene", 15}, {"cond", 1}}));
}

}  // namespace
}  // namespace windtunnel::testing
