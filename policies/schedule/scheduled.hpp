// scheduled: replicas by the clock.
#pragma once

#include <string>
#include <vector>

#include "policies/kubernetes/scalers/cron_schedule.hpp"
#include "policies/policy.hpp"

namespace windtunnel {

/// Levels at times of the run (`at`, `replicas`, with `period` again and again), or at times of a calendar
/// (`calendar`). The level whose time came last holds; before the first time of all it is the last one of the period
/// before, or the first where there is no period.
class ScheduledPolicy final : public ScalingPolicy {
 public:
  static constexpr std::string_view kName = "scheduled";
  static constexpr std::string_view kDoc = "replicas by the clock: levels at times of the run, or of a calendar";
  static std::vector<Param> params();
  static std::string check(const ParamSet& params);

  explicit ScheduledPolicy(const ParamSet& params);
  ScalingDecision decide(const Observation& seen) override;

 private:
  struct Level {
    CronSchedule when;
    int replicas;
    std::optional<CivilMinutes> next = {};  ///< its next time, not come yet
  };
  /// "0 8 * * 1-5 = 6; 0 20 * * * = 2". @param problem  set where it is no such list
  static std::vector<Level> read_calendar(const std::string& text, std::string& problem);
  [[nodiscard]] int by_run(double now_s) const;
  int by_calendar(double now_s);
  void begin_calendar();

  std::vector<double> at_s_;
  std::vector<int> replicas_;
  double period_s_ = 0;  // 0: once
  std::vector<Level> calendar_;
  CivilMinutes begins_ = 0;
  bool begun_ = false;
  int level_ = 0;
};

}  // namespace windtunnel
