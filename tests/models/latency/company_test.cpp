// What busy processes get of the SMs: the law among equals, the fluid among others, never more than there is.
#include "models/latency/company.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "models/latency/work_span.hpp"
#include "models/sharing/water_filling.hpp"
#include "sim/core/rng.hpp"

namespace windtunnel {
namespace {

std::vector<double> granted(const std::vector<Claim>& claims, double total = 1) {
  std::vector<double> out(claims.size());
  granted_shares(claims, total, out);
  return out;
}

TEST(Company, EqualsDivideTheSmsWhateverTheyKeepBusy) {
  for (const double useful : {0.05, 0.4, 0.97})
    for (const double share : granted({{1, useful}, {1, useful}, {1, useful}}, 3.0 / 7))
      EXPECT_NEAR(share, 1.0 / 7, 1e-12) << useful;
}

TEST(Company, CapsThatLeaveRoomAreAllGranted) {
  const auto shares = granted({{0.2, 0.2}, {0.5, 0.45}});
  EXPECT_NEAR(shares[0], 0.2, 1e-12);
  EXPECT_NEAR(shares[1], 0.5, 1e-12);
}

TEST(Company, ALargeBatchBesideASmallOneGetsWhatThatLeaves) {
  const auto shares = granted({{1, 1}, {1, 0.08}});
  EXPECT_NEAR(shares[0], 0.92, 1e-12);
  EXPECT_NEAR(shares[1], 0.5, 1e-12);  // it may use half, and keeps 0.08 busy
}

TEST(Company, NobodyGetsLessThanTheFluidGives) {
  Rng rng(11);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Claim> claims(2 + rng.below(6));
    std::vector<double> wanted;
    for (auto& claim : claims) {
      claim.cap = 0.05 + 0.95 * rng.uniform();
      claim.useful = claim.cap * (0.01 + 0.99 * rng.uniform());
      wanted.push_back(claim.useful);
    }
    std::vector<double> fluid(claims.size());
    water_fill(wanted, fluid);
    const auto shares = granted(claims);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      EXPECT_GE(shares[i], fluid[i] - 1e-12);
      EXPECT_LE(shares[i], claims[i].cap + 1e-12);
    }
  }
}

// Work over time is what a process really keeps busy: together never more than the slice has.
TEST(Company, TheSmsKeptBusyNeverPassTheTotal) {
  Rng rng(7);
  for (int round = 0; round < 2000; ++round) {
    const double total = (1 + rng.below(7)) / 7.0;
    const std::size_t n = 1 + rng.below(8);
    std::vector<WorkSpan> laws;
    std::vector<Claim> claims;
    for (std::size_t i = 0; i < n; ++i) {
      const double a = rng.uniform(), w = rng.uniform(), p = 1 + 14 * rng.uniform(), cap = 0.05 + 0.95 * rng.uniform();
      laws.push_back({.a_s = a, .f_s = 0, .w_s = w, .p = p});
      const double most = std::min(cap, total);
      claims.push_back({most, laws.back().useful_share(1, most)});
    }
    const auto shares = granted(claims, total);
    double busy = 0;
    for (std::size_t i = 0; i < n; ++i) busy += laws[i].work_s(1) / laws[i].time_s(1, shares[i]);
    EXPECT_LE(busy, total + 1e-9);
  }
}

}  // namespace
}  // namespace windtunnel
