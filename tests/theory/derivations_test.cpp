// Clients that leave or come again, and bursts: exact values worked out here, against the engine.
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sim/scenario/loader.hpp"
#include "sim/simulation/simulation.hpp"
#include "tests/theory/verdict.hpp"

namespace windtunnel::theory {
namespace {

constexpr int kReplications = 30;
constexpr double kStandardErrors = 5;  // 30 replications: a false alarm in a few ten thousand comparisons

/// One number of each of 30 independent runs, against its expectation.
void expect_mean(const std::string& yaml, double target, double delta, const std::string& what,
                 const std::function<double(const RunResult&)>& number) {
  const auto scenario = parse_scenario("schema: 1\n" + yaml, "derived.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.problems().front().text();
  std::vector<double> seen;
  for (int r = 0; r < kReplications; ++r) {
    const auto run = simulate(*scenario, {.seed = 4711 + static_cast<std::uint64_t>(r)});
    ASSERT_TRUE(run);
    seen.push_back(number(*run));
  }
  const Estimate estimated = estimate(seen);
  EXPECT_LE(std::abs(estimated.mean - target), kStandardErrors * estimated.error)
      << what << ": expected " << target << ", seen " << estimated.mean << ", SE " << estimated.error;
  EXPECT_LE(kStandardErrors * estimated.error, delta * target) << what << ": too short";
}

double share_timed_out(const RunResult& run) {
  const QueryCounts& q = run.models.at(0).queries;
  return static_cast<double>(q.timed_out) / static_cast<double>(q.timed_out + q.completed);
}

// Erlang-A, M/M/c+M (Palm 1957; Garnett, Mandelbaum, Reiman, M&SOM 4, 2002): a birth-death chain with births lambda and
// deaths min(n, c) mu + (n - c)^+ theta. Those who wait leave at rate theta each, so P(abandon) = theta L_q / lambda.
TEST(Derivations, AbandonmentAgreesWithErlangA) {
  constexpr double lambda = 5, mu = 1, theta = 0.5;
  constexpr int servers = 4;  // overloaded: without abandonment there would be no steady state
  double p = 1, sum = 0, waiting = 0;
  for (int n = 0; n < 400; ++n) {
    sum += p;
    waiting += p * std::max(n - servers, 0);
    p *= lambda / (std::min(n + 1, servers) * mu + std::max(n + 1 - servers, 0) * theta);
  }
  waiting /= sum;
  const std::string yaml =
      "horizon: 12000s\nwarm_up: 100s\nmodels: {m: {service_time: {law: exponential, mean: 1s}}}\n"
      "workload: [{model: m, arrivals: {process: poisson, rate: 5/s}, "
      "clients: {timeout: {law: exponential, mean: 2s}, applies: while_queued}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 4}}}\nscaling: {m: {policy: fixed, replicas: 4}}\n";
  expect_mean(yaml, theta * waiting / lambda, 0.03, "share that abandons", share_timed_out);
  expect_mean(yaml, waiting, 0.03, "mean number waiting",
              [](const RunResult& run) { return run.models.at(0).queued.mean; });
}

// M/M/1/1 with retrials (Falin, Templeton, Retrial Queues, 1997, sec. 1.2): mean number in orbit
// rho / (1 - rho) (lambda / gamma + rho); by Little's law the mean time inside is (that + rho) / lambda. A thousand
// attempts stand for no end of them: with these rates fewer than one query in 10^9 needs more.
TEST(Derivations, RetrialsAgreeWithFalinAndTempleton) {
  constexpr double lambda = 0.5, mu = 1, gamma = 2, rho = lambda / mu;
  const double orbit = rho / (1 - rho) * (lambda / gamma + rho);
  expect_mean(
      "horizon: 20000s\nwarm_up: 200s\nmodels: {m: {service_time: {law: exponential, mean: 1s}, max_in_system: 1}}\n"
      "workload: [{model: m, arrivals: {process: poisson, rate: 0.5/s}, "
      "clients: {retry: {attempts: 1000, first: 500ms, most: 500ms, factor: 1, jitter: exponential}}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n",
      (orbit + rho) / lambda, 0.03, "mean time inside", [](const RunResult& run) {
        const auto& times = run.models.at(0).response_time;
        return times.sum_s() / static_cast<double>(times.count());
      });
}

// Interrupted Poisson arrivals are a renewal process with a hyperexponential gap (Kuczura, BSTJ 52, 1973), and the
// two-phase chain of the MMPP/M/1 queue is solved by its matrix-geometric form (Neuts 1981, ch. 3): here by iteration
// of R = -(A0 + R^2 A2) A1^-1 for an MMPP that is silent in one of its two states.
struct Two {
  double a, b, c, d;  // rows (a b), (c d)
};
Two times(const Two& x, const Two& y) {
  return {x.a * y.a + x.b * y.c, x.a * y.b + x.b * y.d, x.c * y.a + x.d * y.c, x.c * y.b + x.d * y.d};
}
Two inverse(const Two& x) {
  const double det = x.a * x.d - x.b * x.c;
  return {x.d / det, -x.b / det, -x.c / det, x.a / det};
}

/// Mean number in MMPP/M/1 with rates l1, l2, switching at r12, r21, served at mu.
double mean_in_mmpp_m_1(double l1, double l2, double r12, double r21, double mu) {
  const Two a1{-(r12 + l1 + mu), r12, r21, -(r21 + l2 + mu)};
  const Two minus_inverse = inverse({-a1.a, -a1.b, -a1.c, -a1.d});
  Two r{0, 0, 0, 0};
  for (int i = 0; i < 100000; ++i) {
    const Two square = times(r, r);
    r = times({l1 + mu * square.a, mu * square.b, mu * square.c, l2 + mu * square.d}, minus_inverse);
  }
  // pi0 (B + mu R) = 0 with B = A1 + mu I, and pi0 (I - R)^-1 1 = 1; then L = pi0 R (I - R)^-2 1.
  const Two b{a1.a + mu + mu * r.a, a1.b + mu * r.b, a1.c + mu * r.c, a1.d + mu + mu * r.d};
  double x = b.c, y = -b.a;  // left null vector of b
  if (std::abs(x) + std::abs(y) < 1e-14) x = b.d, y = -b.b;
  const Two n = inverse({1 - r.a, -r.b, -r.c, 1 - r.d});
  const double whole = x * (n.a + n.b) + y * (n.c + n.d);
  const Two more = times(times(r, n), n);
  return (x * (more.a + more.b) + y * (more.c + more.d)) / whole;
}

TEST(Derivations, TheMatrixGeometricFormIsMM1WhereBothRatesAreOne) {
  EXPECT_NEAR(mean_in_mmpp_m_1(0.5, 0.5, 0.1, 0.3, 1), 1, 1e-9);
}

// An interrupted Poisson process is a hyperexponential renewal process: MMPP/M/1 and GI/M/1 must give one mean, and the
// engine that mean.
TEST(Derivations, AnInterruptedPoissonStreamAsRenewalAgreesWithGiM1) {
  // H2 with balanced means at scv 4, rate 0.7: sigma = A*(mu (1 - sigma)) (Takacs 1962); L = rho / (1 - sigma).
  constexpr double rate = 0.7, scv = 4, mu = 1;
  const double p = (1 + std::sqrt((scv - 1) / (scv + 1))) / 2;
  const double m1 = 2 * p * rate, m2 = 2 * (1 - p) * rate;
  double sigma = 0.5;
  for (int i = 0; i < 10000; ++i) {
    const double s = mu * (1 - sigma);
    sigma = p * m1 / (m1 + s) + (1 - p) * m2 / (m2 + s);
  }
  const double by_renewal = rate / mu / (1 - sigma);
  // The interrupted Poisson process of that gap: on-rate l, off-switch r12, on-switch r21 (Kuczura 1973, eq. 3).
  const double l = p * m1 + (1 - p) * m2;
  const double r21 = m1 * m2 / l;
  const double r12 = m1 + m2 - l - r21;
  EXPECT_NEAR(mean_in_mmpp_m_1(l, 0, r12, r21, mu), by_renewal, 1e-6);
  expect_mean(
      "horizon: 60000s\nwarm_up: 500s\nmodels: {m: {service_time: {law: exponential, mean: 1s}}}\n"
      "workload: [{model: m, arrivals: {process: renewal, rate: 0.7/s, law: hyperexponential, scv: 4}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n",
      by_renewal, 0.05, "mean number in MMPP/M/1", [](const RunResult& run) { return run.models.at(0).backlog.mean; });
}

// The same chain by the `mmpp` process itself, both states busy and one beyond what the server can do.
TEST(Derivations, TheMmppProcessAgreesWithTheMatrixGeometricForm) {
  constexpr double slow = 0.3, fast = 1.2, r12 = 0.1, r21 = 0.2, mu = 1;  // shares 2/3 and 1/3: 0.6/s on average
  expect_mean(
      "horizon: 80000s\nwarm_up: 500s\nmodels: {m: {service_time: {law: exponential, mean: 1s}}}\n"
      "workload: [{model: m, arrivals: {process: mmpp, rate: 0.6/s, levels: [1, 4], sojourn: [10s, 5s]}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n",
      mean_in_mmpp_m_1(slow, fast, r12, r21, mu), 0.05, "mean number in MMPP/M/1",
      [](const RunResult& run) { return run.models.at(0).backlog.mean; });
}

}  // namespace
}  // namespace windtunnel::theory
