// Laws 1, 7 and 8: nothing is lost, every cent has an owner, time does not run back; and Little's law.
#include "tests/properties/shipped.hpp"

namespace windtunnel::testing {
namespace balance_test {

using Balance = EveryShippedScenario;

void expect_balance(const QueryCounts& q, const std::string& where) {
  EXPECT_EQ(q.arrived, q.completed + q.failed + q.timed_out + q.rejected + q.in_flight + q.queued) << where;
}

/// Whether a query may be at several models at once (a fork), at none (between attempts), or still be worked on when it
/// has ended (its client gave up): then models and the whole count apart.
bool counts_apart(const Scenario& s) {
  return std::any_of(s.pipelines.begin(), s.pipelines.end(), [](const auto& p) { return !p.is_chain(); }) ||
         std::any_of(s.workload.begin(), s.workload.end(), [](const auto& w) { return w.clients.has_value(); });
}

TEST_P(Balance, EveryArrivalIsInExactlyOnePlace) {
  const Scenario scenario = load(GetParam());
  for (const std::uint64_t seed : kSeeds) {
    const RunResult result = run(scenario, seed);
    std::uint64_t in_models = 0;
    for (const auto& m : result.models) {
      expect_balance(m.queries, m.name);
      in_models += m.queries.in_flight + m.queries.queued;
      EXPECT_EQ(m.response_time.count(), m.queries.completed) << m.name;
    }
    for (const auto& p : result.pipelines) {
      expect_balance(p.queries, p.name);
      EXPECT_EQ(p.response_time.count(), p.queries.completed) << p.name;
    }
    ASSERT_TRUE(result.totals);
    expect_balance(*result.totals, "totals");
    if (!counts_apart(scenario)) {
      EXPECT_EQ(result.totals->in_flight + result.totals->queued, in_models);
    }
    EXPECT_GT(result.totals->arrived, 100U);  // so that the rest says something
  }
}

TEST_P(Balance, TheObserverHearsOfEveryQueryThatEnded) {
  Witness witness;
  const RunResult result = run(load(GetParam(), {{"warm_up", "0s"}}), kSeeds[0], &witness);
  const QueryCounts& q = *result.totals;
  EXPECT_EQ(witness.queries.size(), q.completed + q.failed + q.timed_out + q.rejected);
  std::vector<bool> seen(result.engine.queries);
  for (const auto& query : witness.queries) {
    ASSERT_LT(query.serial, seen.size());
    EXPECT_FALSE(seen[query.serial]) << "query " << query.serial << " ended twice";
    seen[query.serial] = true;
  }
}

TEST_P(Balance, TimeNeverRunsBack) {
  for (const std::uint64_t seed : kSeeds) {
    Witness witness;
    (void)run(load(GetParam()), seed, &witness);
    EXPECT_EQ(witness.steps_back, 0U);
    EXPECT_GT(witness.calls, 100U);
    for (const auto& query : witness.queries) ASSERT_LE(query.arrived, query.ended);
  }
}

TEST_P(Balance, ModelsAndNobodySumToTheCost) {
  for (const std::uint64_t seed : kSeeds) {
    const RunResult result = run(load(GetParam()), seed);
    double sum = result.cluster.unattributed_cost_usd;
    for (const auto& m : result.models) {
      EXPECT_GE(m.cost_usd, 0) << m.name;
      sum += m.cost_usd;
    }
    EXPECT_GT(result.cluster.cost_usd, 0);
    EXPECT_NEAR(sum, result.cluster.cost_usd, 1e-9 * result.cluster.cost_usd);
  }
}

// Little's law, path by path: over the window, the number in system integrates to the time that each query spent
// there. Exact once every query has ended; the network's delays are spent outside.
TEST_P(Balance, TheNumberInSystemIntegratesToTheTimeSpentThere) {
  const Scenario scenario = load(GetParam(), {{"run", "to_empty"}});
  if (counts_apart(scenario)) return;  // of its models below
  Witness witness;
  const RunResult result = run(scenario, kSeeds[0], &witness);
  ASSERT_EQ(result.totals->in_flight + result.totals->queued, 0U);
  double spent_s = 0;
  for (const auto& query : witness.queries) {
    const auto& network = scenario.models[query.model].network;
    const double from_s = std::max(to_seconds(query.arrived + network.to_replica), result.warm_up_s);
    spent_s += std::max(0.0, to_seconds(query.ended - network.back) - from_s);
  }
  double area = 0;
  for (const auto& m : result.models) area += m.backlog.mean * result.measured_s;
  EXPECT_GT(spent_s, 10);
  EXPECT_NEAR(area, spent_s, 1e-9 * spent_s);
}

// The same by model, where a query may be at several of them or at none, so that what is counted are visits: attempts
// of clients, branches of a fork. A visit that completed stayed for the model's response time, unless it was not the
// query's first; one that was given up stayed for its client's patience at least.
TEST_P(Balance, TheNumberAtAModelIntegratesToTheTimeOfItsVisits) {
  const Scenario scenario = load(GetParam(), {{"run", "to_empty"}, {"warm_up", "0s"}});
  bool clients = false;
  Duration patience = Duration::max();
  for (const auto& workload : scenario.workload) {
    if (!workload.clients) continue;
    clients = true;
    if (workload.clients->timeout && workload.clients->timeout->kind == LawKind::deterministic)
      patience = std::min(patience, to_duration(workload.clients->timeout->mean));
  }
  const RunResult result = run(scenario, kSeeds[0]);
  for (std::size_t i = 0; i < result.models.size(); ++i) {
    const ModelResult& m = result.models[i];
    const ModelSpec& spec = scenario.models[i];
    const double area = m.backlog.mean * result.measured_s;
    const double network_s = to_seconds(spec.network.to_replica + spec.network.back);
    const double visits_s = (m.response_time.mean_s() - network_s) * static_cast<double>(m.queries.completed);
    if (!clients && m.queries.failed + m.queries.timed_out == 0) {
      EXPECT_NEAR(area, visits_s, 1e-9 * area + 1e-6) << m.name;
    } else if (!clients) {
      EXPECT_GE(area, visits_s * (1 - 1e-9)) << m.name;
    }
    if (patience != Duration::max() && m.queries.timed_out > 0) {
      EXPECT_GE(area, static_cast<double>(m.queries.timed_out) * (to_seconds(patience) - network_s)) << m.name;
    }
    // One query in service is one busy replica, whether anybody waits for its answer or not.
    if (spec.concurrency.limit == 1 && spec.batch.max == 1) {
      EXPECT_NEAR(m.in_service.mean, m.busy_replicas.mean, 1e-9 * m.in_service.mean + 1e-12) << m.name;
    }
  }
}

WINDTUNNEL_OVER_EVERY_SHIPPED_SCENARIO(Balance);

}  // namespace balance_test
}  // namespace windtunnel::testing
