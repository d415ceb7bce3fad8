// Bad input: each kind has its one clear message with place, value, rule and way out.
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class BadTraces : public TraceFiles {
 protected:
  /// The error's text with the folder cut off; "" if the trace was read.
  std::string error_of(WorkloadSpec spec) {
    try {
      arrivals_of(spec);
      return {};
    } catch (const InputError& error) {
      std::string text = error.what();
      const std::string folder = folder_.string() + "/";
      for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
      return text;
    }
  }
  std::string error_of(std::string_view content) { return error_of(recorded(write(content, "t.csv"))); }
};

TEST_F(BadTraces, RowsLateBeyondTheWindowSayHowLate) {
  EXPECT_EQ(error_of("timestamp\n1\n42.4\n12.31\n"),
            "t.csv:4: arrival 12.31 s comes after 42.40 s, late by more than the 10 s within which rows are put in "
            "order; sort the trace by arrival, or let later rows wait for it: reorder: 31s");
  EXPECT_EQ(error_of("timestamp\n2023-11-16 18:14:47\n2023-11-16 18:15:47\n2023-11-16 18:15:16.5\n"),
            "t.csv:4: arrival 2023-11-16 18:15:16.5 comes after 2023-11-16 18:15:47, late by more than the 10 s within "
            "which rows are put in order; sort the trace by arrival, or let later rows wait for it: reorder: 31s");
}

TEST_F(BadTraces, AClockSetBackAnHourIsToldAsDaylightSaving) {
  const std::string text =
      error_of("timestamp\n2023-10-29 02:00:00\n2023-10-29 02:59:50\n2023-10-29 02:00:01\n2023-10-29 03:00:00\n");
  EXPECT_NE(text.find("if daylight saving ended here, write the stamps with their zone"), std::string::npos) << text;
  EXPECT_EQ(error_of("timestamp\n2023-10-29 02:59:50+02:00\n2023-10-29 02:00:01+01:00\n"), "") << "zones tell";
}

TEST_F(BadTraces, UnitsThatCannotBeToldApartAreAskedFor) {
  EXPECT_EQ(
      error_of("{\"timestamp\": 12}\n{\"timestamp\": 3000}\n"),
      "t.csv:1: timestamp: \"12\" may be seconds or milliseconds, which cannot be told apart; say unit: s, ms, us "
      "or ns");
  EXPECT_EQ(
      error_of("{\"timestamp\": 1700046946680}\n"),
      "t.csv:1: timestamp: \"1700046946680\" may be seconds or milliseconds, which cannot be told apart; say unit: "
      "s, ms, us or ns; by its size this looks like ms");
  auto spec = recorded(write("{\"timestamp\": 12}\n{\"timestamp\": 3012}\n"));
  trace_of(spec).unit = "ms";
  EXPECT_EQ(seconds_of(arrivals_of(spec)), (std::vector<double>{0, 3}));
  trace_of(spec).unit = "hours";
  EXPECT_NE(error_of(spec).find("unknown unit \"hours\"; known: auto, s, ms, us, ns"), std::string::npos);
}

TEST_F(BadTraces, TwoFormatsInOneFileAreTold) {
  EXPECT_EQ(error_of("timestamp,model\n1,a\nTIMESTAMP,ContextTokens,GeneratedTokens\n"),
            "t.csv:3: here begins a table of format azure_llm in a file of format plain; give each its own file");
  EXPECT_NE(
      error_of("timestamp,model\n1,a\n{\"timestamp\": 3}\n").find("is a JSON object, in a file that began as CSV"),
      std::string::npos);
  EXPECT_EQ(
      error_of("{\"timestamp\": 1.5}\ntimestamp,model\n"),
      "t.csv:2: \"timestamp,model\" is not a JSON object, in a file that began as JSON lines; give each its own file");
}

TEST_F(BadTraces, JsonThatIsBrokenSaysHow) {
  EXPECT_NE(error_of("{\"timestamp\": 1.5}\n{\"timestamp\": 2.5\n")
                .find("t.csv:2: the line is a JSON object that is not "
                      "closed"),
            std::string::npos);
  EXPECT_NE(error_of("{\"timestamp\": 1.5}\n{\"model\": 2}\n").find("t.csv:2: timestamp: \"\" is not a number"),
            std::string::npos);
}

TEST_F(BadTraces, CountsOverTheLimitInATable) {
  const std::string head = "\"Time\",\"Total\",\"Success\",\"4xx Error\"\n";
  EXPECT_EQ(
      error_of(head + "2024-10-1 00:00:00,1000000000000,0,0\n2024-10-1 00:01:00,1,0,0\n"),
      "t.csv:2: Total: \"1000000000000\" is more than 10 000 000 queries in one stretch of time; a count is a whole "
      "number, 0 or more");
  EXPECT_NE(error_of(head + "2024-10-1 00:00:00,2.5,0,0\n").find("Total: \"2.5\" is not a whole number"),
            std::string::npos);
}

