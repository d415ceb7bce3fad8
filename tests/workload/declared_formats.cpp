// Every declared format reads a few rows as its publisher lays them out.
#include "sim/workload/format_registry.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class DeclaredFormats : public TraceFiles {
 protected:
  /// Recognised as `format`; its arrivals as "seconds/row of the map".
  std::string read(std::string_view content, std::string_view format, std::vector<std::string> labels = {}) {
    auto spec = recorded(write(content));
    TextBuffer text(trace_of(spec).file);
    EXPECT_EQ(recognise_format(text, "auto").name, format);
    for (auto& label : labels) trace_of(spec).map.emplace_back(std::move(label), "m");
    const auto source = make_source(spec, RngStreams(7), 1);
    std::string out;
    for (const Arrival& a : collect(*source)) {
      std::string at = std::to_string(to_seconds(a.at));
      at.resize(at.size() - 3);
      out += at + "/" + std::to_string(a.target) + " ";
    }
    counts_ = source->counts();
    return out;
  }
  using Dropped = std::vector<std::pair<std::string, std::uint64_t>>;
  SourceCounts counts_;
};

TEST_F(DeclaredFormats, AzureLmmReadsTokensByNameThoughImagesStandBetween) {
  const std::string text =
      "TIMESTAMP,NumImages,ContextTokens,GeneratedTokens\n2024-10-15 10:00:00.5,0,374,44\n"
      "2024-10-15 10:00:02,2,396,109\n";
  EXPECT_EQ(read(text, "azure_lmm"), "0.000/0 1.500/0 ");
}

TEST_F(DeclaredFormats, BurstGptDropsFailuresAndMapsModelsThoughNamesHoldBlanks) {
  const std::string v1 =
      "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      "5,ChatGPT,472,18,490,Conversation log\n5,GPT-4,472,0,472,API log\n45,GPT-4,1,2,3,API log\n";
  EXPECT_EQ(read(v1, "burstgpt", {"ChatGPT", "GPT-4"}), "0.000/0 40.000/1 ");
  EXPECT_EQ(counts_.dropped, (Dropped{{"failed: no response tokens", 1}}));
  const std::string v3 =
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
      "5,s1,2.5,ChatGPT,472,18,490,Conversation log\n6.25,,1,GPT-4,4,1,5,API log\n";
  EXPECT_EQ(read(v3, "burstgpt3", {"ChatGPT", "GPT-4"}), "0.000/0 1.250/1 ");
}

TEST_F(DeclaredFormats, MooncakeCountsMillisecondsAndQwenSecondsUnderTheSameNames) {
  EXPECT_EQ(read("{\"timestamp\": 3000, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [0, 1]}\n"
                 "{\"timestamp\": 6000, \"input_length\": 1, \"output_length\": 5, \"hash_ids\": []}\n",
                 "mooncake"),
            "0.000/0 3.000/0 ");
  EXPECT_EQ(
      read("{\"chat_id\": 1, \"parent_chat_id\": -1, \"timestamp\": 3, \"input_length\": 1, \"output_length\": 2, "
           "\"type\": \"text\", \"turn\": 1, \"hash_ids\": [4]}\n{\"chat_id\": 2, \"parent_chat_id\": 1, "
           "\"timestamp\": 6.5, \"input_length\": 1, \"output_length\": 2, \"type\": \"search\", \"turn\": 2, "
           "\"hash_ids\": [4]}\n",
           "qwen_bailian", {"text", "search"}),
      "0.000/0 3.500/1 ");
}

TEST_F(DeclaredFormats, Functions2021ArriveTheirDurationBeforeTheyEndAndAreSortedAgain) {
  EXPECT_EQ(
      read("app,func,end_timestamp,duration\na,f,10,1\na,g,60,57.5\na,f,61,0\n", "azure_functions_2021", {"f", "g"}),
      "0.000/1 6.500/0 58.500/0 ");
  EXPECT_EQ(counts_.moved, 1U);
}

TEST_F(DeclaredFormats, Functions2019PlacesEachMinutesCallsInsideIt) {
  auto spec = recorded(write("HashOwner,HashApp,HashFunction,Trigger,1,2,3\no,a,f,http,2,0,1\no,a,g,http,0,1,4\n"));
  trace_of(spec).map = {{"f", "m"}, {"g", "m"}};
  trace_of(spec).placement = "even";
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{15, 45, 90, 127.5, 142.5, 150, 157.5, 172.5}));
  const auto arrivals = arrivals_of(spec);
  EXPECT_EQ(arrivals[2].target, 1U);
  EXPECT_EQ(arrivals[5].target, 0U);
  trace_of(spec).map = {{"f", "m"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(collect(*source).size(), 3U);
  EXPECT_EQ(source->counts().dropped, (Dropped{{"not in map", 5}}));
}

TEST_F(DeclaredFormats, AiBrixCountsWithMonthsOfOneDigitLastUntilTheNextRow) {
  auto spec =
      recorded(write("\"Time\",\"Total\",\"Success\",\"4xx Error\"\n2024-10-1 00:00:00,2,2,0\n"
                     "2024-10-1 00:01:00,0,0,0\n2024-10-1 00:02:00,1,1,0\n"));
  trace_of(spec).placement = "even";
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{15, 45, 150}));
}

