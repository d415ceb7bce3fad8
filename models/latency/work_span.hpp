// The work-span law: how long one batch takes on a share of the SMs, alone or among equals.
#pragma once

namespace windtunnel {

/// Brent's bound for parallel work, smoothed by a p-norm, for b items on a share s beside n - 1 identical busy
/// processes:
///   span  F = a + f b       launch path and the critical path of each item; no SM shortens it
///   work  C = n w b / s     full-GPU seconds, divided by the share
///   t = (F^p + C^p)^(1/p)   p = 1 adds them, p -> infinity takes the larger
/// w = 0 leaves a + f b, the linear batch curve, whatever the share.
struct WorkSpan {
  double a_s = 0;  ///< >= 0
  double f_s = 0;  ///< for each item, >= 0
  double w_s = 0;  ///< for each item on the whole GPU, >= 0
  double p = 1;    ///< [1, 15]

  [[nodiscard]] double span_s(double items) const { return a_s + f_s * items; }
  /// Full-GPU seconds of a batch.
  [[nodiscard]] double work_s(double items) const { return w_s * items; }
  /// Time of a batch. @param share (0, 1]  @param processes identical busy ones, this one included
  [[nodiscard]] double time_s(double items, double share = 1, double processes = 1) const;
  /// kappa: the share a batch keeps busy on average when it may use `cap`: work / time, at most `cap`.
  [[nodiscard]] double useful_share(double items, double cap = 1) const;
};

/// (x^p + y^p)^(1/p) for x, y >= 0, without overflow for large p.
double p_norm(double x, double y, double p);

}  // namespace windtunnel
