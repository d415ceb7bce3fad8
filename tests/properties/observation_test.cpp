// Law 4: a policy sees what was scraped, when it was scraped.
#include <cmath>
#include <cstdlib>
#include <map>

#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace observation_test {

using Observed = EveryShippedScenario;

// What the broker, or an exporter, said of the first trigger: "spec 4; aws-sqs-queue=9 active".
double trigger_reading(const std::string& inputs) {
  const auto at = inputs.find('=', inputs.find(';'));
  return at == std::string::npos ? std::nan("") : std::strtod(inputs.c_str() + at + 1, nullptr);
}

// What Prometheus said of the first external metric: "External rabbitmq_queue_messages: 7, target ...".
double external_reading(const std::string& inputs) {
  const auto at = inputs.find(": ", std::min(inputs.find("External "), inputs.size()));
  char* end = nullptr;
  if (at == std::string::npos) return std::nan("");
  const double value = std::strtod(inputs.c_str() + at + 2, &end);
  return end == inputs.c_str() + at + 2 ? std::nan("") : value;
}

// What of a decision's value came from the scrape. The rest, the replicas there are, the controller knows by itself.
double scraped_part(const Scenario& scenario, const DecisionRecord& decision) {
  const std::string& policy = scenario.scaling[decision.model].policy;
  if (policy == "backlog_time") return decision.value * std::max(1, decision.ready);
  if (policy.starts_with("keda")) return trigger_reading(decision.inputs);
  if (policy == "hpa") return external_reading(decision.inputs);
  if (policy == "queue_depth") return decision.value * std::max(1, decision.current);
  return decision.value;
}

bool same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || a == b || std::abs(a - b) <= 1e-9 * std::abs(a);
}

TEST_P(Observed, DecisionsBetweenTwoScrapesSeeTheSame) {
  const Scenario shipped = load(GetParam());
  Settings slow;
  for (const auto& scaling : shipped.scaling) {
    if (scaling.policy == "fixed") continue;
    if (scaling.policy.starts_with("keda") || scaling.policy == "hpa") {  // ask the broker or Prometheus at every sync
      slow.emplace_back("metrics.broker_refresh", "60s");
      slow.emplace_back("metrics.scrape_interval", "60s");
      slow.emplace_back("metrics.metrics_server_resolution", "60s");
      continue;
    }
    slow.emplace_back("scaling." + scaling.model + ".interval", "15s");
    slow.emplace_back("scaling." + scaling.model + ".scrape_interval", "60s");
  }
  const Scenario scenario = load(GetParam(), slow);
  Witness witness;
  (void)run(scenario, kSeeds[0], &witness);
  std::map<std::pair<std::uint32_t, std::int64_t>, double> seen;  // by model and minute
  std::size_t compared = 0, differ_between_scrapes = 0;
  std::map<std::uint32_t, double> before;
  for (const auto& decision : witness.decisions) {
    if (decision.loop == "vertical") continue;  // of memory, which has looks of its own
    const auto minute = decision.at.time_since_epoch().count() / 60'000'000'000;
    const double value = scraped_part(scenario, decision);
    const auto [it, fresh] = seen.try_emplace({decision.model, minute}, value);
    if (!fresh) {
      EXPECT_TRUE(same(it->second, value)) << "minute " << minute << ": " << it->second << ", then " << value;
      ++compared;
    } else if (before.contains(decision.model) && !same(before[decision.model], value)) {
      ++differ_between_scrapes;
    }
    before[decision.model] = value;
  }
  EXPECT_GT(compared, 40U);                // w2 is cut to 20000 queries
  EXPECT_GT(differ_between_scrapes, 10U);  // the signal does move
}

// Those in which something is scaled; one that does not load stays in, so that it fails and says why.
std::vector<Shipped> scaled() {
  auto all = all_shipped();
  std::erase_if(all, [](const Shipped& shipped) {
    try {
      const Scenario scenario = load(shipped);
      return std::all_of(scenario.scaling.begin(), scenario.scaling.end(),
                         [](const auto& scaling) { return scaling.policy == "fixed"; });
    } catch (const std::invalid_argument&) {
      return false;
    }
  });
  return all;
}

INSTANTIATE_TEST_SUITE_P(Scaled, Observed, ::testing::ValuesIn(scaled()),
                         [](const auto& scenario_info) { return test_name(scenario_info.param); });

}  // namespace observation_test
}  // namespace windtunnel::testing
