#include "policies/schedule/scheduled.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <variant>

#include "policies/expression/problem.hpp"
#include "policies/schedule/date.hpp"
#include "policies/smoothing.hpp"
#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr CivilMinutes kFarthestBack = CivilMinutes{1} << 23;  // 16 years: a 29th of February on a Monday

std::string_view without_blanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<Param> ScheduledPolicy::params() {
  return {{.name = "at",
           .type = ParamType::durations,
           .doc = "times of the run, rising; within the period where there is one: [0s, 8h, 20h]",
           .optional = true,
           .min = 0},
          {.name = "replicas",
           .type = ParamType::numbers,
           .doc = "from each of these times on: [2, 6, 2]",
           .optional = true,
           .min = 0,
           .max = kMostReplicas,
           .unit = "replicas"},
          {.name = "period",
           .type = ParamType::duration,
           .doc = "after which the levels begin anew: 24h, 168h",
           .optional = true,
           .min = 0,
           .min_exclusive = true},
          {.name = "calendar",
           .type = ParamType::text,
           .doc = "or times as cron has them, each with its replicas: \"0 8 * * 1-5 = 6; 0 20 * * * = 2\"",
           .optional = true},
          {.name = "begins",
           .type = ParamType::text,
           .doc = "date of time 0 for the calendar: 2025-01-06 or 2025-01-06T08:00",
           .fallback = "2025-01-06",
           .source = "[A] a Monday at midnight"}};
}

std::vector<ScheduledPolicy::Level> ScheduledPolicy::read_calendar(const std::string& text, std::string& problem) {
  std::vector<Level> out;
  std::string_view rest = text;
  while (!rest.empty() && out.size() < 1000) {
    const auto end = rest.find(';');
    const auto entry = without_blanks(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (entry.empty()) continue;
    const auto equals = entry.find('=');
    int replicas = -1;
    if (equals != std::string_view::npos) {
      const auto number = without_blanks(entry.substr(equals + 1));
      const auto done = std::from_chars(number.data(), number.data() + number.size(), replicas);
      if (done.ptr != number.data() + number.size() || replicas > kMostReplicas) replicas = -1;
    }
    if (replicas < 0) {
      problem = expression::in_quotes(entry) + " is no level; write e.g. 0 8 * * 1-5 = 6";
      return {};
    }
    const auto line = without_blanks(entry.substr(0, equals));
    const auto when = CronSchedule::parse(line);
    if (const auto* what = std::get_if<std::string>(&when)) {
      problem = expression::in_quotes(line) + ": " + *what;
      return {};
    }
    out.push_back({.when = std::get<CronSchedule>(when), .replicas = replicas});
  }
  if (out.empty() && problem.empty()) problem = "there is no level in it; write e.g. 0 8 * * 1-5 = 6";
  return out;
}

std::string ScheduledPolicy::check(const ParamSet& params) {
  const bool by_run = params.has("at") || params.has("replicas"), calendar = params.has("calendar");
  if (calendar == by_run)
    return calendar ? "calendar and at/replicas are both given; keep one of the two"
                    : "there is no schedule; write at: [0s, 8h] with replicas: [2, 6], or calendar: \"0 8 * * * = 6\"";
  if (calendar) {
    if (params.has("period")) return "period means nothing with calendar, which repeats by itself; drop it";
    std::string problem;
    read_calendar(params.text("calendar"), problem);
    if (!problem.empty()) return "calendar: " + problem;
    if (!parse_date(params.text("begins")))
      return "begins: \"" + params.text("begins") + "\" is no date; write 2025-01-06 or 2025-01-06T08:00";
    return {};
  }
  if (!params.has("at") || !params.has("replicas")) return "at and replicas belong together; give both";
  const auto& at = params.numbers("at");
  const auto& replicas = params.numbers("replicas");
  if (at.empty() || at.size() != replicas.size())
    return "at has " + std::to_string(at.size()) + " times and replicas " + std::to_string(replicas.size()) +
           " levels; give one level for each time";
  for (const double count : replicas)
    if (count != std::floor(count)) return "replicas: a level is not a whole number; round it";
  for (std::size_t i = 1; i < at.size(); ++i)
    if (!(at[i - 1] < at[i])) return "at: the times do not rise; sort them";
  if (params.has("period") && !(at.back() < params.number("period")))
    return "at: the last time lies beyond the period; lengthen the period or drop the time";
  return {};
}

ScheduledPolicy::ScheduledPolicy(const ParamSet& params) {
  if (params.has("calendar")) {
    std::string problem;
    calendar_ = read_calendar(params.text("calendar"), problem);
    begins_ = parse_date(params.text("begins")).value_or(0);
    SIM_CHECK(problem.empty() && !calendar_.empty(), "a calendar was not checked: " + problem);
    return;
  }
  at_s_ = params.numbers("at");
  for (const double count : params.numbers("replicas")) replicas_.push_back(static_cast<int>(count));
  if (params.has("period")) period_s_ = params.number("period");
}

int ScheduledPolicy::by_run(double now_s) const {
  // A decision at a level's time is to see it: times are nanoseconds, seconds as doubles are not.
  const double slack_s = 0.5e-9;
  const double time_s = period_s_ > 0 ? std::fmod(now_s + slack_s, period_s_) : now_s + slack_s;
  const auto next = std::upper_bound(at_s_.begin(), at_s_.end(), time_s);
  if (next != at_s_.begin()) return replicas_[static_cast<std::size_t>(next - at_s_.begin()) - 1];
  return period_s_ > 0 ? replicas_.back() : replicas_.front();
}

/// What held when the run began: the level whose time came last before it, of two at one minute the later in the list.
void ScheduledPolicy::begin_calendar() {
  begun_ = true;
  level_ = calendar_.front().replicas;
  std::optional<CivilMinutes> latest;
  for (Level& level : calendar_) {
    level.next = level.when.next_after(begins_ - 1);
    // Its last time before: farther and farther back, until one lies between there and here.
    std::optional<CivilMinutes> came;
    for (CivilMinutes back = 1; !came && back < kFarthestBack; back *= 2) {
      auto next = level.when.next_after(begins_ - 1 - back);
      for (; next && *next < begins_; next = level.when.next_after(*next)) came = next;
    }
    if (!came || (latest && *came < *latest)) continue;
    latest = came;
    level_ = level.replicas;
  }
}

int ScheduledPolicy::by_calendar(double now_s) {
  if (!begun_) begin_calendar();
  const CivilMinutes now = begins_ + static_cast<CivilMinutes>(std::floor((now_s + 0.5e-9) / 60));
  std::optional<CivilMinutes> latest;
  for (Level& level : calendar_) {
    while (level.next && *level.next <= now) {
      if (!latest || *level.next >= *latest) {
        latest = level.next;
        level_ = level.replicas;
      }
      level.next = level.when.next_after(*level.next);
    }
  }
  return level_;
}

ScalingDecision ScheduledPolicy::decide(const Observation& seen) {
  const int level = calendar_.empty() ? by_run(seen.now_s) : by_calendar(seen.now_s);
  return {.desired_replicas = level, .reason = "by schedule", .value = static_cast<double>(level)};
}

}  // namespace windtunnel
