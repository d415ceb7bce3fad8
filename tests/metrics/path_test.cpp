// From a gauge to what a policy knows of it, in runs whose figures are known by hand.
#include <functional>

#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

/// Asks what the test wants to know at every decision, and may set the number of replicas.
class Probe : public ScalingPolicy {
 public:
  using Look = std::function<void(double now_s, MetricsView& view)>;
  Probe(Look look, std::vector<std::string> queries, std::function<int(double)> replicas)
      : look_(std::move(look)), queries_(std::move(queries)), replicas_(std::move(replicas)) {}
  [[nodiscard]] SignalNeeds needs() const override {
    SignalNeeds needs;
    needs.metrics = true;
    needs.queries = queries_;
    return needs;
  }
  ScalingDecision decide(const Observation& seen) override {
    look_(seen.now_s, *seen.metrics);
    return {.desired_replicas = replicas_ ? replicas_(seen.now_s) : seen.current_replicas, .reason = "probe"};
  }

 private:
  Look look_;
  std::vector<std::string> queries_;
  std::function<int(double)> replicas_;
};

RunResult probe(const std::string& yaml, Probe::Look look, std::vector<std::string> queries = {},
                std::function<int(double)> replicas = {}, Recorder* recorder = nullptr) {
  const Folder folder;
  const Scenario scenario = load("schema: 1\n" + yaml, folder);
  RunOptions options{.seed = scenario.seed, .observer = recorder};
  options.make_policy = [&](const ScalingSpec&) { return std::make_unique<Probe>(look, queries, replicas); };
  auto result = simulate(scenario, options);
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.problems().front().text());
  return std::move(*result);
}

// One query a second, 3 s each, one replica: one of three is answered.
std::string overload(const std::string& more = "", const std::string& model = "") {
  return "horizon: 10m\n"
         "models: {m: {latency: {fixed: 3s}, " +
         model +
         "}}\n"
         "workload: [{model: m, arrivals: {process: deterministic, rate: 1/s}}]\n"
         "cluster: {node_pools: {p: {gpu: T4, nodes: 4, provision: 0s}}}\n"
         "scaling: {m: {policy: queue_depth, target_per_replica: 1, min: 1, max: 4, initial: 1, interval: 15s}}\n" +
         more;
}

/// The only value of an answer, or NaN.
double only_value(const MetricAnswer& answer) {
  EXPECT_EQ(answer.error, "");
  return answer.series.size() == 1 ? answer.series.front().value : std::nan("");
}

double answered_by(double s) {
  return s < 4 ? 0 : std::floor((s - 1) / 3);
}

TEST(MetricPath, AQuerySeesTheLastScrape) {
  int looks = 0;
  (void)probe(
      overload("metrics: {scrape_interval: 60s}\n"),
      [&](double now, MetricsView& view) {
        const double scraped = std::floor(now / 60) * 60, waiting = std::max(0.0, scraped - answered_by(scraped) - 1);
        EXPECT_EQ(only_value(view.prometheus("sum(rabbitmq_queue_messages_ready{queue=\"m\"})")), waiting) << now;
        EXPECT_EQ(only_value(view.prometheus("http_requests_total{service=\"m\"}")), answered_by(scraped)) << now;
        ++looks;
      },
      {"sum(rabbitmq_queue_messages_ready{queue=\"m\"})", "http_requests_total"});
  EXPECT_GE(looks, 39);
}

TEST(MetricPath, WhatWasNotNamedIsKeptFromTheFirstQuestionOn) {
  (void)probe(overload(), [&](double now, MetricsView& view) {
    const MetricAnswer answer = view.prometheus("http_requests_total");
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.series.size(), now < 16 ? 0U : 1U) << now;
  });
}

TEST(MetricPath, RatesAndQuantilesFollowFromTheCounters) {
  (void)probe(overload("warm_up: 5m\n"),
              [&](double now, MetricsView& view) {
                if (now < 120) return;
                // One answer each 3 s; the warm-up's end is nothing to a counter.
                EXPECT_NEAR(only_value(view.prometheus("sum(rate(http_requests_total[1m]))")), 1.0 / 3, 1e-9) << now;
                EXPECT_NEAR(only_value(view.prometheus("rate(vllm:e2e_request_latency_seconds_sum[1m]) / "
                                                       "rate(vllm:e2e_request_latency_seconds_count[1m])")),
                            3, 1e-9);
                // All in (2.5, 5].
                EXPECT_NEAR(only_value(view.prometheus("histogram_quantile(0.5, sum by (le) "
                                                       "(rate(vllm:e2e_request_latency_seconds_bucket[1m])))")),
                            3.75, 1e-9);
              },
              {"rate(http_requests_total[1m])", "rate({__name__=~\"vllm:e2e.*\"}[1m])"});
}

