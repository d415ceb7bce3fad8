// Whatever a manifest holds, the end is a scenario or problems, soon.
#include <gtest/gtest.h>

#include <random>

#include "tests/kubernetes/folder.hpp"

namespace windtunnel::kubernetes::testing {

TEST(ManifestRobustness, EveryCutAndEveryChangedByteEndsWell) {
  const std::string whole = kDeployment + kScaledObject +
                            "version: v1\nsharing: {timeSlicing: {resources: [{name: nvidia.com/gpu, replicas: 4}]}}\n";
  std::mt19937 draw(7);
  const std::string bytes = "{}[]:,-#\"'|>&*!% \n\t0a\xff";
  for (int i = 0; i < 400; ++i) {
    std::string text = whole;
    if (i % 2 == 0) text.resize(draw() % text.size());
    for (int k = 0; k < 3 && !text.empty(); ++k) text[draw() % text.size()] = bytes[draw() % bytes.size()];
    const auto read = scenario_of(text);
    if (!read) {
      EXPECT_FALSE(read.problems().front().text().empty());
    }
  }
}

TEST(ManifestRobustness, EachValueReplacedByOneOfAnotherKindEndsWell) {
  const std::string whole = kDeployment + kScaledObject;
  for (std::size_t at = whole.find(": "); at != std::string::npos; at = whole.find(": ", at + 1)) {
    const std::size_t end = whole.find_first_of(",}\n", at);
    for (const auto* other : {"[]", "{}", "{a: [b]}", "null", "-1", "99999999999999999999", "\"\""}) {
      const auto read = scenario_of(whole.substr(0, at + 2) + other + whole.substr(end));
      if (!read) {
        EXPECT_FALSE(read.problems().front().text().empty());
      }
    }
  }
}

TEST(ManifestRobustness, HugeAndDeepFilesAreRefused) {
  EXPECT_NE(problems_of(std::string((4 << 20) + 1, ' ')).find("bytes is more than a file may have"), std::string::npos);
  std::string deep = "a: ";
  for (int i = 0; i < 100; ++i) deep += "[";
  EXPECT_NE(problems_of(deep).find("nested more than 64 levels deep"), std::string::npos);
  std::string many;
  for (int i = 0; i < 250000; ++i) many += "- 1\n";
  EXPECT_NE(problems_of(many).find("more than 200000 values"), std::string::npos);
}

TEST(ManifestRobustness, TheFuzzersCorpusEndsWell) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator(WINDTUNNEL_SOURCE_DIR "/tests/fuzz/corpus/manifests")) {
    ManifestOptions options;
    options.places = {entry.path()};
    const auto made = load_manifests(options);
    EXPECT_FALSE(made) << "there is no traffic";
    ++read;
  }
  EXPECT_GE(read, 3);
}

TEST(ManifestRobustness, ListsInListsDoNotGoOnForEver) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "{apiVersion: v1, kind: List, items: [";
  for (int i = 0; i < 30; ++i) text += "]}";
  EXPECT_NE(problems_of(text).find("has no Deployment"), std::string::npos);
}

}  // namespace windtunnel::kubernetes::testing
