// Jobs: replicas that take so many queries and end.
#include <algorithm>
#include <memory>

#include "policies/policy.hpp"
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

/// Every second one job for each message that none has yet, as a ScaledJob's default strategy.
class JobsForBacklog final : public ScalingPolicy {
 public:
  explicit JobsForBacklog(int queries) : queries_(queries) {}
  ScalingDecision decide(const Observation& seen) override {
    ScalingDecision out;
    out.desired_replicas = seen.current_replicas;
    return out;
  }
  [[nodiscard]] bool decides() const override { return false; }
  [[nodiscard]] std::optional<Duration> poll_interval() const override { return std::chrono::seconds(1); }
  std::optional<ScalingDecision> poll(const Observation& seen) override {
    ScalingDecision out;
    const int wanted = (static_cast<int>(seen.backlog) + queries_ - 1) / queries_;
    out.desired_replicas = std::max(seen.current_replicas, wanted);
    out.reason = "test";
    return out;
  }
  [[nodiscard]] int queries_per_replica() const override { return queries_; }

 private:
  int queries_;
};

struct JobRun {
  RunResult result;
  std::vector<QueryRecord> queries;
  std::vector<DecisionRecord> decisions;
};

/// Ten messages at once at second 5; a job starts in 10 s and needs 2 s a message.
JobRun run_jobs(int queries_per_job, const std::string& more = "") {
  const Folder folder;
  std::string trace = "timestamp,size\n";
  for (int i = 0; i < 10; ++i) trace += "5,1\n";
  const Scenario scenario =
      load("schema: 1\nhorizon: 10m\nmodels: {m: {latency: {fixed: 2s}, cold_start: {load: 10s}" + more +
               "}}\nworkload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
               "cluster: {node_pools: {p: {gpu: T4, nodes: 20}}}\n"
               "scaling: {m: {policy: queue_depth, min: 0, max: 20, initial: 0, scrape_interval: 0s}}\n",
           folder, trace);
  Recorder recorder;
  RunOptions options{.seed = 1, .observer = &recorder};
  options.make_policy = [&](const ScalingSpec&) { return std::make_unique<JobsForBacklog>(queries_per_job); };
  auto result = simulate(scenario, options);
  if (!result) throw std::invalid_argument(result.problems().front().text());
  return {std::move(*result), std::move(recorder.queries), std::move(recorder.decisions)};
}

TEST(Jobs, EachTakesItsMessageAndEndsByItself) {
  const JobRun ran = run_jobs(1);
  const auto& model = ran.result.models.at(0);
  EXPECT_EQ(model.queries.completed, 10U);
  EXPECT_EQ(model.replicas.max, 10) << "a job a message";
  EXPECT_EQ(ran.decisions.back().current, 0) << "and none is left";
  EXPECT_EQ(model.scale_downs, 0U) << "the policy removed none";
  EXPECT_EQ(model.kills.total, 0U);
  for (const auto& query : ran.queries) EXPECT_EQ(to_seconds(query.ended), 5 + 10 + 2);
}

TEST(Jobs, SeveralMessagesAJobComeOneAfterTheOther) {
  const JobRun ran = run_jobs(5);
  EXPECT_EQ(ran.result.models.at(0).replicas.max, 2);
  EXPECT_EQ(ran.result.models.at(0).queries.completed, 10U);
  double last = 0;
  for (const auto& query : ran.queries) last = std::max(last, to_seconds(query.ended));
  EXPECT_EQ(last, 5 + 10 + 5 * 2);
}

TEST(Jobs, TheyCountAsRunningUntilTheirLastMessageIsDone) {
  const JobRun ran = run_jobs(1);
  for (const auto& decision : ran.decisions) {
    const double at = to_seconds(decision.at);
    if (at > 5 && at < 17) {
      EXPECT_EQ(decision.current, 10) << "at " << at << " s";
    }
    if (at >= 17) {
      EXPECT_EQ(decision.current, 0) << "at " << at << " s";
    }
  }
}

TEST(Jobs, OneThatCrashesIsStartedAgainAndItsMessageIsRedelivered) {
  const JobRun ran = run_jobs(1, ", faults: {crash: {up: {law: exponential, mean: 3s}, down: 1s, clock: always}}");
  const auto& model = ran.result.models.at(0);
  EXPECT_EQ(model.queries.completed, 10U);
  EXPECT_EQ(ran.decisions.back().current, 0);
}

}  // namespace
}  // namespace windtunnel::testing
