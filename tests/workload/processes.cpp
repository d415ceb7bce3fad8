#include <set>

#include "sources.hpp"

namespace windtunnel::testing {
namespace {

/// Means and squared coefficients of variation of the gaps, one of each for every stretch of 10 000.
struct GapMoments {
  std::vector<double> means, scvs;
};
GapMoments gap_moments(const WorkloadSpec& spec, int stretches) {
  const std::size_t length = 10'000;
  const auto at = seconds_of(arrivals_of(spec, length * static_cast<std::size_t>(stretches)));
  GapMoments out;
  for (std::size_t begin = 0; begin < at.size(); begin += length) {
    double sum = 0, squares = 0;
    for (std::size_t i = begin; i < begin + length; ++i) {
      const double gap = at[i] - (i == 0 ? 0 : at[i - 1]);
      sum += gap;
      squares += gap * gap;
    }
    const double mean = sum / length;
    out.means.push_back(mean);
    out.scvs.push_back((squares / length - mean * mean) / (mean * mean));
  }
  return out;
}

void expect_moments(const WorkloadSpec& spec, double mean_gap_s, double scv) {
  const GapMoments moments = gap_moments(spec, 40);
  const Interval mean = interval_of(moments.means), spread = interval_of(moments.scvs);
  EXPECT_NEAR(mean.mean, mean_gap_s, mean.half_width);
  EXPECT_NEAR(spread.mean, scv, spread.half_width);
  EXPECT_LT(mean.half_width, 0.05 * mean_gap_s);  // the interval is tight enough to say something
  EXPECT_LT(spread.half_width, 0.2 * scv);
}

TEST(Processes, PoissonGapsHaveTheMeanOfTheRateAndVaryByOne) {
  expect_moments(synthetic("poisson", {{"rate", 4.0}}), 0.25, 1);
}

TEST(Processes, RenewalGapsHaveTheMeanOfTheRateAndTheScvAskedFor) {
  for (const auto& [law, scv] : std::vector<std::pair<std::string, double>>{{"gamma", 0.25},
                                                                            {"gamma", 4},
                                                                            {"lognormal", 0.5},
                                                                            {"lognormal", 2},
                                                                            {"hyperexponential", 4},
                                                                            {"hyperexponential", 10}}) {
    SCOPED_TRACE(law + " " + std::to_string(scv));
    expect_moments(synthetic("renewal", {{"rate", 4.0}, {"law", law}, {"scv", scv}}), 0.25, scv);
  }
}

TEST(Processes, DeterministicGapsAreAllAlike) {
  const auto arrivals = arrivals_of(synthetic("deterministic", {{"rate", 8.0}}), 1000);
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    EXPECT_EQ(arrivals[i].at.time_since_epoch().count(), static_cast<std::int64_t>(i + 1) * 125'000'000);
}

TEST(Processes, RenewalWithEqualGapsIsTheDeterministicProcess) {
  EXPECT_EQ(as_text(arrivals_of(synthetic("renewal", {{"rate", 3.0}, {"law", std::string("deterministic")}}), 100)),
            as_text(arrivals_of(synthetic("deterministic", {{"rate", 3.0}}), 100)));
}

TEST(Processes, RenewalWithExponentialGapsIsThePoissonProcess) {
  EXPECT_EQ(as_text(arrivals_of(synthetic("renewal", {{"rate", 3.0}, {"law", std::string("exponential")}}), 100)),
            as_text(arrivals_of(synthetic("poisson", {{"rate", 3.0}}), 100)));
}

/// For batches at Poisson instants variance / mean of the count in any window is E[X^2] / E[X] (Chaudhry & Templeton
/// 1983).
void expect_batch_dispersion(const WorkloadSpec& spec, double rate, double dispersion) {
  const auto bins = bin_counts(arrivals_of(spec, 400'000), 5);
  const std::size_t stretch = bins.size() / 40;
  std::vector<double> means, dispersions;
  for (std::size_t begin = 0; begin + stretch <= bins.size(); begin += stretch) {
    double sum = 0, squares = 0;
    for (std::size_t i = begin; i < begin + stretch; ++i) {
      sum += bins[i];
      squares += bins[i] * bins[i];
    }
    const double n = static_cast<double>(stretch), mean = sum / n;
    means.push_back(mean / 5);
    dispersions.push_back((squares - n * mean * mean) / (n - 1) / mean);
  }
  const Interval mean = interval_of(means), spread = interval_of(dispersions);
  EXPECT_NEAR(mean.mean, rate, mean.half_width);
  EXPECT_NEAR(spread.mean, dispersion, spread.half_width);
  EXPECT_LT(spread.half_width, 0.1 * dispersion);
}

TEST(Processes, GeometricBatchesHaveTheRateInQueriesAndTheDispersionOfTheory) {
  expect_batch_dispersion(synthetic("batch_poisson", {{"rate", 8.0}, {"batch_mean", 4.0}}), 8, 2 * 4.0 - 1);
}

TEST(Processes, ConstantBatchesHaveTheDispersionOfTheirSize) {
  expect_batch_dispersion(
      synthetic("batch_poisson", {{"rate", 6.0}, {"batch_mean", 3.0}, {"batch_law", std::string("constant")}}), 6, 3);
}

TEST(Processes, BatchRateTimesBatchMeanIsTheRateInQueries) {
  EXPECT_EQ(as_text(arrivals_of(synthetic("batch_poisson", {{"rate", 8.0}, {"batch_mean", 4.0}}), 500)),
            as_text(arrivals_of(synthetic("batch_poisson", {{"batch_rate", 2.0}, {"batch_mean", 4.0}}), 500)));
}

TEST(Processes, QueriesOfABatchArriveAtOneInstantWhateverTheBlockSize) {
  const auto spec =
      synthetic("batch_poisson", {{"rate", 6.0}, {"batch_mean", 3.0}, {"batch_law", std::string("constant")}});
  const auto arrivals = arrivals_of(spec, 3000, 7, 1, 7);
  for (std::size_t i = 0; i + 2 < arrivals.size(); i += 3) {
    EXPECT_EQ(arrivals[i].at, arrivals[i + 1].at);
    EXPECT_EQ(arrivals[i].at, arrivals[i + 2].at);
  }
}

TEST(Processes, ScvThatALawCannotHaveIsRefusedWithTheValueAndTheRule) {
  const auto check = [](const std::string& law, double scv) {
    return check_process("renewal", params_of("renewal", {{"rate", 1.0}, {"law", law}, {"scv", scv}}));
  };
  EXPECT_EQ(check("hyperexponential", 0.5),
            "scv: 0.5 is below 1; a hyperexponential law has scv >= 1 (gamma and lognormal go below)");
  EXPECT_EQ(check("gamma", 0), "scv: 0 is not above 0; for equal gaps say law: deterministic");
  EXPECT_NE(check("lognormal", 0), "");
  EXPECT_NE(check("exponential", 2), "");
  EXPECT_NE(check("deterministic", 1), "");
  EXPECT_EQ(check("hyperexponential", 1), "");
  EXPECT_EQ(check("gamma", 0.1), "");
}

TEST(Processes, BatchesNeedExactlyOneRateAndAWholeConstantSize) {
  const auto check = [](const std::map<std::string, ParamSet::Value>& given) {
    return check_process("batch_poisson", params_of("batch_poisson", given));
  };
  EXPECT_NE(check({{"batch_mean", 2.0}}), "");
  EXPECT_NE(check({{"rate", 1.0}, {"batch_rate", 1.0}, {"batch_mean", 2.0}}), "");
  EXPECT_EQ(check({{"rate", 1.0}, {"batch_mean", 2.5}}), "");
  EXPECT_EQ(check({{"rate", 1.0}, {"batch_mean", 2.5}, {"batch_law", std::string("constant")}}),
            "batch_mean: 2.5 is not whole; with batch_law constant every batch has that many queries");
  EXPECT_NE(check({{"rate", 1.0}, {"batch_mean", 0.5}}), "");
}

TEST(Processes, EveryRowIsNamedOnceAndSaysWhatItsParametersMean) {
  std::set<std::string_view> names;
  for (const ProcessEntry& entry : process_registry()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.doc.empty()) << entry.name;
    for (const Param& param : entry.params) {
      EXPECT_FALSE(param.doc.empty()) << entry.name << "." << param.name;
      EXPECT_EQ(param.fallback.empty(), param.source.empty()) << entry.name << "." << param.name;
    }
  }
}

}  // namespace
}  // namespace windtunnel::testing
