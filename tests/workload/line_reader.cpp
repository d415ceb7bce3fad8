#include "sim/workload/line_reader.hpp"

#include "sim/core/error.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

class Lines : public TraceFiles {
 protected:
  /// Every line as "number:cell|cell|...".
  std::vector<std::string> read(std::string_view content) {
    LineReader lines(TextBuffer(write(content)));
    std::vector<std::string> out;
    std::span<char> line;
    while (lines.next(line)) {
      split_cells(line, cells_);
      std::string text = std::to_string(lines.number()) + ":";
      for (std::size_t i = 0; i < cells_.size(); ++i) text += (i == 0 ? "" : "|") + std::string(cells_[i]);
      out.push_back(text);
    }
    return out;
  }
  using Text = std::vector<std::string>;
  std::vector<std::string_view> cells_;
};

TEST_F(Lines, EndsMayBeLfOrCrlfOrMissing) {
  EXPECT_EQ(read("a,b\nc,d\n"), (Text{"1:a|b", "2:c|d"}));
  EXPECT_EQ(read("a,b\r\nc,d\r\n"), (Text{"1:a|b", "2:c|d"}));
  EXPECT_EQ(read("a,b\nc,d"), (Text{"1:a|b", "2:c|d"}));
}

TEST_F(Lines, BlankLinesAndTheByteOrderMarkArePassedOver) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n\n \r\nc,d\n\n\n"),
            (Text{"1:a|b", "4:c|d"}));
}

TEST_F(Lines, EmptyCellsCountAndBlanksAroundCellsDoNot) {
  EXPECT_EQ(read(",\n a , b c ,\t\n"), (Text{"1:|", "2:a|b c|"}));
}

TEST_F(Lines, QuotedCellsHoldCommasQuotesAndLineEnds) {
  EXPECT_EQ(read("\"a,b\",\"say \"\"hi\"\"\"\n\"two\nlines\",d\ne,f\n"),
            (Text{"1:a,b|say \"hi\"", "2:two\nlines|d", "4:e|f"}));
}

TEST_F(Lines, RowsThatCrossBlocksAreWhole) {
  std::string content;
  Text expected;
  for (int i = 0; content.size() < 3 * TextBuffer::kBlock; ++i) {
    const std::string cell(static_cast<std::size_t>(i % 997), static_cast<char>('a' + i % 26));
    content += cell + "," + std::to_string(i) + "\n";
    expected.push_back(std::to_string(i + 1) + ":" + cell + "|" + std::to_string(i));
  }
  EXPECT_EQ(read(content), expected);
}

TEST_F(Lines, GzipIsRecognisedByItsBytesAndGivesTheSameLines) {
  std::string content;
  for (int i = 0; i < 300'000; ++i) content += std::to_string(i * 7) + ",x\n";
  EXPECT_EQ(read(gzipped(content)), read(content));
}

TEST_F(Lines, ALineOfExactlyOneMiBIsReadAndOneByteMoreIsRefused) {
  const std::string mib(LineReader::kMaxLine, 'x');
  EXPECT_EQ(read("a\n" + mib + "\nb\n").size(), 3U);
  try {
    read("a\n" + mib + "x\nb\n");
    FAIL() << "a line over 1 MiB was read";
  } catch (const InputError& error) {
    EXPECT_TRUE(error.error().where.ends_with("trace.csv:2")) << error.what();
    EXPECT_EQ(error.error().what, "a line is longer than 1 MiB");
  }
}

TEST(InQuotes, CutsLongTextAndShowsUnprintableBytes) {
  EXPECT_EQ(in_quotes("ab"), "\"ab\"");
  EXPECT_EQ(in_quotes(std::string_view("a\0b\n", 4)), "\"a\\x00b\\x0a\"");
  EXPECT_EQ(in_quotes(std::string(50, 'x')), "\"" + std::string(40, 'x') + "...\"");
}

}  // namespace
}  // namespace windtunnel::testing
