#include "sim/scenario/schema.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "policies/policy.hpp"
#include "sim/scenario/tables.hpp"

namespace windtunnel {
namespace schema_test {

using Json = nlohmann::json;

TEST(Schema, ShippedFileIsTheGeneratedOne) {
  const std::filesystem::path file = WINDTUNNEL_SOURCE_DIR "/scenarios/windtunnel.schema.json";
  std::ifstream stream(file);
  ASSERT_TRUE(stream) << "missing; make it with: windtunnel schema > scenarios/windtunnel.schema.json";
  std::stringstream text;
  text << stream.rdbuf();
  EXPECT_EQ(text.str(), json_schema()) << "stale; make it with: windtunnel schema > scenarios/windtunnel.schema.json";
}

TEST(Schema, KnowsEveryKeyOfTheTables) {
  const Json schema = Json::parse(json_schema());
  for (const auto& param : tables::scenario()) EXPECT_TRUE(schema["properties"].contains(param.name)) << param.name;
  const Json& model = schema["properties"]["models"]["additionalProperties"];
  EXPECT_EQ(model["additionalProperties"], false);
  for (const auto& param : tables::model()) EXPECT_TRUE(model["properties"].contains(param.name)) << param.name;
  for (const auto& param : tables::memory())
    EXPECT_TRUE(model["properties"]["memory"]["properties"].contains(param.name)) << param.name;
}

TEST(Schema, HasOneCaseForEachPolicyWithItsParameters) {
  const Json schema = Json::parse(json_schema());
  const Json& cases = schema["properties"]["scaling"]["additionalProperties"]["allOf"];
  ASSERT_EQ(cases.size(), policy_registry().size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto& row = policy_registry()[i];
    EXPECT_EQ(cases[i]["then"]["properties"]["policy"]["const"], row.name);
    for (const auto& param : row.params)
      EXPECT_TRUE(cases[i]["then"]["properties"].contains(param.name)) << row.name << "." << param.name;
  }
}

TEST(Listing, EveryKindHasThingsAndEachThingItsPage) {
  for (const auto kind : list_kinds()) {
    const auto all = list_json(kind);
    ASSERT_TRUE(all) << kind;
    const Json items = Json::parse(*all);
    ASSERT_FALSE(items.empty()) << kind;
    for (const auto& item : items) {
      EXPECT_FALSE(item["doc"].get<std::string>().empty()) << kind << " " << item["name"];
      const auto page = list_text(kind, item["name"].get<std::string>());
      ASSERT_TRUE(page) << kind << " " << item["name"];
    }
  }
}

TEST(Listing, TextFitsEightyColumns) {
  for (const auto kind : list_kinds()) {
    if (kind == "profiles") continue;  // a profile's page shows YAML lines as they are
    const Json items = Json::parse(*list_json(kind));
    std::string text = *list_text(kind);
    for (const auto& item : items) text += *list_text(kind, item["name"].get<std::string>());
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const bool is_long_name = line.find(' ') == std::string::npos;  // kept whole
      EXPECT_TRUE(is_long_name || line.size() <= 80u) << line;
    }
  }
}

TEST(Listing, PagesShowTypeLimitsDefaultAndSource) {
  const auto page = list_text("policies", "backlog_time");
  ASSERT_TRUE(page);
  EXPECT_NE(page->find("  target: duration, above 0s; default 5s\n"), std::string::npos) << *page;
  EXPECT_NE(page->find("source: [A]"), std::string::npos);
  EXPECT_NE(page->find("  scrape_interval: duration, at least 0s; default 15s\n"), std::string::npos) << *page;
}

TEST(Listing, UnknownKindsAndNamesGiveTheNearest) {
  EXPECT_EQ(list_text("polices").problems()[0].text().substr(0, 54),
            "list: unknown kind \"polices\"; did you mean \"policies\"?");
  EXPECT_NE(list_json("gpus", "A10H")
                .problems()[0]
                .text()
                .find("list gpus: nothing is called \"A10H\"; did you mean \"A10\""),
            std::string::npos);
}

}  // namespace schema_test
}  // namespace windtunnel
