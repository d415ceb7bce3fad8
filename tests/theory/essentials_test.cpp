// A few exact values, typed in with their source, so that the repository alone checks theory.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/theory/check_case.hpp"

namespace windtunnel::theory {
namespace {

Quantity relative(const char* of, double value, double delta) {
  return {.name = of,
          .target = value,
          .tolerance = ToleranceKind::relative,
          .delta = delta,
          .measure = {.kind = "job_mean", .of = of}};
}

Quantity share(const char* kind, const char* of, double value, double delta, std::optional<double> at_s = {}) {
  return {.name = of,
          .target = value,
          .tolerance = ToleranceKind::absolute,
          .delta = delta,
          .measure = {.kind = kind, .of = of, .at_s = at_s}};
}

OracleCase make_case(const char* family, const char* parameters, double warm_up_s, double measured_s,
                     std::vector<Quantity> quantities) {
  // 30 replications; k = 5 keeps the chance of any false alarm among these twenty-odd comparisons below 0.001.
  return {.id = family,
          .family = family,
          .kind = "steady_state",
          .parameters = nlohmann::json::parse(parameters),
          .plan = {.replications = 30, .k = 5, .warm_up_s = warm_up_s, .measured_s = measured_s},
          .quantities = std::move(quantities)};
}

void expect_all_pass(const OracleCase& oracle) {
  const auto report = check_case(oracle, {});
  for (const auto& row : report.rows) {
    EXPECT_EQ(row.state, RowState::passed) << row.name << ": expected " << row.target << ", seen " << row.seen.mean
                                           << ", SE " << row.seen.error << ", " << row.note;
  }
}

// Erlang C with 8 servers at utilization 0.9 (Kleinrock, Queueing Systems I, 1975, sec. 3.5): P(wait) = 0.70153, mean
// wait 0.8769 s, response time median 1.489 s, 95th percentile 4.925 s, 99th 7.087 s.
TEST(Essentials, MM8AgreesWithErlangC) {
  expect_all_pass(
      make_case("M/M/c", R"({
      "arrivals": {"kind": "poisson", "rate_per_s": 7.2}, "service": {"law": "exp", "mean_s": 1, "scv": 1},
      "servers": 8, "capacity": null, "discipline": "fcfs", "initial": {"jobs": 0}})",
                1000, 30000,
                {relative("wait", 0.8769, 0.1), relative("sojourn", 1.8769, 0.05),
                 share("job_fraction", "waits", 0.70153, 0.02), share("job_cdf", "sojourn", 0.5, 0.02, 1.489),
                 share("job_cdf", "sojourn", 0.95, 0.01, 4.925), share("job_cdf", "sojourn", 0.99, 0.005, 7.087)}));
}

// Pollaczek-Khinchine (Kleinrock 1975, sec. 5.6): E[W] = lambda E[S^2] / (2 (1 - rho)).
TEST(Essentials, MD1AgreesWithPollaczekKhinchine) {
  const double rate = 16, service = 0.05, rho = rate * service;
  const double wait = rate * service * service / (2 * (1 - rho));
  expect_all_pass(make_case("M/D/c", R"({
      "arrivals": {"kind": "poisson", "rate_per_s": 16}, "service": {"law": "det", "mean_s": 0.05, "scv": 0},
      "servers": 1, "capacity": null, "discipline": "fcfs", "initial": {"jobs": 0}})",
                            46, 6000,
                            {relative("wait", wait, 0.04), relative("sojourn", wait + service, 0.03),
                             share("job_fraction", "waits", rho, 0.01), share("job_cdf", "wait", 1 - rho, 0.01, 0.0)}));
}

// Insensitivity of processor sharing (Kleinrock, Queueing Systems II, 1976, sec. 4.4): E[T | work x] = x / (1 - rho)
// whatever the law of work, so mean slowdown is 1 / (1 - rho) too.
TEST(Essentials, ProcessorSharingDoesNotDependOnTheLawOfWork) {
  const double rho = 0.7;
  for (const char* service :
       {R"({"law": "exp", "mean_s": 0.1, "scv": 1})", R"({"law": "logn", "mean_s": 0.1, "scv": 4})",
        R"({"law": "det", "mean_s": 0.1, "scv": 0})"}) {
    const auto parameters = std::string(R"({"arrivals": {"kind": "poisson", "rate_per_s": 7}, "service": )") + service +
                            R"(, "servers": 1, "capacity": null, "discipline": "processor_sharing",
        "initial": {"jobs": 0}, "phi": {"kind": "constant", "rate": 1, "first_values": [1, 1]},
        "concurrency_limit": null})";
    expect_all_pass(make_case("M/G/1-PS", parameters.c_str(), 190, 15000,
                              {relative("sojourn", 0.1 / (1 - rho), 0.05), relative("slowdown", 1 / (1 - rho), 0.05)}));
  }
}

