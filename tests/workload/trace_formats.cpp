// Each format is recognised by what stands in the file, and read by column name.
#include "sim/workload/format_registry.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

constexpr std::string_view kAzure =
    "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:15:46.6805900,374,44\r\n"
    "2023-11-16 18:15:50.9951690,396,109\r\n2023-11-16 18:15:51.2224671,879,55";
constexpr std::string_view kGenTd =
    "gmt_create,predict_type,predict_status,exec_time_seconds,groupId,prompt_length,negative_prompt_length,"
    "num_images_per_prompt,num_inference_steps,checkpoint_model_version_id,num_lora\n"
    "2024-11-15 16:57:50,TXT_2_IMG,SUCCEED,32.0,G0000,63.0,26.0,1.0,30.0,M0000,0\n"
    "2024-11-15 18:16:14,TXT_2_IMG,FAILED,43.0,G0001,93.0,,8.0,40.0,M0001,0\n"
    "2024-11-15 18:16:14,TXT_2_IMG,PENDING,0.0,G0325,,,,,,0\n"
    "2024-11-15 18:16:14,TXT_2_IMG,SUCCEED,43.0,G0001,93.0,,,40.0,M0002,0\n"
    "2024-11-15 18:16:20,TXT_2_IMG,SUCCEED,43.0,G0001,93.0,,4.0,40.0,,0\n";

class TraceFormats : public TraceFiles {
 protected:
  std::string format_of(std::string_view content) {
    TextBuffer text(write(content));
    return std::string(recognise_format(text, "auto").name);
  }
  std::string read(std::string_view content) { return as_text(arrivals_of(recorded(write(content)))); }
};

TEST_F(TraceFormats, AreRecognisedByHeaderNotByName) {
  EXPECT_EQ(format_of("timestamp,model\n0,a\n"), "plain");
  EXPECT_EQ(format_of("model,size,timestamp\na,1,0\n"), "plain");
  EXPECT_EQ(format_of("timestamp\n0\n"), "plain");
  EXPECT_EQ(format_of(kAzure), "azure_llm");
  EXPECT_EQ(format_of(kGenTd), "gentd26");
  EXPECT_EQ(format_of("12 9 14 \n"), "counts");
  EXPECT_EQ(format_of("\n12\n9\n"), "counts");
  EXPECT_EQ(format_of(gzipped(kAzure)), "azure_llm");
}

TEST_F(TraceFormats, PlainReadsSecondsModelSizeAndDeadlineInAnyOrderOfColumns) {
  EXPECT_EQ(read("timestamp,model,size,deadline\n10.5,a,2,3.5\n11,b,,\n11,a,0.5,0\n"),
            "0/2.000000/0/3500000000 500000000/1.000000/0/0 500000000/0.500000/0/0 ");
  EXPECT_EQ(read("deadline,extra,size,timestamp\n3.5,x,2,10.5\n"), read("timestamp,size,deadline\n10.5,2,3.5\n"));
}

TEST_F(TraceFormats, PlainReadsWallClocks) {
  EXPECT_EQ(read("timestamp\n2023-11-16 18:15:46.6805900\n2023-11-16T18:15:47.6805901\n"),
            "0/1.000000/0/0 1000000100/1.000000/0/0 ");
}

TEST_F(TraceFormats, AzureKeepsItsSeventhDigitThroughCrlfAndAMissingFinalNewline) {
  EXPECT_EQ(read(kAzure), "0/1.000000/0/0 4314579000/1.000000/0/0 4541877100/1.000000/0/0 ");
}

TEST_F(TraceFormats, SizeColumnTakesSizesFromAnyColumn) {
  auto spec = recorded(write(kAzure));
  trace_of(spec).size_column = "GeneratedTokens";
  trace_of(spec).size_per_unit = 0.5;
  const auto arrivals = arrivals_of(spec);
  EXPECT_EQ(arrivals[0].size, 22.0F);
  EXPECT_EQ(arrivals[1].size, 54.5F);
}

TEST_F(TraceFormats, RowsWithoutTheSizeAskedForAreDroppedAndCounted) {
  auto spec = recorded(write("timestamp,tokens\n0,5\n1,0\n2,\n3,7\n"));
  trace_of(spec).size_column = "tokens";
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(as_text(collect(*source)), "0/5.000000/0/0 3000000000/7.000000/0/0 ");
  EXPECT_EQ(source->counts().dropped, (std::vector<std::pair<std::string, std::uint64_t>>{{"no size", 2}}));
}

TEST_F(TraceFormats, GenTdTakesImagesAsSizeModelsAsLabelsAndCountsWhatItDrops) {
  auto spec = recorded(write(kGenTd));
  trace_of(spec).map = {{"M0001", "cond"}, {"*", "room-scene"}};
  const auto source = make_source(spec, RngStreams(7), 1);
  EXPECT_EQ(as_text(collect(*source)), "0/1.000000/1/0 4704000000000/8.000000/0/0 4704000000000/1.000000/1/0 ");
  EXPECT_EQ(source->counts().rows, 3U);
  EXPECT_EQ(source->counts().dropped,
            (std::vector<std::pair<std::string, std::uint64_t>>{{"PENDING", 1}, {"no model", 1}}));
}

TEST_F(TraceFormats, GzippedIsReadLikePlainWhateverItsName) {
  const auto plain = read(kGenTd);
  EXPECT_EQ(as_text(arrivals_of(recorded(write(gzipped(kGenTd), "trace.csv")))), plain);
  EXPECT_EQ(as_text(arrivals_of(recorded(write(kGenTd, "trace.gz")))), plain);
}

TEST_F(TraceFormats, QuotesByteOrderMarkAndBlankLinesChangeNothing) {
  const auto expected = read("timestamp,model\n0,a\n1.5,b\n");
  EXPECT_EQ(read("\xEF\xBB\xBF\"timestamp\",\"model\"\r\n\"0\",\"a\"\r\n1.5,\"b\"\r\n\r\n\r\n"), expected);
}

TEST_F(TraceFormats, EveryRowOfTheRegistryIsNamedOnceAndDocumented) {
  std::vector<std::string_view> names;
  for (const FormatRow& row : format_registry()) {
    EXPECT_EQ(std::count(names.begin(), names.end(), row.name), 0) << row.name;
    names.push_back(row.name);
    EXPECT_FALSE(row.doc.empty());
    EXPECT_FALSE(row.header.empty()) << row.name;
    EXPECT_NE(known_formats().find(row.name), std::string::npos);
    const bool by_columns = row.syntax == Syntax::csv || row.syntax == Syntax::json_lines;
    const bool by_name = row.count == kEachOtherColumn;  // any table might be one
    EXPECT_EQ(by_columns && !by_name, !row.required.empty()) << row.name;
  }
}

}  // namespace
}  // namespace windtunnel::testing
