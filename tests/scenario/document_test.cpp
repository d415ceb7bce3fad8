#include "sim/scenario/document.hpp"

#include <gtest/gtest.h>

namespace windtunnel {
namespace document_test {

std::string problem(std::string_view text) {
  const auto result = parse_document(text, "x.yaml");
  return result ? "" : result.problems().front().text();
}

TEST(Document, KeepsOrderLinesAndQuotes) {
  const auto root = parse_document("b: 1\na:\n  c: \"1\"\n", "x.yaml");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->entries[0].key, "b");
  EXPECT_FALSE(root->find("b")->quoted);
  const Node* c = root->find("a")->find("c");
  EXPECT_TRUE(c->quoted);
  EXPECT_EQ(c->place(), "x.yaml:3");
}

TEST(Document, ReportsEveryDuplicateKeyWithItsLine) {
  const auto result = parse_document("a: 1\na: 2\nb: {c: 1, c: 2}\n", "x.yaml");
  ASSERT_FALSE(result);
  ASSERT_EQ(result.problems().size(), 2u);
  EXPECT_EQ(result.problems()[0].text(), "x.yaml:2: duplicate key \"a\"; keep one of the two");
  EXPECT_EQ(result.problems()[1].text(), "x.yaml:3: duplicate key \"c\"; keep one of the two");
}

TEST(Document, ExpandsAliases) {
  const auto root = parse_document("a: &x {n: 1}\nb: *x\n", "x.yaml");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find("b")->find("n")->text, "1");
}

TEST(Document, RefusesAnAliasOfItself) {
  EXPECT_EQ(problem("a: &x [*x]\n"), "x.yaml:1: an alias refers to the value it stands in; write the value out");
}

TEST(Document, RefusesTabsInIndentation) {
  EXPECT_EQ(problem("a:\n\tb: 1\n"), "x.yaml:2: a tab indents this line; YAML indents with spaces");
}

TEST(Document, RefusesASecondDocument) {
  EXPECT_EQ(problem("a: 1\n---\nb: 2\n"),
            "x.yaml:2: a second document begins here; keep one document in a file: remove the \"---\"");
}

TEST(Document, TakesOneDocumentMarker) {
  EXPECT_EQ(problem("---\na: 1\n"), "");
}

TEST(Document, RefusesEmptyText) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "~", "---\n"})
    EXPECT_EQ(problem(text), "x.yaml: is empty; a scenario begins with `schema: 1`") << text;
}

TEST(Document, RefusesBinaryJunkByItsLine) {
  EXPECT_EQ(problem(std::string_view("a: 1\nb: \0\n", 10)),
            "x.yaml:2: holds the control byte 0x00; the file must be plain UTF-8 text");
  EXPECT_EQ(problem("a: 1\nb: \xff\xfe\n"), "x.yaml:2: is not UTF-8; the file must be plain UTF-8 text");
  EXPECT_EQ(problem(std::string_view("\x89PNG\r\n\x1a\n", 8)),
            "x.yaml:1: is not UTF-8; the file must be plain UTF-8 text");
}

TEST(Document, RefusesTagsAndKeysThatAreNoNames) {
  EXPECT_NE(problem("a: !!int \"5\"\n").find("tag <tag:yaml.org,2002:int> is not known here"), std::string::npos);
  EXPECT_NE(problem("? [a, b]\n: 1\n").find("a key is a list, not a name"), std::string::npos);
}

TEST(Document, RefusesNestingDeeperThanSixtyFour) {
  std::string deep(65, '[');
  EXPECT_EQ(problem("a: " + deep),
            "x.yaml:1: nested more than 64 levels deep; no file read here needs more than twenty");
  std::string fine = "a: " + std::string(63, '[') + std::string(63, ']');
  EXPECT_EQ(problem(fine), "");
}

TEST(Document, WindowsLineEndsAndByteOrderMarkAreFine) {
  const auto root = parse_document(
      "\xef\xbb\xbf"
      "a: 1\r\nb:\r\n  c: x\r\n",
      "x.yaml");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->find("b")->find("c")->text, "x");
  EXPECT_EQ(root->find("b")->find("c")->line, 3);
}

TEST(Document, BrokenYamlNamesItsLine) {
  EXPECT_EQ(problem("a: 1\nb: [1, 2\nc: 3\n").substr(0, 24), "x.yaml:3: is not YAML: e");
}

TEST(Document, WritesWhatReadsBackTheSame) {
  const char* text =
      "a: {b: [1, 2, {c: \"x: y\"}], d: \"\"}\n\"k.1\": \"* #\"\ne:\n  - f: {g: [a, [b, c]]}\n    h: "
      "\"a\\n\\\"b\\\"\"\n  - []\n  - {}\n";
  const auto first = parse_document(text, "x.yaml");
  ASSERT_TRUE(first);
  const std::string written = write_document(*first);
  const auto second = parse_document(written, "y.yaml");
  ASSERT_TRUE(second) << written;
  EXPECT_EQ(write_document(*second), written);
  EXPECT_EQ(write_flow(*second), write_flow(*first));
}

}  // namespace document_test
}  // namespace windtunnel
