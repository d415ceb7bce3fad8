// Equations of two published systems, which the functions here must be able to say.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "models/fit/fit_work_span.hpp"
#include "models/latency/contention.hpp"
#include "models/latency/noise.hpp"

namespace windtunnel {
namespace {

// iGniter (Xu et al., TPDS 2023), V100: k_act = (k1 b^2 + k2 b + k3) / (r + k4) + k5 ms at r per cent of the threads;
// k1..k5 refitted to the authors' solo points.
struct Igniter {
  const char* name;
  double k1, k2, k3, k4, k5, kernels, alpha_cache;
  [[nodiscard]] double active_ms(double b, double r) const { return (k1 * b * b + k2 * b + k3) / (r + k4) + k5; }
};
constexpr Igniter kIgniterResnet{"resnet50", -0.01751, 58.23817, -0.09212, 0.34, 1.91579, 80, 0.00216306};
constexpr Igniter kIgniterSsd{"ssd", 0.02515, 235.75265, -17.06398, 0.26, 3.43976, 93, 0.00228086};

TEST(Igniter, ItsActiveTimeIsAWorkSpanLawWithPOne) {
  for (const auto& model : {kIgniterResnet, kIgniterSsd}) {
    std::vector<Measurement> rows;
    for (const double b : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0})
      for (const double r : {10.0, 20.0, 50.0, 100.0}) {
        Measurement row;
        row.items = b;
        row.share = r / 100;
        row.time_s = model.active_ms(b, r) * 1e-3;
        rows.push_back(row);
      }
    const auto fit = fit_work_span(rows);
    ASSERT_TRUE(fit);
    EXPECT_LT(fit->mape, 0.03) << model.name;
    EXPECT_LT(fit->law.p, 1.2) << model.name;
    EXPECT_NEAR(fit->law.a_s * 1e3, model.k5, 0.25 * model.k5) << model.name;
    EXPECT_NEAR(fit->law.w_s * 1e3, model.k2 / 100, 0.05 * model.k2 / 100) << model.name;
  }
}

// t_sch grows by alpha_sch |I| + beta_sch for each kernel when |I| > 1 are there; k_act by alpha_cache for each per
// cent of L2 that the others use, which is linear in their items a second.
TEST(Igniter, ItsSchedulerAndCacheTermsAreLaunchAndPressure) {
  const double alpha_sch = 0.00475e-3, beta_sch = -0.00902e-3;  // s a kernel
  const double l2_slope = 0.02196, l2_icpt = -0.18994;          // per cent, of ResNet-50's items a second
  const double active_s = kIgniterSsd.active_ms(4, 50) * 1e-3, scheduler_s = 0.1478772e-3;
  const double partner_rate = 4 / (kIgniterResnet.active_ms(4, 50) * 1e-3);
  const double cache = kIgniterSsd.alpha_cache * (l2_slope * partner_rate + l2_icpt);
  const double theirs = scheduler_s + (2 * alpha_sch + beta_sch) * kIgniterSsd.kernels + active_s * (1 + cache);
  const double solo = scheduler_s + active_s;
  // The same in the linear form: a launch delay, an offset, and a pressure on the active part.
  const Contention own{.slowdown = kIgniterSsd.alpha_cache * l2_icpt * active_s / solo,
                       .launch_s = (2 * alpha_sch + beta_sch) * kIgniterSsd.kernels};
  const double pressure = kIgniterSsd.alpha_cache * l2_slope * active_s / solo * partner_rate;
  EXPECT_NEAR(contention_factor(own, {.items = 4, .time_s = solo, .partners = 1, .pressure = pressure}) * solo, theirs,
              1e-12);
  EXPECT_GT(theirs, solo);
}

// gpulets (Choi et al., ATC 2022), RTX 2080 Ti: 0.1129 L2_me q_me + 0.7160 L2_other q_other + 0.3549 DRAM_me q_me +
// 0.0882 DRAM_other q_other + 0.8954.
TEST(Gpulets, ItsRegressionIsOffsetExposureAndPressure) {
  const double mine = 0.112908 * 0.3 * 0.5 + 0.354866 * 0.4 * 0.5;
  const double others = 0.71596 * 0.2 * 0.5 + 0.088204 * 0.6 * 0.5;
  const double published = mine + others + 0.895369;
  // Utilisation is proportional to items a second: per item of a batch of 8 in 20 ms.
  const Contention own{.slowdown = 0.895369 - 1, .exposure_s = mine / (8 / 20e-3)};
  EXPECT_NEAR(contention_factor(own, {.items = 8, .time_s = 20e-3, .partners = 1, .pressure = others}), published,
              1e-12);
}

TEST(Contention, IsExactlyOneAloneAndNeverASpeedUp) {
  const Contention own{.slowdown = -0.5, .launch_s = 1, .exposure_s = 1};
  EXPECT_EQ(contention_factor(own, {.items = 4, .time_s = 1, .partners = 0, .pressure = 3}), 1);
  EXPECT_EQ(contention_factor({.slowdown = -0.5}, {.items = 1, .time_s = 1, .partners = 1, .pressure = 0}), 1);
}

TEST(Noise, InCompanyIsTheSameQuantileOfAWiderLaw) {
  const double solo = std::sqrt(std::log1p(0.01 * 0.01)), company = std::sqrt(std::log1p(0.03 * 0.03));
  for (const double z : {-2.0, 0.0, 1.5})
    EXPECT_NEAR(noise_in_company(std::exp(solo * z - solo * solo / 2), 0.01, 0.03),
                std::exp(company * z - company * company / 2), 1e-12);
  EXPECT_DOUBLE_EQ(noise_in_company(1.7, 0.2, 0.0), 1.0);
}

}  // namespace
}  // namespace windtunnel
