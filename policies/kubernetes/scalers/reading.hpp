// What one trigger of KEDA says when it is asked.
#pragma once

#include <string>

namespace windtunnel {

struct KedaReading {
  double value = 0;
  bool active = false;
  std::string error;  ///< not empty: the read failed and nothing above means anything
  [[nodiscard]] bool failed() const { return !error.empty(); }
};

}  // namespace windtunnel
