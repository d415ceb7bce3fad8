// What comes next in a series of equal steps.
#pragma once

#include <optional>

namespace windtunnel {

class Forecaster {
 public:
  virtual ~Forecaster() = default;
  /// The next value of the series.
  virtual void add(double value) = 0;
  /// The value so many steps after the last one; nothing while there is too little to go by.
  /// @param steps  at least 1
  [[nodiscard]] virtual std::optional<double> ahead(int steps) const = 0;
};

}  // namespace windtunnel
