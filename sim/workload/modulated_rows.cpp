// Rows of the processes whose rate moves.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "sim/workload/modulated_processes.hpp"
#include "sim/workload/process_rows.hpp"

namespace windtunnel {
namespace {

constexpr double kMostChanges = 1e6;  // of state for each arrival: more would run for ever

std::vector<double> state_rates(const ParamSet& p, const MarkovChain& chain) {
  std::vector<double> rates = p.numbers("levels");
  const std::vector<double> shares = chain.stationary();
  const double mean = std::inner_product(rates.begin(), rates.end(), shares.begin(), 0.0);
  for (double& rate : rates) rate *= p.number("rate") / mean;
  return rates;
}

std::unique_ptr<GapProcess> make_mmpp(const ParamSet& p) {
  const MarkovChain chain = chain_of(p, p.numbers("levels").size());
  return std::make_unique<MmppProcess>(chain, state_rates(p, chain));
}

std::string check_changes(double changes_per_s, double rate) {
  if (changes_per_s <= kMostChanges * rate) return {};
  return fmt::format("the state changes {:.3g} times for each arrival, over a million; make the states last longer",
                     changes_per_s / rate);
}

std::string check_mmpp(const ParamSet& p) {
  const auto& levels = p.numbers("levels");
  if (std::string wrong = check_chain(p, levels.size()); !wrong.empty()) return wrong;
  const MarkovChain chain = chain_of(p, levels.size());
  const std::vector<double> shares = chain.stationary();
  if (!(std::inner_product(levels.begin(), levels.end(), shares.begin(), 0.0) > 0))
    return "levels: the mean is 0, so nothing would arrive; at least one must be above 0";
  const double changes = std::inner_product(shares.begin(), shares.end(), chain.exit_rates_per_s.begin(), 0.0);
  return check_changes(changes, p.number("rate"));
}

std::optional<double> shape_in(const ParamSet& p) {
  if (p.has("shape")) return p.number("shape");
  return std::nullopt;
}

std::unique_ptr<GapProcess> make_on_off(const ParamSet& p) {
  const double on = p.number("on"), off = p.number("off");
  const auto sampler = [&](double mean) { return GapSampler(p.text("law"), mean, p.number("scv"), shape_in(p)); };
  return std::make_unique<OnOffProcess>(p.number("rate") * (on + off) / on, on / (on + off), sampler(on), sampler(off));
}

std::string check_on_off(const ParamSet& p) {
  const std::string& law = p.text("law");
  if (p.has("shape")) {
    if (law != "pareto") return "shape is given, but law " + law + " takes scv; remove shape";
    if (p.given("scv")) return "shape and scv are both given; keep one";
  } else if (std::string wrong = check_gap_law(law, p.number("scv"), p.given("scv")); !wrong.empty()) {
    return wrong;
  }
  return check_changes(2 / (p.number("on") + p.number("off")), p.number("rate"));
}

std::unique_ptr<GapProcess> make_hawkes(const ParamSet& p) {
  return std::make_unique<HawkesProcess>(p.number("rate"), p.number("branching"), p.number("decay"));
}

std::unique_ptr<GapProcess> make_ramp(const ParamSet& p) {
  return std::make_unique<RampProcess>(p.number("rate"), p.number("to"), p.number("at"), p.number("over"));
}

FlashCrowdProcess::Shape crowd_shape(const ParamSet& p) {
  return {.rate_per_s = p.number("rate"),
          .peak = p.number("peak"),
          .at_s = p.number("at"),
          .rise_s = p.number("rise"),
          .decay_s = p.number("decay"),
          .every_s = p.has("every") ? p.number("every") : 0};
}

std::unique_ptr<GapProcess> make_flash_crowd(const ParamSet& p) {
  return std::make_unique<FlashCrowdProcess>(crowd_shape(p));
}

std::string check_flash_crowd(const ParamSet& p) {
  if (p.has("every") && p.number("every") < p.number("rise"))
    return "every is shorter than rise; the next crowd would come before this one's peak";
  return {};
}

Param time_of(std::string_view name, std::string_view doc, std::string_view fallback = {}, bool optional = false) {
  return {.name = name,
          .type = ParamType::duration,
          .doc = doc,
          .fallback = fallback,
          .optional = optional,
          .min = 0,
          .source = fallback.empty() ? "" : "the run's own beginning"};
}

/// A duration above 0, at least a microsecond so that a count of them stays countable.
Param span_of(std::string_view name, std::string_view doc, bool optional = false) {
  Param out = time_of(name, doc, {}, optional);
  out.min = 1e-6;
  return out;
}

ProcessRow mmpp_row() {
  std::vector<Param> params = chain_params(false);
  params.insert(params.begin(), rate_param("rate", "mean arrival rate over all states, queries per second"));
  return {{"mmpp", "Markov-modulated Poisson: the rate follows a chain of states (Fischer & Meier-Hellstern 1993)",
           std::move(params), &make_mmpp},
          &check_mmpp};
}

ProcessRow on_off_row() {
  return {{"on_off",
           "Poisson while on, silent while off; pareto on and off times give traffic that is bursty at every scale "
           "(Willinger et al. 1997)",
           {rate_param("rate", "mean arrival rate over on and off times, queries per second"),
            span_of("on", "mean on time"),
            span_of("off", "mean off time"),
            {.name = "law",
             .type = ParamType::choice,
             .doc = "law of the on and of the off times",
             .fallback = "exponential",
             .choices = {"exponential", "deterministic", "gamma", "lognormal", "hyperexponential", "pareto"},
             .source = "the interrupted Poisson process (Kuczura 1973)"},
            {.name = "scv",
             .type = ParamType::number,
             .doc = "squared coefficient of variation of on and off times",
             .fallback = "1",
             .min = 0,
             .max = 1e6,
             .source = "the exponential law"},
            {.name = "shape",
             .type = ParamType::number,
             .doc = "of pareto, instead of scv; up to 2 the times have no variance",
             .optional = true,
             .min = 1.01,
             .max = 100}},
           &make_on_off},
          &check_on_off};
}

ProcessRow hawkes_row() {
  return {{"hawkes",
           "each arrival makes further ones likely for a while (Hawkes 1971, exponential kernel)",
           {rate_param("rate", "mean arrival rate, queries per second; rate x (1 - branching) come by themselves"),
            {.name = "branching",
             .type = ParamType::number,
             .doc = "arrivals that each one brings on average; the index of dispersion tends to 1 / (1 - branching)^2",
             .min = 0,
             .max = 0.999},
            span_of("decay", "time constant with which the excitement goes")},
           &make_hawkes}};
}

}  // namespace

std::vector<Param> chain_params(bool optional) {
  return {{.name = "levels",
           .type = ParamType::numbers,
           .doc = "rates of the states relative to each other, e.g. [1, 4]: the second is four times as busy",
           .optional = optional,
           .min = 0,
           .max = 1e9},
          {.name = "sojourn",
           .type = ParamType::durations,
           .doc = "how long each state lasts on average",
           .optional = true,
           .min = 1e-6},
          {.name = "transitions",
           .type = ParamType::numbers,
           .doc = "probabilities of the next state, row by row; left out: each other state alike",
           .optional = true,
           .min = 0,
           .max = 1},
          {.name = "generator",
           .type = ParamType::numbers,
           .doc = "instead of sojourn and transitions: the chain's generator, row by row, per second",
           .optional = true,
           .min = -1e6,
           .max = 1e6}};
}

std::vector<ProcessRow> modulated_process_rows() {
  Param to = rate_param("to", "rate from the end of the ramp on");
  to.min_exclusive = false;
  return {
      mmpp_row(),
      on_off_row(),
      hawkes_row(),
      {{"ramp",
        "Poisson whose rate goes linearly from one value to another and stays there",
        {rate_param("rate", "rate until `at`, queries per second"), to, time_of("at", "when the ramp begins", "0s"),
         span_of("over", "how long it takes")},
        &make_ramp}},
      {{"flash_crowd",
        "Poisson with a sudden crowd on top: a linear rise to peak x rate, then an exponential fall",
        {rate_param("rate", "rate without the crowd, queries per second"),
         {.name = "peak",
          .type = ParamType::number,
          .doc = "the rate at the summit over the rate without the crowd",
          .min = 1,
          .max = 1e6},
         time_of("at", "when the crowd begins to come"),
         time_of("rise", "from there to the summit"),
         span_of("decay", "time constant of the fall"),
         span_of("every", "comes again so often", true)},
        &make_flash_crowd},
       &check_flash_crowd},
  };
}

}  // namespace windtunnel