TEST_F(DeclaredFormats, SplitwiseVidurAndLlmServingSimTellArrivalsBySecondsAndNanoseconds) {
  EXPECT_EQ(read("request_id,request_type,application_id,arrival_timestamp,batch_size,prompt_size,token_size\n"
                 "0,2,0,1.5,1,374,44\n1,2,1,2.25,1,1,2\n",
                 "splitwise", {"0", "1"}),
            "0.000/0 0.750/1 ");
  EXPECT_EQ(read("arrived_at,num_prefill_tokens,num_decode_tokens\n0.25,1,2\n0.75,1,2\n", "vidur"), "0.000/0 0.500/0 ");
  EXPECT_EQ(
      read("{\"input_toks\": 128, \"output_toks\": 512, \"arrival_time_ns\": 1000000, \"input_tok_ids\": [1, 2]}\n"
           "{\"input_toks\": 1, \"output_toks\": 5, \"arrival_time_ns\": 251000000}\n",
           "llmservingsim"),
      "0.000/0 0.250/0 ");
}

TEST_F(DeclaredFormats, DlrmReplicasInNoOrderAreSortedWholeAndTheCpuPartLeftOut) {
  EXPECT_EQ(read("instance_sn,role,app_name,creation_time,scheduled_time,deletion_time\ni0,HN,app_0,,,\n"
                 "i1,HN,app_1,2000000,2000001,\ni2,CN,app_0,5,5,\ni3,HN,app_0,10,11,20\n",
                 "dlrm_replicas", {"app_0", "app_1"}),
            "5.000/0 1999995.000/1 ");
  EXPECT_EQ(counts_.dropped, (Dropped{{"created before the recording", 1}, {"CPU part (role CN)", 1}}));
}

TEST_F(DeclaredFormats, PrometheusRatesAreReplayedOnceItIsSaidWhatTheyCount) {
  const std::string answer =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"model\":\"a\"},"
      "\"values\":"
      "[[1700000000,\"0.2\"],[1700000015,\"NaN\"],[1700000030,\"0.4\"]]},{\"metric\":{\"model\":\"b\"},\"values\":"
      "[[1700000015,\"0.1\"],[1700000030,\"0.1\"]]}]}}";
  auto spec = recorded(write(answer));
  EXPECT_THROW(arrivals_of(spec), InputError);
  trace_of(spec).values = "per_second";
  trace_of(spec).placement = "even";
  trace_of(spec).label_column = "model";
  trace_of(spec).map = {{"a", "m"}, {"b", "m"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  std::vector<std::uint32_t> targets;
  const auto arrivals = collect(*source);
  for (const Arrival& a : arrivals) targets.push_back(a.target);
  // a: 3, 0 and 6 queries; b: 1.5 a step, so 1 and, with what was carried, 2.
  EXPECT_EQ(std::count(targets.begin(), targets.end(), 0U), 9);
  EXPECT_EQ(std::count(targets.begin(), targets.end(), 1U), 3);
  EXPECT_EQ(seconds_of({arrivals.begin(), arrivals.begin() + 4}), (std::vector<double>{2.5, 7.5, 12.5, 22.5}));
  EXPECT_EQ(source->counts().dropped, (Dropped{{"NaN", 1}}));
}

TEST_F(DeclaredFormats, RowsAreReadFromZstdAsFromPlain) {
  if (std::system("zstd --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no zstd to pack with";
  std::string content = "timestamp\n";
  for (int i = 0; i < 200'000; ++i) content += std::to_string(i) + "." + std::to_string(i * 7919 % 1000) + "\n";
  const std::string plain = write(content, "plain.csv"), packed = (folder_ / "packed").string();
  ASSERT_EQ(std::system(("zstd -q -o " + packed + " " + plain).c_str()), 0);
  EXPECT_EQ(as_text(arrivals_of(recorded(packed))), as_text(arrivals_of(recorded(plain))));
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) - 20);
  try {
    arrivals_of(recorded(packed));
    FAIL() << "a cut file was read";
  } catch (const InputError& error) {
    EXPECT_NE(error.error().what.find("the zstd data end too early"), std::string::npos) << error.what();
  }
}

TEST_F(DeclaredFormats, AHeaderThatComesAgainIsPassedOverAndCounted) {
  EXPECT_EQ(read("timestamp,model\n1,a\ntimestamp,model\n2,a\n", "plain"), "0.000/0 1.000/0 ");
  EXPECT_EQ(counts_.dropped, (Dropped{{"header again", 1}}));
}

TEST_F(DeclaredFormats, LateRowsArePutInOrderStablyWithinTheWindow) {
  auto spec = recorded(write("timestamp,size\n10,1\n12,2\n11,3\n12,4\n11,5\n30,6\n"));
  const auto source = make_source(spec, RngStreams(7), 1);
  std::vector<float> sizes;
  for (const Arrival& a : collect(*source)) sizes.push_back(a.size);
  EXPECT_EQ(sizes, (std::vector<float>{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(source->counts().moved, 2U);
}

}  // namespace
}  // namespace windtunnel::testing