TEST(MetricPath, TheBrokerRenewsItsFiguresOnItsOwnClock) {
  (void)probe(overload("metrics: {broker_refresh: 60s}\n"), [&](double now, MetricsView& view) {
    const double seen = std::floor(now / 60) * 60;
    QueueView queue;
    EXPECT_FALSE(view.queue(queue).failed());
    EXPECT_EQ(queue.ready + queue.unacknowledged, seen - answered_by(seen)) << now;
    if (seen >= 60) {
      EXPECT_DOUBLE_EQ(queue.published_per_s, 1);
      EXPECT_NEAR(queue.delivered_per_s, 1.0 / 3, 0.02);
      EXPECT_EQ(queue.partition_lag, std::vector<double>{queue.ready + queue.unacknowledged});
    }
  });
}

TEST(MetricPath, CpuNeedsTwoSamplesOfMetricsServer) {
  (void)probe(overload("", "cpu: {request: 2, busy: 1.5, idle: 0.25}"), [&](double now, MetricsView& view) {
    const auto& pods = view.pods();
    ASSERT_EQ(pods.size(), 1U);
    EXPECT_EQ(pods[0].name, "m-0");
    EXPECT_EQ(pods[0].phase, PodPhase::running);
    EXPECT_EQ(pods[0].ready, true);
    EXPECT_EQ(pods[0].cpu_request, 2.0);
    ASSERT_TRUE(pods[0].cpu) << now;
    EXPECT_EQ(pods[0].cpu->window_s, 15);
    // Idle for the first second, busy ever after.
    EXPECT_NEAR(pods[0].cpu->value, now < 16 ? 1.5 - 1.25 / 15 : 1.5, 1e-9) << now;
  });
}

TEST(MetricPath, CpuCountsTheTimeOfWorkThatWasInterrupted) {
  // One query of 100 s, and from 10 s on an urgent one of 3 s that interrupts it: busy without a break.
  int looks = 0;
  (void)probe(
      "horizon: 1m\n"
      "models: {m: {latency: {fixed: 0s, per_item: 1s}, queue: {discipline: priority, preemption: resume}, "
      "cpu: {busy: 1, idle: 0}}}\n"
      "workload:\n"
      "  - {model: m, name: long, priority: 2, queries: 1, size: {law: deterministic, mean: 100}, "
      "arrivals: {process: deterministic, rate: 1/s}}\n"
      "  - {model: m, name: urgent, priority: 1, queries: 1, size: {law: deterministic, mean: 3}, "
      "arrivals: {process: deterministic, rate: 0.1/s}}\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1}}}\n"
      "scaling: {m: {policy: queue_depth, target_per_replica: 1, min: 1, max: 1, initial: 1, interval: 15s}}\n"
      "metrics: {scrape_interval: 15s}\n",
      [&](double now, MetricsView& view) {
        const double cpu = only_value(view.prometheus("container_cpu_usage_seconds_total"));
        if (now < 16) return;
        EXPECT_NEAR(cpu, std::floor(now / 15) * 15 - 1, 1e-6) << now;
        ++looks;
      },
      {"container_cpu_usage_seconds_total"});
  EXPECT_GE(looks, 2);
}

TEST(MetricPath, SeriesOfAPodThatIsGoneEndAtTheNextScrape) {
  std::map<int, std::size_t> seen;
  (void)probe(
      overload("", "cold_start: {container: 20s}"),
      [&](double now, MetricsView& view) {
        seen[static_cast<int>(now)] = view.prometheus("vllm:num_requests_running").series.size();
      },
      {"vllm:num_requests_running"}, [](double now) { return now < 100 ? 3 : 1; });
  EXPECT_EQ(seen[15], 1U);  // two more are asked for now
  EXPECT_EQ(seen[30], 1U);  // still starting: they do not answer
  EXPECT_EQ(seen[45], 3U);
  EXPECT_EQ(seen[90], 3U);
  EXPECT_EQ(seen[135], 1U);  // asked away at 105, done with their batch by 108, gone at 120
}

TEST(MetricPath, LostScrapesLeaveNoSeries) {
  std::size_t there = 0, looks = 0;
  const auto count = [&](double, MetricsView& view) {
    ++looks;
    there += view.prometheus("rabbitmq_queue_messages").series.size();
  };
  (void)probe(overload("metrics: {lost_scrapes: 1}\n"), count, {"rabbitmq_queue_messages"});
  EXPECT_EQ(there, 0U);
  looks = 0;
  (void)probe("seed: 3\n" + overload("metrics: {lost_scrapes: 0.5}\n"), count, {"rabbitmq_queue_messages"});
  EXPECT_EQ(looks, 39U);
  EXPECT_GT(there, 9U);  // 39 throws of a coin: 10 to 29 with 99.8 %
  EXPECT_LT(there, 30U);
}

