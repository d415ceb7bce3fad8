// The row of client populations.
#include <fmt/format.h>

#include "sim/workload/client_population.hpp"
#include "sim/workload/gap_law.hpp"
#include "sim/workload/process_rows.hpp"

namespace windtunnel {
namespace {

ClientWindows synthetic_clients(const ParamSet& p) {
  const std::string& law = p.text("law");
  const double scv = p.number("scv");
  const auto gaps = law == "gamma"     ? ClientWindow::Gaps::gamma
                    : law == "weibull" ? ClientWindow::Gaps::weibull
                                       : ClientWindow::Gaps::exponential;
  const double shape = law == "gamma" ? 1 / scv : law == "weibull" ? weibull_shape(scv) : 1;
  return zipf_clients(p.integer("clients"), p.number("skew"), p.number("rate"), gaps, shape);
}

std::unique_ptr<GapProcess> make_servegen(const ParamSet& p) {
  if (!p.has("folder")) return std::make_unique<ClientPopulation>(synthetic_clients(p));
  ClientWindows windows = read_client_windows(p.text("folder"));
  const double factor = p.has("rate") ? p.number("rate") / windows.mean_rate_per_s() : 1;
  auto clients = std::make_unique<ClientPopulation>(std::move(windows));
  clients->multiply_rate(factor);
  return clients;
}

std::string check_servegen(const ParamSet& p) {
  if (!p.has("folder")) {
    if (!p.has("rate")) return "neither folder nor rate is given; name ServeGen's folder, or give the clients' rate";
    return check_gap_law(p.text("law"), p.number("scv"), p.given("scv"));
  }
  for (const std::string_view name : {"clients", "skew", "law", "scv"})
    if (p.given(name))
      return fmt::format("{} is given beside folder; the folder's files say it for each client, remove it", name);
  return {};
}

}  // namespace

std::vector<ProcessRow> client_process_rows() {
  return {{{"servegen",
            "a population of clients: as recorded in windows by ServeGen, or with rates by Zipf's law",
            {rate_param("rate", "mean rate of all clients; with folder it scales the recorded one", true),
             {.name = "folder",
              .type = ParamType::text,
              .doc = "of ServeGen's chunk-<client>-trace.csv (rate and gap law of each client in each window)",
              .optional = true},
             {.name = "clients",
              .type = ParamType::integer,
              .doc = "how many, without folder",
              .fallback = "43",
              .min = 1,
              .max = 100'000,
              .source = "clients of ServeGen's m-small (arXiv 2505.09999)"},
             {.name = "skew",
              .type = ParamType::number,
              .doc = "rates fall with rank^-skew",
              .fallback = "1",
              .min = 0,
              .max = 10,
              .source = "ServeGen m-small: 30, 22, 11, 9, 6 % of the queries come from the first five clients"},
             {.name = "law",
              .type = ParamType::choice,
              .doc = "law of each client's gaps",
              .fallback = "gamma",
              .choices = {"gamma", "weibull", "exponential"},
              .source = "ServeGen: two of three windows are fitted best by a gamma law"},
             {.name = "scv",
              .type = ParamType::number,
              .doc = "squared coefficient of variation of each client's gaps",
              .fallback = "1",
              .min = 1e-4,
              .max = 1e5,
              .source = "the Poisson process"}},
            &make_servegen},
           &check_servegen}};
}

}  // namespace windtunnel
