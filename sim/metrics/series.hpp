// A sampled quantity with a fixed number of points.
#pragma once

#include <string>
#include <vector>

namespace windtunnel {

struct Series {
  std::string name, unit;  ///< e.g. "models.quality.backlog", "1"
  double step_s = 0;       ///< width of one point
  std::vector<double> min, mean, max;
};

}  // namespace windtunnel
