// Processes whose rate moves, and gap laws beyond the house's, against their closed forms.
#include <cmath>
#include <numbers>

#include "sim/workload/batched_process.hpp"
#include "sim/workload/gap_law.hpp"
#include "sim/workload/markov_chain.hpp"
#include "sources.hpp"
#include "trace_files.hpp"

namespace windtunnel::testing {
namespace {

using Numbers = std::vector<double>;

/// Rates and indices of dispersion at one width, one of each for every replication.
struct CountMoments {
  Numbers rates, dispersions;
};

/// Arrivals of independent replications, the first `skip_s` left out (a process may begin off its stationary state).
std::vector<Numbers> replications_of(const WorkloadSpec& spec, double length_s, int replications, double skip_s) {
  std::vector<Numbers> out;
  for (int replication = 0; replication < replications; ++replication) {
    const auto source = make_source(spec, RngStreams(1000 + static_cast<std::uint64_t>(replication)), 1);
    Numbers& at = out.emplace_back();
    std::vector<Arrival> block(256);
    while (const std::size_t count = source->next(block)) {
      for (std::size_t i = 0; i < count; ++i)
        if (const double s = to_seconds(block[i].at) - skip_s; s >= 0) at.push_back(s);
      if (!at.empty() && at.back() >= length_s) break;
    }
  }
  return out;
}

/// Counts in bins of one width. The mean that the variance is taken about is the true one, so the estimate has no bias.
CountMoments count_moments(const std::vector<Numbers>& replications, double rate, double width_s, double length_s) {
  CountMoments out;
  for (const Numbers& arrivals : replications) {
    Numbers bins(static_cast<std::size_t>(length_s / width_s));
    for (const double at : arrivals)
      if (at < static_cast<double>(bins.size()) * width_s) bins[static_cast<std::size_t>(at / width_s)] += 1;
    double sum = 0, squares = 0;
    for (const double bin : bins) {
      sum += bin;
      squares += (bin - rate * width_s) * (bin - rate * width_s);
    }
    const auto n = static_cast<double>(bins.size());
    out.rates.push_back(sum / n / width_s);
    out.dispersions.push_back(squares / n / (rate * width_s));
  }
  return out;
}

/// Of all widths, from the same replications: `dispersion(width)` is what is expected.
template <class Dispersion>
void expect_counts(const WorkloadSpec& spec, double rate, const Numbers& widths_s, Dispersion&& dispersion,
                   double length_s, int replications = 60, double skip_s = 0) {
  const auto arrivals = replications_of(spec, length_s, replications, skip_s);
  for (const double width_s : widths_s) {
    const CountMoments moments = count_moments(arrivals, rate, width_s, length_s);
    const Interval mean = interval_of(moments.rates), spread = interval_of(moments.dispersions);
    EXPECT_NEAR(mean.mean, rate, mean.half_width);
    EXPECT_NEAR(spread.mean, dispersion(width_s), spread.half_width) << "width " << width_s;
    EXPECT_LT(mean.half_width, 0.1 * rate);  // the intervals are tight enough to say something
    EXPECT_LT(spread.half_width, 0.25 * dispersion(width_s));
  }
}

void expect_counts(const WorkloadSpec& spec, double rate, double width_s, double dispersion, double length_s,
                   int replications = 60, double skip_s = 0) {
  expect_counts(spec, rate, Numbers{width_s}, [&](double) { return dispersion; }, length_s, replications, skip_s);
}

/// Index of dispersion of a two-state MMPP's counts (Fischer & Meier-Hellstern 1993): levels a, b of mean rate 1 with
/// shares p, 1 - p and relaxation rate s.
double mmpp2_dispersion(double rate, double a, double b, double p, double s, double t) {
  const double excess = 2 * p * (1 - p) * (a - b) * (a - b) * rate / s;
  return 1 + excess * (1 + std::expm1(-s * t) / (s * t));
}

WorkloadSpec mmpp(const std::map<std::string, ParamSet::Value>& given) {
  return synthetic("mmpp", given);
}

TEST(Mmpp, CountsOfTwoStatesHaveTheDispersionOfTheClosedFormAtEveryWidth) {
  // Sojourns 20 s and 5 s: shares 0.8 and 0.2; levels 1 and 6 have mean 2, so relative to it 0.5 and 3.
  const auto spec = mmpp({{"rate", 4.0}, {"levels", Numbers{1, 6}}, {"sojourn", Numbers{20, 5}}});
  expect_counts(
      spec, 4, {1, 10, 100}, [](double width) { return mmpp2_dispersion(4, 0.5, 3, 0.8, 0.25, width); }, 10'000);
}

TEST(Mmpp, SeveralStatesFollowTheirGenerator) {
  // Two independent on-off sources seen as one chain of three states: the dispersion is that of one of them.
  const double up = 0.1, down = 0.3;
  const auto spec = mmpp({{"rate", 3.0},
                          {"levels", Numbers{0, 1, 2}},
                          {"generator", Numbers{-2 * up, 2 * up, 0, down, -up - down, up, 0, 2 * down, -2 * down}}});
  expect_counts(spec, 3, {2, 20}, [](double width) { return mmpp2_dispersion(1.5, 0, 4, 0.75, 0.4, width); }, 6000);
}

TEST(Mmpp, SharesOfTimeAreThoseOfTheChain) {
  ParamSet params = params_of("mmpp", {{"levels", Numbers{1, 1, 1}},
                                       {"sojourn", Numbers{1, 2, 3}},
                                       {"transitions", Numbers{0, 1, 0, 0, 0, 1, 1, 0, 0}}});
  const auto shares = chain_of(params, 3).stationary();  // a cycle: in proportion to the sojourns
  for (std::size_t state = 0; state < 3; ++state) EXPECT_NEAR(shares[state], static_cast<double>(state + 1) / 6, 1e-12);
}

TEST(Mmpp, OneStateIsPoissonInLaw) {
  expect_counts(mmpp({{"rate", 5.0}, {"levels", Numbers{2}}}), 5, 10, 1, 2000);
}

TEST(Mmpp, ACurveLeavesTheSojournsAsTheyAre) {
  auto spec = mmpp({{"rate", 4.0}, {"levels", Numbers{1, 6}}, {"sojourn", Numbers{20, 5}}});
  std::get<ArrivalSpec>(spec.source).curve = RateCurve{.period_s = 1000, .points = {0.5, 0.5, 2}};
  // Within the flat third of the curve, a step of 0.5, the process is an MMPP of half the rate.
  std::get<ArrivalSpec>(spec.source).curve->step = true;
  expect_counts(spec, 2, 20, mmpp2_dispersion(2, 0.5, 3, 0.8, 0.25, 20), 660, 400);
}

TEST(Mmpp, ChainsThatFallApartOrNeverEndAreRefusedWithTheWayOut) {
  const auto wrong = [](const std::map<std::string, ParamSet::Value>& given) {
    return check_process("mmpp", params_of("mmpp", given));
  };
  EXPECT_EQ(wrong({{"rate", 1.0}, {"levels", Numbers{1, 2}}, {"sojourn", Numbers{1, 2}}}), "");
  EXPECT_NE(wrong({{"rate", 1.0}, {"levels", Numbers{1, 2}}}).find("give one"), std::string::npos);
  EXPECT_NE(wrong({{"rate", 1.0}, {"levels", Numbers{1, 2}}, {"sojourn", Numbers{1}}}).find("names 2 states"),
            std::string::npos);
  EXPECT_NE(wrong({{"rate", 1.0}, {"levels", Numbers{0, 0}}, {"sojourn", Numbers{1, 1}}}).find("mean is 0"),
            std::string::npos);
  EXPECT_NE(wrong({{"rate", 1.0},
                   {"levels", Numbers{1, 1, 1}},
                   {"sojourn", Numbers{1, 1, 1}},
                   {"transitions", Numbers{0, 1, 0, 1, 0, 0, 0.5, 0.5, 0}}})
                .find("never reached"),
            std::string::npos);
  EXPECT_NE(wrong({{"rate", 1.0}, {"levels", Numbers{1, 2}}, {"generator", Numbers{-1, 2, 1, -1}}}).find("row 0 sums"),
            std::string::npos);
  EXPECT_NE(wrong({{"rate", 1e-7}, {"levels", Numbers{1, 2}}, {"sojourn", Numbers{1, 1}}}).find("over a million"),
            std::string::npos);
}

TEST(OnOff, ExponentialTimesMakeTheInterruptedPoissonProcess) {
  const auto spec = synthetic("on_off", {{"rate", 4.0}, {"on", 5.0}, {"off", 15.0}});
  expect_counts(
      spec, 4, {2, 50}, [](double width) { return mmpp2_dispersion(4, 4, 0, 0.25, 1.0 / 5 + 1.0 / 15, width); }, 8000);
}

TEST(OnOff, FixedTimesGoOnAndOffByTheClock) {
  const auto spec =
      synthetic("on_off", {{"rate", 50.0}, {"on", 1.0}, {"off", 3.0}, {"law", std::string("deterministic")}});
  const auto at = seconds_of(arrivals_of(spec, 20'000));
  const double begin = std::fmod(at.front() + 4, 4) >= 3 ? 3 : 0;  // starts with off or with on
  for (const double t : at) EXPECT_LE(std::fmod(t - begin + 8, 4), 1 + 1e-9);
}

/// Variance over mean of a stationary Hawkes process' counts (Da Fonseca & Zaatour 2014).
double hawkes_dispersion(double branching, double decay_s, double t) {
  const double k2 = 1 / ((1 - branching) * (1 - branching)), fall = (1 - branching) / decay_s;
  return k2 + (1 - k2) * -std::expm1(-fall * t) / (fall * t);
}

TEST(Hawkes, CountsHaveTheDispersionOfTheClosedFormAndTendToItsLimit) {
  const auto spec = synthetic("hawkes", {{"rate", 5.0}, {"branching", 0.6}, {"decay", 2.0}});
  expect_counts(spec, 5, {1, 10, 200}, [](double width) { return hawkes_dispersion(0.6, 2, width); }, 6000, 60, 200);
  EXPECT_NEAR(hawkes_dispersion(0.6, 2, 1e9), 1 / 0.16, 1e-6);
}

TEST(Hawkes, WithoutBranchingItIsPoisson) {
  expect_counts(synthetic("hawkes", {{"rate", 5.0}, {"branching", 0.0}, {"decay", 2.0}}), 5, 10, 1, 2000);
}

/// Mean number of arrivals in [from, to) over replications, as an interval.
Interval mean_count(const WorkloadSpec& spec, double from_s, double to_s, int replications = 400) {
  Numbers counts;
  for (int r = 0; r < replications; ++r) {
    const auto source = make_source(spec, RngStreams(static_cast<std::uint64_t>(r) + 1), 1);
    double count = 0;
    Arrival query;
    while (source->next({&query, 1}) == 1 && to_seconds(query.at) < to_s)
      if (to_seconds(query.at) >= from_s) ++count;
    counts.push_back(count);
  }
  return interval_of(counts);
}

TEST(Ramp, BringsTheIntegralOfItsRate) {
  const auto spec = synthetic("ramp", {{"rate", 2.0}, {"to", 10.0}, {"at", 10.0}, {"over", 20.0}});
  const auto near = [&](double from, double to, double expected) {
    const Interval count = mean_count(spec, from, to);
    EXPECT_NEAR(count.mean, expected, count.half_width) << from << " to " << to;
    EXPECT_LT(count.half_width, 0.15 * expected);
  };
  near(0, 10, 20);
  near(10, 20, 40);
  near(20, 30, 80);
  near(30, 40, 100);
}

TEST(Ramp, ThatGoesToZeroEnds) {
  const auto at =
      seconds_of(arrivals_of(synthetic("ramp", {{"rate", 50.0}, {"to", 0.0}, {"at", 10.0}, {"over", 10.0}})));
  EXPECT_GT(at.size(), 600u);  // 750 are expected, give or take 27
  EXPECT_LE(at.back(), 20);
}

TEST(FlashCrowd, RisesToItsPeakAndFallsWithItsTimeConstant) {
  const auto spec =
      synthetic("flash_crowd", {{"rate", 1.0}, {"peak", 21.0}, {"at", 20.0}, {"rise", 10.0}, {"decay", 30.0}});
  const auto near = [&](double from, double to, double expected) {
    const Interval count = mean_count(spec, from, to);
    EXPECT_NEAR(count.mean, expected, count.half_width) << from << " to " << to;
    EXPECT_LT(count.half_width, 0.25 * expected);
  };
  near(0, 20, 20);
  near(20, 25, 5 + 25);  // half the rise: a quarter of 20 x 10 / 2
  near(25, 30, 5 + 75);
  near(30, 60, 30 + 600 * (1 - std::exp(-1.0)));
  near(60, 90, 30 + 600 * (std::exp(-1.0) - std::exp(-2.0)));
}

TEST(FlashCrowd, ComesAgain) {
  const auto spec = synthetic(
      "flash_crowd", {{"rate", 1.0}, {"peak", 21.0}, {"at", 5.0}, {"rise", 0.0}, {"decay", 10.0}, {"every", 50.0}});
  for (const double begin : {5.0, 55.0, 505.0}) {
    const Interval count = mean_count(spec, begin, begin + 50, 200);
    EXPECT_NEAR(count.mean, 50 + 200 * (1 - std::exp(-5.0)), count.half_width);
  }
}

TEST(Renewal, WeibullAndParetoGapsHaveTheMeanAndTheSpreadAskedFor) {
  for (const auto& [law, scv] :
       std::vector<std::pair<std::string, double>>{{"weibull", 0.3}, {"weibull", 3}, {"pareto", 1.5}}) {
    SCOPED_TRACE(law);
    const auto spec = synthetic("renewal", {{"rate", 4.0}, {"law", law}, {"scv", scv}});
    Numbers means;
    for (std::uint64_t seed = 1; seed <= 40; ++seed)
      means.push_back(to_seconds(arrivals_of(spec, 5000, seed).back().at) / 5000);
    const Interval mean = interval_of(means);
    EXPECT_NEAR(mean.mean, 0.25, mean.half_width);
    EXPECT_LT(mean.half_width, 0.01);
  }
  // The laws themselves: the share of gaps beyond the mean, exact for each (of 2e5, 5 standard errors).
  const auto beyond_mean = [](const std::string& law, double scv) {
    Rng rng(3);
    GapSampler gap(law, 1, scv);
    double beyond = 0;
    for (int i = 0; i < 200'000; ++i) beyond += gap(rng) > 1 ? 1 : 0;
    return beyond / 200'000;
  };
  const double k = weibull_shape(3), a = pareto_shape(1.5);
  EXPECT_NEAR(std::tgamma(1 + 2 / k) / std::pow(std::tgamma(1 + 1 / k), 2) - 1, 3, 1e-9);
  EXPECT_NEAR(a / (a - 2), 1.5, 1e-12);
  EXPECT_NEAR(beyond_mean("weibull", 3), std::exp(-std::pow(std::tgamma(1 + 1 / k), k)), 5 * 0.5 / std::sqrt(2e5));
  EXPECT_NEAR(beyond_mean("pareto", 1.5), std::pow(1 + 1 / (a - 1), -a), 5 * 0.5 / std::sqrt(2e5));
}

TEST(Batch, AnyProcessMayBringSeveralAtOnceAtTheSameRateOfQueries) {
  auto spec = synthetic("hawkes", {{"rate", 6.0}, {"branching", 0.0}, {"decay", 1.0}});
  std::get<ArrivalSpec>(spec.source).batch = Law{.kind = LawKind::discrete, .values = {1, 5}, .weights = {1, 1}};
  expect_counts(spec, 6, 5, 26.0 / 6, 4000);  // E[X^2] / E[X] = 13 / 3
  auto renewal = synthetic("renewal", {{"rate", 6.0}, {"law", std::string("gamma")}, {"scv", 2.0}});
  std::get<ArrivalSpec>(renewal.source).batch = Law{.kind = LawKind::deterministic, .mean = 3};
  expect_counts(renewal, 6, 100, 3 * 2.0, 8000);  // of the renewal counts scv, times the batch; edges fall off as 1/t
}

TEST(ServeGen, ZipfClientsSendAtTheRateAskedForWithTheirOwnGaps) {
  const auto spec = synthetic("servegen", {{"rate", 10.0}, {"clients", 5.0}, {"skew", 1.2}, {"scv", 4.0}});
  expect_counts(spec, 10, 200, 4, 6000, 40, 200);  // superposed renewal streams keep the dispersion of their gaps
}

class ServeGenFolder : public TraceFiles {};

TEST_F(ServeGenFolder, ReadsClientsByWindowAndSendsAtTheirRates) {
  write("0,2,1,Gamma,1.0,0.5\n600,0,0,,0,0\n1200,6,1,Weibull,1.0,0.16\n", "chunk-0-trace.csv");
  write("0,1,1.5,,0,0\n600,4,1,Gamma,0.5,0.5\n", "chunk-11-trace.csv");
  write("not a chunk", "notes.txt");
  const auto spec = synthetic("servegen", {{"folder", folder_.string()}});
  const auto near = [&](double from, double to, double expected) {
    const Interval count = mean_count(spec, from, to, 60);
    EXPECT_NEAR(count.mean, expected, count.half_width) << from;
    EXPECT_LT(count.half_width, 0.05 * expected);
  };
  near(0, 600, 1800);
  near(600, 1200, 2400);
  near(1200, 1800, 3600);
  near(1800, 2400, 1800);  // begins again
  const auto doubled = synthetic("servegen", {{"folder", folder_.string()}, {"rate", 2 * 13.0 / 3}});
  const Interval count = mean_count(doubled, 0, 600, 60);
  EXPECT_NEAR(count.mean, 3600, count.half_width);
}

TEST_F(ServeGenFolder, ABadWindowIsToldByFileAndLine) {
  const auto message = [&](const std::string& rows) {
    write(rows, "chunk-0-trace.csv");
    try {
      (void)arrivals_of(synthetic("servegen", {{"folder", folder_.string()}}), 1);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message("0,1,1,Gamma,1,1\n600,1,1,Gauss,1,1\n").find("chunk-0-trace.csv:2: pattern \"Gauss\""),
            std::string::npos);
  EXPECT_NE(message("0,1,1,Gamma,1\n").find("has 5 cells"), std::string::npos);
  EXPECT_NE(message("0,-1,1,Gamma,1,1\n").find("rate: \"-1\""), std::string::npos);
  EXPECT_NE(message("600,1,1,,0,0\n0,1,1,,0,0\n").find("does not come after"), std::string::npos);
  EXPECT_NE(message("0,0,0,,0,0\n600,0,0,,0,0\n").find("no client ever sends"), std::string::npos);
}

TEST(Processes, EveryRowGivesTheSameStreamWhateverTheBlockAndNeverRunsBack) {
  for (const auto& spec :
       {mmpp({{"rate", 4.0}, {"levels", Numbers{0, 6}}, {"sojourn", Numbers{20, 5}}}),
        synthetic("on_off", {{"rate", 4.0}, {"on", 5.0}, {"off", 15.0}, {"law", std::string("pareto")}, {"scv", 3.0}}),
        synthetic("hawkes", {{"rate", 5.0}, {"branching", 0.6}, {"decay", 2.0}}),
        synthetic("ramp", {{"rate", 2.0}, {"to", 10.0}, {"at", 10.0}, {"over", 20.0}}),
        synthetic("flash_crowd",
                  {{"rate", 1.0}, {"peak", 9.0}, {"at", 2.0}, {"rise", 1.0}, {"decay", 3.0}, {"every", 60.0}}),
        synthetic("span_counts", {{"rate", 4.0}, {"width", 10.0}, {"counts", Numbers{1, 0, 3}}}),
        synthetic("span_counts", {{"rate", 4.0},
                                  {"width", 10.0},
                                  {"counts", Numbers{1, 0, 3}},
                                  {"levels", Numbers{0, 6}},
                                  {"sojourn", Numbers{20, 5}}}),
        synthetic("servegen", {{"rate", 10.0}})}) {
    SCOPED_TRACE(std::get<ArrivalSpec>(spec.source).process);
    const auto whole = arrivals_of(spec, 4000, 7, 1, 1024);
    EXPECT_EQ(as_text(whole), as_text(arrivals_of(spec, 4000, 7, 1, 7)));
    EXPECT_NE(as_text(whole), as_text(arrivals_of(spec, 4000, 8, 1, 1024)));
    EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end(), [](auto& a, auto& b) { return a.at < b.at; }));
  }
}

}  // namespace
}  // namespace windtunnel::testing
