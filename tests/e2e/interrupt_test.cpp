// Ctrl-C and the progress line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "tests/e2e/program.hpp"

namespace windtunnel::e2e {
namespace interrupt_test {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Waits until the run has opened its files, then a little longer, then sends the signal.
void interrupt(const Workplace& place, int pid, int signal) {
  for (int i = 0; i < 500 && place.left_behind().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_THAT(place.left_behind(), Not(IsEmpty()));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ::kill(pid, signal);
}

TEST(Interrupt, EndsARunWith130AndNothingLeftBehind) {
  for (const int signal : {SIGINT, SIGTERM})
    for (const char* verb : {"run", "compare"}) {
      const Workplace place(endless_scenario());
      const Finished finished = place.run({verb, "scenario.yaml", "-o", "out", "--per-query", "q.csv", "--quiet"},
                                          {.meanwhile = [&](int pid) { interrupt(place, pid, signal); }});
      EXPECT_EQ(finished.exit_code, 130) << verb << finished.err;
      EXPECT_THAT(finished.out, IsEmpty());
      EXPECT_EQ(finished.err, "windtunnel: interrupted; nothing was written\n");
      EXPECT_THAT(place.left_behind(), IsEmpty());
    }
}

TEST(Interrupt, KeepsTheResultsOfAnEarlierRun) {
  const Workplace place(endless_scenario());
  ASSERT_EQ(place.run({"run", "scenario.yaml", "--set", "horizon=10m", "-o", "out"}).exit_code, 0);
  const std::string before = read_file(place.path() / "out/summary.json");
  const Finished finished = place.run({"run", "scenario.yaml", "-o", "out"}, {.meanwhile = [](int pid) {
                                        std::this_thread::sleep_for(std::chrono::seconds(1));
                                        ::kill(pid, SIGINT);
                                      }});
  EXPECT_EQ(finished.exit_code, 130);
  EXPECT_EQ(read_file(place.path() / "out/summary.json"), before);
  EXPECT_THAT(place.left_behind(),
              ElementsAre("out", "out/result.h5", "out/scenario.resolved.yaml", "out/summary.json"));
}

TEST(Progress, IsDrawnOnATerminalAndErased) {
  const Workplace place(endless_scenario());
  const auto stop_soon = [](int pid) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    ::kill(pid, SIGINT);
  };
  const Finished finished = place.run({"run", "scenario.yaml"}, {.terminal = true, .meanwhile = stop_soon});
  EXPECT_EQ(finished.exit_code, 130);
  EXPECT_THAT(finished.err, HasSubstr("queries/s"));
  EXPECT_THAT(finished.err, EndsWith("\r\x1b[Kwindtunnel: interrupted; nothing was written\r\n"));
  EXPECT_LE(std::count(finished.err.begin(), finished.err.end(), '['), 2 * 20);  // ten a second, two brackets each
  const Finished quiet = place.run({"run", "scenario.yaml", "--quiet"}, {.terminal = true, .meanwhile = stop_soon});
  EXPECT_THAT(quiet.err, Not(HasSubstr("queries/s")));
}

TEST(Progress, IsNotDrawnIntoAFile) {
  const Workplace place(small_scenario());
  const Finished finished = place.run({"run", "scenario.yaml", "--set", "horizon=2d"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.err, Not(HasSubstr("\r")));
}

}  // namespace interrupt_test
}  // namespace windtunnel::e2e
