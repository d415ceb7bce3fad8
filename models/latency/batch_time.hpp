// The time of a batch alone on a share of the GPU: by the law or from measurements.
#pragma once

#include <variant>

#include "models/latency/measured_times.hpp"
#include "models/latency/work_span.hpp"

namespace windtunnel {

class BatchTime {
 public:
  BatchTime(WorkSpan law) : form_(law) {}                      // NOLINT(google-explicit-constructor)
  BatchTime(MeasuredTimes table) : form_(std::move(table)) {}  // NOLINT(google-explicit-constructor)

  /// @param share of the SMs it has while it runs, (0, 1]
  [[nodiscard]] double time_s(double items, double share = 1) const;
  /// Full-GPU seconds.
  [[nodiscard]] double work_s(double items) const;
  /// kappa: the share it keeps busy on average when it may use `cap`; at most `cap`.
  [[nodiscard]] double useful_share(double items, double cap = 1) const;

  /// The law, or null for a table.
  [[nodiscard]] const WorkSpan* law() const { return std::get_if<WorkSpan>(&form_); }
  [[nodiscard]] const MeasuredTimes* table() const { return std::get_if<MeasuredTimes>(&form_); }

 private:
  std::variant<WorkSpan, MeasuredTimes> form_;
};

}  // namespace windtunnel
