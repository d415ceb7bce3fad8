// Small rules of pods: restart back-off, scheduler back-off, exit status, probe ticks.
#include <gtest/gtest.h>

#include "sim/cluster/exit_status.hpp"
#include "sim/cluster/probe_ticks.hpp"
#include "sim/cluster/restart_backoff.hpp"
#include "sim/cluster/scheduler_backoff.hpp"

namespace windtunnel {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

std::vector<std::int64_t> waits(RestartBackoff backoff, const std::vector<Duration>& runs) {
  std::vector<std::int64_t> out;
  SimTime now{};
  for (const Duration run : runs) {
    now += run;
    const Duration wait = backoff.finished(now);
    out.push_back(wait.count() / 1'000'000'000);
    now += wait;
    backoff.restarted(now);
  }
  return out;
}

TEST(RestartBackoff, TheFirstIsImmediateThenTenSecondsDoublingToFiveMinutes) {
  EXPECT_EQ(waits({}, std::vector<Duration>(9, seconds(1))),
            (std::vector<std::int64_t>{0, 10, 20, 40, 80, 160, 300, 300, 300}));
}

TEST(RestartBackoff, IsForgottenAfterARunStrictlyLongerThanTenMinutes) {
  const auto run = [](Duration length) { return waits({}, {seconds(5), seconds(5), length, seconds(5)}); };
  EXPECT_EQ(run(seconds(600)), (std::vector<std::int64_t>{0, 10, 20, 40}));
  EXPECT_EQ(run(seconds(600) + nanoseconds(1)), (std::vector<std::int64_t>{0, 10, 0, 10}));
}

TEST(RestartBackoff, KeepsToTheCapsOfKep4603) {
  EXPECT_EQ(waits({seconds(1), seconds(60), seconds(600)}, std::vector<Duration>(9, seconds(1))),
            (std::vector<std::int64_t>{0, 1, 2, 4, 8, 16, 32, 60, 60}));
  // A cap below the base lowers the base.
  EXPECT_EQ(waits({seconds(10), seconds(3), seconds(600)}, std::vector<Duration>(3, seconds(1))),
            (std::vector<std::int64_t>{0, 3, 3}));
}

TEST(SchedulerBackoff, DoublesFromOneSecondToTen) {
  std::vector<std::int64_t> out;
  for (std::uint32_t n = 1; n <= 7; ++n) out.push_back(scheduler_backoff(n) / seconds(1));
  EXPECT_EQ(out, (std::vector<std::int64_t>{1, 2, 4, 8, 10, 10, 10}));
  EXPECT_EQ(scheduler_backoff(4'000'000'000U), seconds(10));  // and does not run over
  EXPECT_EQ(scheduler_backoff(3, seconds(5), seconds(2)), seconds(2));
}

TEST(ExitStatus, TellsTheDeathsApart) {
  const auto text = [](ContainerEnd end) {
    const ExitStatus status = exit_status(end);
    return std::to_string(status.code) + " " + std::string(status.reason);
  };
  EXPECT_EQ(text(ContainerEnd::clean_exit), "0 Completed");
  EXPECT_EQ(text(ContainerEnd::sigterm_default_action), "143 Error");
  EXPECT_EQ(text(ContainerEnd::grace_period_overrun), "137 Error");
  EXPECT_EQ(text(ContainerEnd::memory_cgroup_limit), "137 OOMKilled");
  EXPECT_EQ(text(ContainerEnd::cuda_oom_uncaught), "1 Error");
  EXPECT_EQ(exit_status(ContainerEnd::other_error, 139).code, 139);
  EXPECT_EQ(exit_status(ContainerEnd::other_error, 0).reason, "Completed");
}

TEST(ProbeTicks, AnInstantOnATickIsThatTick) {
  const SimTime first{seconds(7)};
  EXPECT_EQ(tick_at_or_after(first, seconds(10), SimTime{seconds(3)}), first);
  EXPECT_EQ(tick_at_or_after(first, seconds(10), SimTime{seconds(17)}), SimTime{seconds(17)});
  EXPECT_EQ(tick_at_or_after(first, seconds(10), SimTime{seconds(17) + nanoseconds(1)}), SimTime{seconds(27)});
}

}  // namespace
}  // namespace windtunnel
