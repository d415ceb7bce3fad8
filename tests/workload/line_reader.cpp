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

TEST_F(Lines, InOnePassAreThoseOfTheLongWay) {
  std::string content;
  const std::string cells[] = {"a", "", " b ", "1234567.123456", "long cell of thirty-one characters", "\tc", "d e"};
  std::uint32_t draw = 1;
  for (int row = 0; row < 30'000; ++row) {  // three blocks
    for (int cell = 0; cell < 3; ++cell) {
      draw = draw * 1'664'525 + 1'013'904'223;
      content += (cell == 0 ? "" : ",") + cells[(draw >> 16U) % 7];
    }
    content += row % 5 == 0 ? "\r\n" : "\n";
  }
  const Text expected = read(content);
  LineReader lines(TextBuffer(write(content)));
  cells_.resize(3);
  Text seen;
  std::size_t quickly = 0;
  std::span<char> line;
  while (true) {
    const bool quick = lines.next_cells(cells_);
    if (!quick && !lines.next(line)) break;
    if (!quick) split_cells(line, cells_);
    quickly += quick ? 1 : 0;
    seen.push_back(std::to_string(lines.number()) + ":" + std::string(cells_[0]) + "|" + std::string(cells_[1]) + "|" +
                   std::string(cells_[2]));
  }
  EXPECT_EQ(seen, expected);
  EXPECT_GT(quickly, expected.size() / 2) << "lines that begin with a blank or nothing go the long way";
}

TEST_F(Lines, OfAnotherNumberOfCellsOrWithQuotesAreNotTakenInOnePass) {
  cells_.resize(2);
  for (const char* content : {"a\n", "a,b,c\n", " a,b\n", "\na,b\n", "\"a\",b\n", "a,b"}) {
    LineReader lines(TextBuffer(write(content)));
    std::span<char> line;
    EXPECT_FALSE(lines.next_cells(cells_)) << content;
    EXPECT_TRUE(lines.next(line)) << content;
    EXPECT_FALSE(lines.next_cells(cells_)) << "nothing was left: " << content;
  }
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
