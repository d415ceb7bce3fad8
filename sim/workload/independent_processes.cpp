// Processes without memory: independent gaps, and batches at Poisson instants.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/core/law.hpp"
#include "sim/workload/gap_law.hpp"
#include "sim/workload/process_rows.hpp"

namespace windtunnel {
namespace {

/// Independent gaps from one law; Poisson is the exponential one.
template <class Sampler>
class RenewalProcess final : public GapProcess {
 public:
  explicit RenewalProcess(const Sampler& gap) : gap_(gap) {}
  double next_gap_s(Rng& rng) override { return gap_(rng); }
  void next_gaps_s(std::span<double> gaps, Rng& rng) override {
    for (double& gap : gaps) gap = gap_(rng);
  }

 private:
  Sampler gap_;
};

/// Poisson instants, at each of which a random number of queries arrives.
class BatchPoissonProcess final : public GapProcess {
 public:
  BatchPoissonProcess(double batch_rate_per_s, const Law& batch)
      : gap_(Law{.kind = LawKind::exponential, .mean = 1 / batch_rate_per_s}), batch_(batch) {}
  double next_gap_s(Rng& rng) override { return gap_(rng); }
  int next_batch(Rng& rng) override { return static_cast<int>(std::clamp(batch_(rng), 1.0, 1e9)); }
  [[nodiscard]] bool has_batches() const override { return true; }

 private:
  LawSampler gap_;
  LawSampler batch_;
};

std::unique_ptr<GapProcess> house_renewal(LawKind kind, const ParamSet& p, double scv = 0) {
  return std::make_unique<RenewalProcess<LawSampler>>(
      LawSampler(Law{.kind = kind, .mean = 1 / p.number("rate"), .scv = scv}));
}

std::unique_ptr<GapProcess> make_poisson(const ParamSet& p) {
  return house_renewal(LawKind::exponential, p);
}

std::unique_ptr<GapProcess> make_deterministic(const ParamSet& p) {
  return house_renewal(LawKind::deterministic, p);
}

std::unique_ptr<GapProcess> make_renewal(const ParamSet& p) {
  std::optional<double> shape;
  if (p.has("shape")) shape = p.number("shape");
  return std::make_unique<RenewalProcess<GapSampler>>(
      GapSampler(p.text("law"), 1 / p.number("rate"), p.number("scv"), shape));
}

std::unique_ptr<GapProcess> make_batch_poisson(const ParamSet& p) {
  const double mean = p.number("batch_mean");
  const double batch_rate = p.has("batch_rate") ? p.number("batch_rate") : p.number("rate") / mean;
  const LawKind kind = p.text("batch_law") == "constant" ? LawKind::deterministic : LawKind::geometric;
  return std::make_unique<BatchPoissonProcess>(batch_rate, Law{.kind = kind, .mean = mean});
}

std::string check_renewal(const ParamSet& p) {
  const std::string& law = p.text("law");
  if (!p.has("shape")) return check_gap_law(law, p.number("scv"), p.given("scv"));
  const double shape = p.number("shape");
  if (law != "weibull" && law != "pareto") return "shape is given, but law " + law + " takes scv; remove shape";
  if (p.given("scv")) return "shape and scv are both given; keep one";
  if (law == "pareto" && !(shape > 1))
    return fmt::format("shape: {} is not above 1; such Pareto gaps have no mean, so there is no rate", shape);
  return {};
}

std::string check_batch_poisson(const ParamSet& p) {
  if (p.has("rate") == p.has("batch_rate"))
    return p.has("rate") ? "rate and batch_rate are both given; keep one (rate = batch_rate * batch_mean)"
                         : "neither rate (queries per second) nor batch_rate (batches per second) is given; give one";
  const double mean = p.number("batch_mean");
  if (mean < 1) return fmt::format("batch_mean: {} is below 1; a batch holds at least one query", mean);
  if (p.text("batch_law") == "constant" && mean != std::floor(mean))
    return fmt::format("batch_mean: {} is not whole; with batch_law constant every batch has that many queries", mean);
  return {};
}

}  // namespace

std::vector<ProcessRow> independent_process_rows() {
  const Param rate = rate_param("rate", "mean arrival rate, queries per second");
  const Param law = {
      .name = "law",
      .type = ParamType::choice,
      .doc = "law of the gaps between arrivals; pareto is of type II (Lomax), its gaps start at 0",
      .choices = {"gamma", "lognormal", "hyperexponential", "exponential", "deterministic", "weibull", "pareto"}};
  const Param scv = {
      .name = "scv",
      .type = ParamType::number,
      .doc = "squared coefficient of variation of the gaps: 1 is as irregular as Poisson, more is bursty",
      .fallback = "1",
      .min = 0,
      .max = 1e6,
      .source = "the Poisson process"};
  const Param shape = {.name = "shape",
                       .type = ParamType::number,
                       .doc = "of weibull or pareto, instead of scv; pareto needs it above 1, and up to 2 has no scv",
                       .optional = true,
                       .min = 0.1,
                       .max = 100};
  const Param batch_law = {.name = "batch_law",
                           .type = ParamType::choice,
                           .doc = "law of the queries per batch: geometric on 1, 2, ... or always the same number",
                           .fallback = "geometric",
                           .choices = {"geometric", "constant"},
                           .source = "M^X/M/1 of queueing theory (Chaudhry & Templeton 1983)"};
  const Param batch_mean = {.name = "batch_mean",
                            .type = ParamType::number,
                            .doc = "mean number of queries per batch",
                            .min = 1,
                            .max = 1e6,
                            .unit = "queries"};
  return {
      {{"poisson", "independent arrivals: exponential gaps", {rate}, &make_poisson}},
      {{"deterministic", "arrivals at equal gaps, the first one gap after the start", {rate}, &make_deterministic}},
      {{"renewal", "independent gaps of a given law and irregularity", {rate, law, scv, shape}, &make_renewal},
       &check_renewal},
      {{"batch_poisson",
        "batches at Poisson instants; say either rate (queries) or batch_rate (batches)",
        {rate_param("rate", "mean arrival rate, queries per second", true),
         rate_param("batch_rate", "mean rate of batches per second", true), batch_law, batch_mean},
        &make_batch_poisson},
       &check_batch_poisson},
  };
}

}  // namespace windtunnel
