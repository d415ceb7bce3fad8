// Values of a block: what was given, what is a default, what was never declared.
#include "sim/core/param.hpp"

#include <gtest/gtest.h>

#include <array>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

TEST(ParamSet, TellsTheGivenFromTheDefaultFromTheAbsent) {
  ParamSet params;
  params.set("target", 5.0, false);
  params.set("min", 1.0, true);
  EXPECT_TRUE(params.has("target"));
  EXPECT_FALSE(params.given("target"));
  EXPECT_TRUE(params.given("min"));
  EXPECT_FALSE(params.has("max"));
  EXPECT_FALSE(params.given("max"));
}

TEST(ParamSet, ReadsSecondsAsDurationAndBytesRounded) {
  ParamSet params;
  params.set("wait", 0.05, true);
  params.set("weights", 2.03 * 1e9, true);  // 2029999999.9999998 in doubles
  EXPECT_EQ(params.duration("wait"), std::chrono::milliseconds(50));
  EXPECT_EQ(params.bytes("weights"), Bytes{2'030'000'000});
}

TEST(ParamSet, ReadingWhatWasNeverDeclaredIsABugThatNamesIt) {
  const ParamSet params;
  try {
    (void)params.number("tolerence");
    FAIL() << "read a parameter that is not there";
  } catch (const InternalError& error) {
    EXPECT_NE(std::string(error.what()).find("\"tolerence\""), std::string::npos);
  }
}

TEST(FindEntry, FindsByNameAndSaysWhenThereIsNone) {
  using Make = int (*)();
  const std::array<RegistryEntry<Make>, 2> rows{
      {{"a", "first", {}, [] { return 1; }}, {"b", "second", {}, [] { return 2; }}}};
  const auto* found = find_entry<Make>(rows, "b");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->make(), 2);
  EXPECT_EQ(find_entry<Make>(rows, "c"), nullptr);
}

}  // namespace
}  // namespace windtunnel
