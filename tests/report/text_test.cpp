#include <gtest/gtest.h>

#include "sim/report/text_table.hpp"
#include "sim/report/text_width.hpp"
#include "tests/report/example.hpp"

namespace windtunnel {
namespace text_test {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("gr\xc3\xbc\xc3\x9f"
                          "e"),
            5);
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);  // two wide characters
  EXPECT_EQ(display_width("e\xcc\x81"), 1);                 // a combining accent
  EXPECT_EQ(display_width("\xf0\x9f\x9a\x80"), 2);          // an emoji
  EXPECT_EQ(display_width("a\xff\xc3"), 3);                 // broken bytes show as '?'
}

TEST(Fit, CutsAtACharacterWithAnEllipsis) {
  EXPECT_EQ(fit("room-scene", 10), "room-scene");
  EXPECT_EQ(fit("room-scene", 6), "room-\xe2\x80\xa6");
  EXPECT_EQ(display_width(fit("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4)), 3);  // a wide character does not fit in half
  EXPECT_EQ(fit("a\x1b[31mb", 20), "a?[31mb");                                  // no terminal colours from a name
}

TEST(Wrap, BreaksAtSpacesAndIndents) {
  EXPECT_EQ(wrap("one two three", 8, 2), "one two\n  three");
  EXPECT_EQ(wrap("abcdefgh", 4, 1), "abcd\n efg\n h");
  EXPECT_LE(testing::widest_line(wrap(std::string(500, 'x') + " " + std::string(79, 'y'), 80, 2)), 80);
}

TEST(TextTable, AlignsFiguresAndKeepsWholeFiguresWhenNamesGiveWay) {
  TextTable table({"name", "first\nline", "n"});
  table.add_row({"short", "1", "22"});
  table.add_row({"a-very-long-name-that-does-not-fit", "333", "4"});
  table.add_heading("heading");
  const std::string text = table.render(24);
  EXPECT_EQ(text,
            "                first\n"
            "name             line  n\n"
            "short               1 22\n"
            "a-very-long-na\xe2\x80\xa6   333  4\n"
            "heading\n");
}

}  // namespace text_test
}  // namespace windtunnel