// Erlang B (Gross et al., Fundamentals of Queueing Theory, 2008, sec. 2.5), by B(k) = a B(k-1) / (k + a B(k-1)).
TEST(Essentials, LossSystemAgreesWithErlangB) {
  double blocking = 1;
  for (int k = 1; k <= 10; ++k) blocking = 8 * blocking / (k + 8 * blocking);
  expect_all_pass(make_case("M/G/c/c", R"({
      "arrivals": {"kind": "poisson", "rate_per_s": 40}, "service": {"law": "logn", "mean_s": 0.2, "scv": 4},
      "servers": 10, "capacity": 10, "discipline": "fcfs", "initial": {"jobs": 0}})",
                            20, 2000, {share("job_fraction", "rejected", blocking, 0.005)}));
}

// Round robin without switches at a small slice is processor sharing: E[T] = E[S] / (1 - rho). And whatever the slice,
// with exponential work the number present is that of M/M/1 (no discipline that does not look at the work left changes
// it), so E[T] = 0.1 / (1 - 0.6) even at a slice of a fifth of the mean.
TEST(Essentials, TurnsWithoutSwitchesKeepTheMeanOfMM1) {
  expect_all_pass(make_case("M/M/1 round robin with switch cost", R"({
      "arrivals": {"kind": "poisson", "rate_per_s": 6}, "service": {"law": "exp", "mean_s": 0.1, "scv": 1},
      "servers": 1, "capacity": null, "discipline": "round_robin", "initial": {"jobs": 0},
      "quantum_s": 0.02, "switch_s": 0, "switch_when": "next_slice_is_another_job"})",
                            40, 8000, {relative("sojourn", 0.25, 0.04)}));
}

// Breakdowns whose work resumes (White & Christie, Oper. Res. 6, 1958; Mitrani & Avi-Itzhak, Oper. Res. 16, 1968):
// L = lambda / (A mu - lambda) (1 + mu xi / (xi + eta)^2), A = eta / (xi + eta).
TEST(Essentials, BreakdownsAgreeWithMitraniAndAviItzhak) {
  const double lambda = 5, mu = 10, xi = 1.0 / 20, eta = 1, up = eta / (xi + eta);
  const double present = lambda / (up * mu - lambda) * (1 + mu * xi / ((xi + eta) * (xi + eta)));
  expect_all_pass(make_case("M/M/1 with breakdowns", R"({
      "arrivals": {"kind": "poisson", "rate_per_s": 5}, "service": {"law": "exp", "mean_s": 0.1, "scv": 1},
      "servers": 1, "capacity": null, "discipline": "fcfs", "initial": {"jobs": 0, "server": "up"},
      "failures": {"up": {"law": "exp", "mean_s": 20, "scv": 1}, "down": {"law": "exp", "mean_s": 1, "scv": 1},
                   "clock": "always", "effect": "resume_job"}})",
                            200, 20000, {relative("sojourn", present / lambda, 0.06)}));
}

// Fluid time-slicing without losses, a job a process, is processor sharing: E[T] = E[S] / (1 - rho) for each class,
// whatever its law (Kleinrock 1976, sec. 4.4). With weights 1 and 3 and exponential work it is Fayolle, Mitrani &
// Iasnogorodski's (J. ACM 27, 1980): T_1 = (1 + mu_1 rho_2 (w_2 - w_1) / D) / (mu_1 (1 - rho)), symmetrically T_2, with
// D = mu_1 w_1 (1 - rho_1) + mu_2 w_2 (1 - rho_2).
OracleCase two_classes(const char* law_1, const char* law_2, double weight_2, double first_s, double second_s) {
  const auto parameters = std::string(R"({"classes": [
        {"weight": 1, "arrivals": {"kind": "poisson", "rate_per_s": 3}, "service": )") +
                          law_1 + R"(}, {"weight": )" + std::to_string(weight_2) +
                          R"(, "arrivals": {"kind": "poisson", "rate_per_s": 2}, "service": )" + law_2 +
                          R"(}], "servers": 1, "discipline": "weighted_processor_sharing", "initial": {"jobs": 0}})";
  auto first = relative("sojourn", first_s, 0.05), second = relative("sojourn", second_s, 0.05);
  first.measure.job_class = 1;
  second.measure.job_class = 2;
  return make_case("discriminatory processor sharing", parameters.c_str(), 240, 15000, {first, second});
}

TEST(Essentials, FluidTimeSlicingIsProcessorSharing) {
  expect_all_pass(two_classes(R"({"law": "logn", "mean_s": 0.1, "scv": 4})",
                              R"({"law": "det", "mean_s": 0.2, "scv": 0})", 1, 0.1 / 0.3, 0.2 / 0.3));
}

TEST(Essentials, WeightedTimeSlicingAgreesWithFayolleMitraniAndIasnogorodski) {
  const double mu_1 = 10, mu_2 = 5, rho_1 = 0.3, rho_2 = 0.4, rho = rho_1 + rho_2, w_2 = 3;
  const double d = mu_1 * (1 - rho_1) + mu_2 * w_2 * (1 - rho_2);
  expect_all_pass(two_classes(R"({"law": "exp", "mean_s": 0.1, "scv": 1})",
                              R"({"law": "exp", "mean_s": 0.2, "scv": 1})", w_2,
                              (1 + mu_1 * rho_2 * (w_2 - 1) / d) / (mu_1 * (1 - rho)),
                              (1 + mu_2 * rho_1 * (1 - w_2) / d) / (mu_2 * (1 - rho))));
}

}  // namespace
}  // namespace windtunnel::theory
