// The synthetic processes: what each is called, what it takes, and how it draws its gaps.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/core/law.hpp"
#include "sim/workload/registry.hpp"

namespace windtunnel {
namespace {

/// Independent gaps from one law; Poisson is the exponential one.
class RenewalProcess final : public GapProcess {
 public:
  explicit RenewalProcess(const Law& gap) : gap_(gap) {}
  double next_gap_s(Rng& rng) override { return gap_(rng); }
  void next_gaps_s(std::span<double> gaps, Rng& rng) override {
    for (double& gap : gaps) gap = gap_(rng);
  }

 private:
  LawSampler gap_;
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

LawKind gap_law(std::string_view name) {
  if (name == "gamma") return LawKind::gamma;
  if (name == "lognormal") return LawKind::lognormal;
  if (name == "hyperexponential") return LawKind::hyperexponential;
  if (name == "deterministic") return LawKind::deterministic;
  return LawKind::exponential;
}

std::unique_ptr<GapProcess> make_poisson(const ParamSet& p) {
  return std::make_unique<RenewalProcess>(Law{.kind = LawKind::exponential, .mean = 1 / p.number("rate")});
}

std::unique_ptr<GapProcess> make_deterministic(const ParamSet& p) {
  return std::make_unique<RenewalProcess>(Law{.kind = LawKind::deterministic, .mean = 1 / p.number("rate")});
}

std::unique_ptr<GapProcess> make_renewal(const ParamSet& p) {
  return std::make_unique<RenewalProcess>(
      Law{.kind = gap_law(p.text("law")), .mean = 1 / p.number("rate"), .scv = p.number("scv")});
}

std::unique_ptr<GapProcess> make_batch_poisson(const ParamSet& p) {
  const double mean = p.number("batch_mean");
  const double batch_rate = p.has("batch_rate") ? p.number("batch_rate") : p.number("rate") / mean;
  const LawKind kind = p.text("batch_law") == "constant" ? LawKind::deterministic : LawKind::geometric;
  return std::make_unique<BatchPoissonProcess>(batch_rate, Law{.kind = kind, .mean = mean});
}

Param rate_param(std::string_view name, std::string_view doc, bool optional = false) {
  return {.name = name,
          .type = ParamType::rate,
          .doc = doc,
          .optional = optional,
          .min = 0,
          .max = 1e9,
          .min_exclusive = true};
}

std::vector<ProcessEntry> make_rows() {
  const Param rate = rate_param("rate", "mean arrival rate, queries per second");
  const Param law = {.name = "law",
                     .type = ParamType::choice,
                     .doc = "law of the gaps between arrivals",
                     .choices = {"gamma", "lognormal", "hyperexponential", "exponential", "deterministic"}};
  const Param scv = {
      .name = "scv",
      .type = ParamType::number,
      .doc = "squared coefficient of variation of the gaps: 1 is as irregular as Poisson, more is bursty",
      .fallback = "1",
      .min = 0,
      .max = 1e6,
      .source = "the Poisson process"};
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
      {"poisson", "independent arrivals: exponential gaps", {rate}, &make_poisson},
      {"deterministic", "arrivals at equal gaps, the first one gap after the start", {rate}, &make_deterministic},
      {"renewal", "independent gaps of a given law and irregularity", {rate, law, scv}, &make_renewal},
      {"batch_poisson",
       "batches at Poisson instants; say either rate (queries) or batch_rate (batches)",
       {rate_param("rate", "mean arrival rate, queries per second", true),
        rate_param("batch_rate", "mean rate of batches per second", true), batch_law, batch_mean},
       &make_batch_poisson},
  };
}

std::string check_renewal(const ParamSet& p) {
  const std::string& law = p.text("law");
  const double scv = p.number("scv");
  if (law == "hyperexponential" && scv < 1)
    return fmt::format("scv: {} is below 1; a hyperexponential law has scv >= 1 (gamma and lognormal go below)", scv);
  if ((law == "gamma" || law == "lognormal") && scv <= 0)
    return fmt::format("scv: {} is not above 0; for equal gaps say law: deterministic", scv);
  if (law == "exponential" && p.given("scv") && scv != 1)
    return fmt::format("scv: {} does not fit law exponential, whose scv is 1; leave scv out or say law: gamma", scv);
  if (law == "deterministic" && p.given("scv") && scv != 0)
    return fmt::format("scv: {} does not fit law deterministic, whose scv is 0; leave scv out or say law: gamma", scv);
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

std::span<const ProcessEntry> process_registry() {
  static const std::vector<ProcessEntry> rows = make_rows();
  return rows;
}

std::string check_process(std::string_view process, const ParamSet& params) {
  if (process == "renewal") return check_renewal(params);
  if (process == "batch_poisson") return check_batch_poisson(params);
  return {};
}

}  // namespace windtunnel