TEST(MetricPath, LookingChangesNothingAboutAnyQuery) {
  const std::string busy =
      "horizon: 20m\nseed: 5\n"
      "models: {m: {latency: {fixed: 1s, cv: 0.5}}, n: {latency: {fixed: 2s}}}\n"
      "workload: [{model: m, arrivals: {process: poisson, rate: 1.5/s}}, {model: n, arrivals: {process: poisson, rate: "
      "0.3/s}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 3, sharing: {mode: time_slicing, replicas: 2}}}}\n"
      "scaling: {m: {policy: queue_depth, target_per_replica: 1, min: 1, max: 4, initial: 2}}\n";
  const auto ended = [&](const std::vector<std::string>& queries, const std::string& more) {
    Recorder recorder;
    (void)probe(
        busy + more,
        [&](double, MetricsView& view) {
          for (const auto& query : queries) (void)view.prometheus(query);
        },
        queries, [](double now) { return 2 + static_cast<int>(now / 60) % 3; }, &recorder);
    std::vector<std::int64_t> out;
    for (const auto& q : recorder.queries) out.push_back(q.ended.time_since_epoch().count());
    return out;
  };
  const auto unseen = ended({}, "");
  EXPECT_GT(unseen.size(), 1000U);
  EXPECT_EQ(unseen,
            ended({"{__name__=~\".+\"}"}, "metrics: {phase: spread, lost_scrapes: 0.1, dcgm_pods: processes}\n"));
}

std::map<std::string, double> gpu_series(const std::string& pods, const std::string& query, const std::string& mode) {
  std::map<std::string, double> out;
  (void)probe(
      "horizon: 5m\n"
      "models: {m: {latency: {fixed: 3s}, memory: {context: 1GiB, weights: 2GiB}}, "
      "idle: {latency: {fixed: 1s}, memory: {context: 1GiB, weights: 1GiB}}}\n"
      "workload: [{model: m, arrivals: {process: deterministic, rate: 0.2/s}}, "
      "{model: idle, queries: 1, arrivals: {process: deterministic, rate: 1/s}}]\n"
      "cluster: {node_pools: {p: {gpu: T4, nodes: 1, sharing: {mode: " +
          mode +
          ", replicas: 2}}}}\n"
          "scaling: {m: {policy: queue_depth, target_per_replica: 1, min: 1, max: 1}}\n"
          "metrics: {dcgm_interval: 60s, dcgm_pods: " +
          pods + "}\n",
      [&](double now, MetricsView& view) {
        if (now < 240) return;
        out.clear();
        const MetricAnswer answer = view.prometheus(query);
        EXPECT_EQ(answer.error, "");
        for (const auto& series : answer.series) {
          const auto it = series.labels.find("exported_pod");
          out[it == series.labels.end() ? "" : it->second] = series.value;
        }
      },
      {query});
  return out;
}

using ByPod = std::map<std::string, double>;

TEST(Dcgm, ByDefaultOneSharingPodBearsTheDevicesValue) {
  EXPECT_EQ(gpu_series("one", "DCGM_FI_DEV_GPU_UTIL", "time_slicing"), (ByPod{{"idle-0", 60}}))
      << "3 s of each 5, all of it m's, under the name of the pod that came last";
}

TEST(Dcgm, CopiesMultiplyTheDevice) {
  EXPECT_EQ(gpu_series("copies", "DCGM_FI_DEV_GPU_UTIL", "time_slicing"), (ByPod{{"idle-0", 60}, {"m-0", 60}}));
  EXPECT_EQ(gpu_series("copies", "sum(DCGM_FI_DEV_GPU_UTIL)", "time_slicing"), (ByPod{{"", 120}}));
}

TEST(Dcgm, ProcessesHaveTheirOwnFiguresBesideTheDevice) {
  EXPECT_EQ(gpu_series("processes", "DCGM_FI_DEV_GPU_UTIL", "time_slicing"),
            (ByPod{{"", 60}, {"idle-0", 0}, {"m-0", 60}}));
  const ByPod used = gpu_series("processes", "DCGM_FI_DEV_FB_USED", "time_slicing");
  EXPECT_EQ(used.at("m-0"), 3072);
  EXPECT_EQ(used.at("idle-0"), 2048);
  EXPECT_GE(used.at(""), 5120);
}

TEST(Dcgm, ClientsOfMpsCannotBeToldApart) {
  const ByPod seen = gpu_series("processes", "DCGM_FI_DEV_GPU_UTIL", "mps");
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen.contains(""));
}

TEST(Adapter, AnswersPodMetricsAndExternalOnes) {
  (void)probe(overload(), [&](double now, MetricsView& view) {
    const MetricAnswer pods = view.pod_metric("vllm:num_requests_running");
    const MetricAnswer rate = view.pod_metric("vllm:request_success_per_second");
    const MetricAnswer waiting = view.external("rabbitmq_queue_messages_ready", "queue=m");
    EXPECT_TRUE(view.external("rabbitmq_queue_messages_ready", "queue=other").series.empty());
    EXPECT_TRUE(view.external("no_such_metric", "").failed());
    EXPECT_TRUE(view.pod_metric("no_such_metric").failed());
    if (now < 180) return;
    ASSERT_EQ(pods.series.size(), 1U);
    EXPECT_EQ(pods.series[0].labels.at("pod"), "m-0");
    EXPECT_EQ(pods.series[0].value, 1);
    ASSERT_EQ(rate.series.size(), 1U);
    EXPECT_NEAR(rate.series[0].value, 1.0 / 3, 1e-9);
    EXPECT_EQ(only_value(waiting), now - answered_by(now) - 1) << now;
  });
}

}  // namespace
}  // namespace windtunnel::testing
