// The verdict of `expect`: bounds on figures of the summary, judged by their intervals over replications.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/figure.hpp"
#include "sim/scenario/scenario.hpp"

namespace windtunnel {

/// met: the whole 95 % interval lies inside the bound. missed: the value lies beyond it. unsure: the value lies inside,
/// its interval crosses; more replications may show it. unmeasured: nothing to judge by. All but met count as not met.
enum class Outcome { met, missed, unsure, unmeasured };

std::string_view to_string(Outcome outcome);

/// One expectation and what became of it.
struct Judgement {
  ExpectSpec asked;
  Figure measured;
  Outcome outcome = Outcome::unmeasured;
  /// In the metric's unit. How far the value lies beyond the bound when missed, the end of its interval when unsure, 0
  /// when met, NaN when there was nothing to measure it by.
  double missing_by = 0;
};

struct Verdict {
  std::string scenario, variant;  ///< variant is empty for the file as it stands
  std::string file, digest;
  std::uint64_t seed = 0, replications = 1;
  std::vector<Judgement> judgements;  ///< in the order of the file
  std::vector<std::string> notes;     ///< the summary's
  [[nodiscard]] bool is_met() const;
  [[nodiscard]] std::size_t count(Outcome outcome) const;
};

/// Judges one figure. NaN for its half-width is an interval that nobody knows: it then cannot be met, unless
/// `value_alone`.
/// @param value_alone  there is one replication, so no interval to ask for
Judgement judge(const ExpectSpec& asked, const Figure& measured, bool value_alone);

/// Judges every expectation of a scenario on its merged summary. @param variant  for its head; may be empty
Verdict judge(const Scenario& scenario, const nlohmann::ordered_json& summary, std::string_view variant = {});

}  // namespace windtunnel