TEST_F(BadTraces, MissingFileAndFolderInsteadOfFile) {
  EXPECT_EQ(error_of(recorded((folder_ / "none.csv").string())),
            "none.csv: no such file; paths are taken relative to the scenario's folder");
  std::filesystem::create_directory(folder_ / "d");
  EXPECT_EQ(error_of(recorded((folder_ / "d").string())), "d: is a folder, not a trace file; name a file inside it");
}

TEST_F(BadTraces, EmptyFileAndHeaderOnly) {
  EXPECT_EQ(error_of(""), "t.csv: the file is empty; a trace has a header and at least one row");
  EXPECT_EQ(error_of("\n\n  \n"), "t.csv: the file is empty; a trace has a header and at least one row");
  EXPECT_EQ(error_of(gzipped("")), "t.csv: the file is empty; a trace has a header and at least one row");
  EXPECT_EQ(error_of("timestamp,model\n"), "t.csv:1: the file has a header and no row; a trace has at least one row");
}

TEST_F(BadTraces, TruncatedAndCorruptGzip) {
  std::string content = "timestamp\n";
  for (int i = 0; i < 100'000; ++i) content += std::to_string(i) + "." + std::to_string(i * 7919 % 1000) + "\n";
  const std::string whole = gzipped(content);
  const std::string cut_short = "t.csv: the gzip data end too early: the file was cut short; copy or fetch it again";
  for (const std::size_t length : {std::size_t{12}, whole.size() / 2, whole.size() - 9, whole.size() - 1})
    EXPECT_EQ(error_of(whole.substr(0, length)), cut_short) << length;
  std::string corrupt = whole;
  for (std::size_t i = whole.size() / 2; i < whole.size() / 2 + 50; ++i) corrupt[i] = static_cast<char>(~corrupt[i]);
  EXPECT_TRUE(error_of(corrupt).starts_with("t.csv: the gzip data are corrupt (")) << error_of(corrupt);
  std::string checksum = whole;
  checksum[checksum.size() - 6] = static_cast<char>(~checksum[checksum.size() - 6]);
  EXPECT_TRUE(error_of(checksum).starts_with("t.csv: the gzip data are corrupt (")) << error_of(checksum);
}

TEST_F(BadTraces, UnknownFormatsSayTheWayOut) {
  const std::string hint =
      "; list formats shows the headers of those that are known; a table of another kind needs time_column: <its "
      "column "
      "of times>";
  EXPECT_EQ(error_of("time,who\n1,a\n"),
            "t.csv:1: no known trace format begins with \"time,who\"" + hint + ", here one of \"time\", \"who\"");
  EXPECT_EQ(error_of("1.5,a\n2.5,b\n"), "t.csv:1: no known trace format begins with \"1.5,a\"" + hint);
  EXPECT_NE(error_of("\x89HDF\r\n\x1a\n").find("is an HDF5 file, but none that windtunnel trace convert wrote"),
            std::string::npos);
  auto spec = recorded(write("timestamp\n0\n", "t.csv"));
  trace_of(spec).format = "azure";
  EXPECT_TRUE(
      error_of(spec).starts_with("t.csv: unknown trace format \"azure\"; known: auto, plain, json_lines, counts"))
      << error_of(spec);
  spec = recorded(write("when,who\n1,a\n3.5,b\n"));
  trace_of(spec).time_column = "when";
  trace_of(spec).label_column = "who";
  trace_of(spec).map = {{"b", "quality"}};
  EXPECT_EQ(error_of(spec), "");
}

TEST_F(BadTraces, TablesAsOtherProgramsSaveThemSayWhatToChange) {
  EXPECT_EQ(
      error_of("timestamp;model\n1,5;a\n"),
      "t.csv:1: the cells are parted by \";\", not by commas; save the table with commas (and points in its numbers)");
  EXPECT_NE(error_of("timestamp\tmodel\n1\ta\n").find("the cells are parted by \"\\x09\""), std::string::npos);
  EXPECT_EQ(error_of("5,6,7\n"),
            "t.csv:1: no known trace format begins with \"5,6,7\"; counts of each second are parted by blanks or line "
            "ends; a table needs a header");
  using namespace std::string_literals;
  for (const std::string& text : {"\xff\xfet\0i\0m\0"s, "t\0i\0m\0e\0"s})
    EXPECT_EQ(error_of(text), "t.csv: is UTF-16 text; save it as UTF-8: iconv -f UTF-16 -t UTF-8");
  auto spec = recorded(write("when,who\n1,a\n", "t.csv"));
  trace_of(spec).time_column = "wen";
  EXPECT_EQ(error_of(spec),
            "t.csv:1: there is no column \"wen\", which time_column names; the header has: \"when\", \"who\"");
}

TEST_F(BadTraces, WallClocksOfOtherKindsSayHowTheyAreWritten) {
  const std::string first = "timestamp\n2024-10-27 02:59:50+02:00\n";
  EXPECT_EQ(
      error_of(first + "2024-10-27 02:59:55\n"),
      "t.csv:3: timestamp: \"2024-10-27 02:59:55\" has no time zone, unlike the stamps before; write all stamps with "
      "their zone (Z, +02:00), or none");
  EXPECT_EQ(error_of(first + "2024-10-27 00:59:55 UTC\n2024-10-27T00:59:56Z\n"), "");
  EXPECT_EQ(
      error_of(first + "2024-10-27 02:59:55 CEST\n"),
      "t.csv:3: timestamp: \"2024-10-27 02:59:55 CEST\" names a time zone, which may mean several; write the offset "
      "(+02:00), or UTC");
  for (const char* stamp : {"27/10/2024 02:59:50", "10/27/2024 2:59 PM", "27.10.2024 02:59"})
    EXPECT_NE(error_of("timestamp\n" + std::string(stamp) + "\n").find("dates are written year first"),
              std::string::npos)
        << stamp;
  EXPECT_EQ(
      error_of("timestamp\n1\n2023-11-16 18:15:46\n"),
      "t.csv:3: timestamp: \"2023-11-16 18:15:46\" is not a number of seconds; a file's stamps are all alike, and the "
      "first row's is a number");
}

TEST_F(BadTraces, MissingAndDoubledColumnsNameThoseFound) {
  auto spec = recorded(write("TIMESTAMP,Tokens\n0,1\n", "t.csv"));
  trace_of(spec).format = "azure_llm";
  EXPECT_EQ(
      error_of(spec),
      "t.csv:1: there is no column \"ContextTokens\", which format azure_llm needs; the header has: \"TIMESTAMP\", "
      "\"Tokens\"");
  spec = recorded(write("timestamp,tokens\n0,1\n", "t.csv"));
  trace_of(spec).size_column = "Tokens";
  EXPECT_EQ(
      error_of(spec),
      "t.csv:1: there is no column \"Tokens\", which size_column needs; the header has: \"timestamp\", \"tokens\"");
  EXPECT_EQ(error_of("timestamp,model,model\n0,a,b\n"),
            "t.csv:1: the column \"model\" is there twice; column names must differ");
}

TEST_F(BadTraces, StampsThatAreNoFiniteNumberFromZeroOn) {
  const std::string rule =
      "; stamps are seconds (0 to 4.6e9; other units need unit: ms, us or ns) or wall clocks, all alike";
  EXPECT_EQ(error_of("timestamp\n1\nnan\n"), "t.csv:3: timestamp: \"nan\" is not finite" + rule);
  EXPECT_EQ(error_of("timestamp\n1\ninf\n"), "t.csv:3: timestamp: \"inf\" is not finite" + rule);
  EXPECT_EQ(error_of("timestamp\n-1\n"), "t.csv:2: timestamp: \"-1\" is negative" + rule);
  EXPECT_EQ(error_of("timestamp\nsoon\n"), "t.csv:2: timestamp: \"soon\" is not a number of seconds" + rule);
  EXPECT_EQ(error_of("timestamp,model\n,a\n"), "t.csv:2: timestamp: \"\" is not a number of seconds" + rule);
  EXPECT_EQ(
      error_of("timestamp\n1700046946680\n"),
      "t.csv:2: timestamp: \"1700046946680\" is more than 146 years; by its size this counts ms since 1970: say unit: "
      "ms");
  EXPECT_EQ(
      error_of("timestamp\n2023-11-16 18:15:47\n2023-11-31 18:15:47\n"),
      "t.csv:3: timestamp: \"2023-11-31 18:15:47\" is no date and time of the calendar; a file's stamps are all wall "
      "clocks, like the first row's");
}

TEST_F(BadTraces, CellsThatAreTooManyTooFewOrNoNumbers) {
  EXPECT_EQ(error_of("timestamp,model\n0,a\n1\n"),
            "t.csv:3: the row has 1 cells, the header 2; cells that hold a comma need quotation marks");
  EXPECT_EQ(error_of("timestamp,model\n0,a,b\n"),
            "t.csv:2: the row has 3 cells, the header 2; cells that hold a comma need quotation marks");
  EXPECT_EQ(error_of("timestamp,size\n0,big\n"), "t.csv:2: size: \"big\" is not a number; a size is a number of items");
  for (const char* size : {"0", "-1", "nan", "inf", "1e10"})
    EXPECT_EQ(error_of(std::string("timestamp,size\n0,") + size + "\n"),
              std::string("t.csv:2: size: \"") + size + "\" is outside (0, 1e9]; a size is a number of items");
  EXPECT_EQ(error_of("timestamp,deadline\n0,-2\n"),
            "t.csv:2: deadline: \"-2\" is negative; a deadline is seconds after arrival, empty for none");
}

TEST_F(BadTraces, NulBytesOpenQuotesAndVeryLongLines) {
  EXPECT_EQ(error_of(std::string_view("timestamp,model\n0,a\0b\n", 22)),
            "t.csv:2: the row holds a NUL byte; the file must be plain UTF-8 text (not UTF-16 or binary)");
  EXPECT_EQ(error_of("timestamp,model\n0,a\n1,\"b\n2,c\n"),
            "t.csv:3: a quotation mark is opened and never closed; close it, or double it if it is part of the text");
  EXPECT_EQ(error_of("timestamp,model\n0," + std::string(2 << 20, 'x') + "\n"),
            "t.csv:2: a line is longer than 1 MiB; rows end with a line feed; is this a trace?");
  EXPECT_EQ(error_of("timestamp,model\n0,\"" + std::string(2 << 20, 'x') + "\n"),
            "t.csv:2: a line is longer than 1 MiB; a quotation mark is not closed");
}

TEST_F(BadTraces, CountsThatAreNoWholeNumbersFromZeroOn) {
  EXPECT_EQ(
      error_of("3 4\n5 six 7\n"),
      "t.csv:2: number 4: \"six\" is not a number; counts are whole numbers parted by blanks or line ends, without a "
      "header");
  EXPECT_EQ(error_of("3 -4"), "t.csv:1: number 2: \"-4\" is negative; a count is a whole number, 0 or more");
  EXPECT_EQ(error_of("3 nan"), "t.csv:1: number 2: \"nan\" is not finite; a count is a whole number, 0 or more");
  EXPECT_EQ(error_of("3 1e999"), "t.csv:1: number 2: \"1e999\" is not finite; a count is a whole number, 0 or more");
  EXPECT_EQ(
      error_of("0.25\n0.5\n"),
      "t.csv:1: number 1: \"0.25\" is not a whole number; counts are queries in a second; a list of arrival times "
      "needs the header timestamp");
  EXPECT_EQ(error_of("3 99999999"),
            "t.csv:1: number 2: \"99999999\" is more than 10 000 000 queries in one second; check the unit");
  EXPECT_TRUE(error_of("3 " + std::string(5000, '1') + " 4").starts_with("t.csv:1: number 2: \"1111"))
      << "a long token";
}

TEST_F(BadTraces, SettingsThatFitNoTrace) {
  const auto with = [&](auto change) {
    auto spec = recorded(write("timestamp\n0\n1\n", "t.csv"));
    change(trace_of(spec));
    return error_of(spec);
  };
  EXPECT_EQ(with([](TraceSpec& t) { t.rate_scale.factor = 0; }), "t.csv: rate_scale: 0 is outside (0, 10000]");
  EXPECT_EQ(with([](TraceSpec& t) { t.rate_scale.factor = std::nan(""); }),
            "t.csv: rate_scale: nan is outside (0, 10000]");
  EXPECT_EQ(with([](TraceSpec& t) { t.placement = "random"; }),
            "t.csv: placement: unknown rule \"random\"; known: even, uniform, poisson");
  EXPECT_EQ(with([](TraceSpec& t) {
              t.from = std::chrono::seconds(5);
              t.to = std::chrono::seconds(5);
            }),
            "t.csv: to: 5 s is not after from: 5 s");
  EXPECT_EQ(with([](TraceSpec& t) { t.size_per_unit = 0; }), "t.csv: size_per_unit: 0 is not above 0");
}

TEST_F(BadTraces, WallClocksCannotBeReplayedWithoutRebasing) {
  auto spec = recorded(write("timestamp\n2023-11-16 18:15:47\n", "t.csv"));
  trace_of(spec).rebase = false;
  EXPECT_EQ(
      error_of(spec),
      "t.csv:2: the stamps are wall clocks (2023-11-16 18:15:47), which cannot be replayed with rebase: false; leave "
      "rebase on, or give the stamps in seconds");
}

TEST_F(BadTraces, CountsWithAMapNeedARowForTheRest) {
  auto spec = recorded(write("3 4", "t.csv"));
  trace_of(spec).map = {{"a", "quality"}};
  EXPECT_EQ(error_of(spec),
            "t.csv: counts carry no labels, and the map has no row \"*\"; add \"*\": <model> to the map");
}

}  // namespace
}  // namespace windtunnel::testing
