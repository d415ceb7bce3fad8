// Figures by which a recording and a process that stands for it are held side by side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/workload/arrival_source.hpp"

namespace windtunnel {

/// One figure; NaN where there is nothing to say.
struct ArrivalFigure {
  std::string name;
  double value = 0;
};

/// Of all queries up to `until`: mean rate, index of dispersion of the counts in 1 s and 60 s, gaps' coefficient of
/// variation, largest count over the mean in 1 s and 60 s, autocorrelation of the minute counts one and ten minutes
/// apart, and quantiles of the counts in 10 s and in a minute. Last, partial windows are left out. Minutes are widened
/// where there would be over 2^20 of them, and the names say so.
std::vector<ArrivalFigure> arrival_figures(ArrivalSource& source, SimTime until);

/// The mean of each figure over several runs.
std::vector<ArrivalFigure> mean_figures(const std::vector<std::vector<ArrivalFigure>>& runs);

}  // namespace windtunnel
