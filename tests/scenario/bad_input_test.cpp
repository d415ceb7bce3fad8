// One mistake, one message: file, line, path, value, rule, way out.
#include <gtest/gtest.h>

#include "harness.hpp"

namespace windtunnel {
namespace bad_input_test {

using testing::after;
using testing::kSmall;
using testing::messages;
using testing::with;

TEST(BadInput, UnknownKeyNamesTheNearest) {
  EXPECT_EQ(after("target: 3s", "target: 3s, tolerence: 0.1"),
            "small.yaml:16: scaling.scene: unknown key \"tolerence\"; did you mean \"tolerance\"?\n");
  EXPECT_EQ(after("horizon: 1h", "horizont: 1h\nhorizon: 1h"),
            "small.yaml:3: unknown key \"horizont\"; did you mean \"horizon\"?\n");
  EXPECT_EQ(after("fixed: 0.5s", "fixed: 0.5s, zzz: 1").substr(0, 80),
            "small.yaml:5: models.scene.latency.A10G: unknown key \"zzz\"; known: fixed, per_it");
}

TEST(BadInput, AMissingUnitShowsTheWayOut) {
  EXPECT_EQ(after("horizon: 1h", "horizon: 60"), "small.yaml:3: horizon: 60 has no unit; write 60s\n");
  EXPECT_EQ(after("weights: 2GB", "weights: 2000"),
            "small.yaml:5: models.scene.memory.weights: 2000 has no unit; write 2000B\n");
}

TEST(BadInput, AWrongUnitIsCalledByItsName) {
  EXPECT_EQ(after("rate: 0.2/s", "rate: 5s"),
            "small.yaml:10: workload.0.arrivals.rate: 5s is a duration, not a rate; a rate is written 0.8/s, 12/min or "
            "40/h\n");
  EXPECT_EQ(after("target: 3s", "target: 3s, processing_time: 3/s"),
            "small.yaml:16: scaling.scene.processing_time: 3/s is a rate, not a duration; processing_time is seconds "
            "per query; a rate in "
            "queries per second is written under throughput, e.g. throughput: 3/s\n");
}

TEST(BadInput, AFaultThatWouldHappenAllTheTimeIsRefused) {
  EXPECT_EQ(after("mean: 1s}}", "mean: 1s}, faults: {crash: {up: 0s}}}"),
            "small.yaml:6: models.quality.faults.crash.up: is 0: it would happen all the time; give a time above 0s\n");
  EXPECT_EQ(after("mean: 1s}}", "mean: 1s}, faults: {crash: {up: 3d, exit_code: 256}}}").substr(0, 78),
            "small.yaml:6: models.quality.faults.crash.exit_code: 256 is outside [0, 255]; ");
  EXPECT_EQ(after("mean: 1s}}", "mean: 1s}, faults: {pause: {up: 3d}}}"),
            "small.yaml:6: models.quality.faults.pause: down is missing; how long it stands still\n");
  EXPECT_EQ(after("mean: 1s}}", "mean: 1s}, faults: {crush: {up: 3d}}}"),
            "small.yaml:6: models.quality.faults: unknown key \"crush\"; did you mean \"crash\"?\n");
  EXPECT_NE(after("mean: 1s}}", "mean: 1s}, faults: {fatal_fault: {}}}")
                .find("models.quality.faults.fatal_fault: mean_time_between is missing"),
            std::string::npos);
}

TEST(BadInput, ReservationsBeyondTheGpuAreRefused) {
  EXPECT_EQ(after("{mode: time_slicing, replicas: 4}",
                  "{mode: mps, replicas: 4, active_threads: 0.3, static_partition: true}"),
            "small.yaml:14: cluster.node_pools.a10.sharing: static_partition: 4 reservations of 0.3 are more than the "
            "GPU; lower active_threads or replicas, or leave active_threads out for 1 / replicas\n");
  EXPECT_EQ(after("{mode: time_slicing, replicas: 4}", "{mode: mps, replicas: 4, static_partition: true}"), "");
}

TEST(BadInput, AWeightThatNoPoolLooksAtIsRefused) {
  const std::string weighted = with(kSmall, "mean: 1s}}", "mean: 1s}, compute_weight: 2}");
  EXPECT_EQ(messages(weighted), "");
  EXPECT_EQ(messages(with(weighted, "mode: time_slicing", "mode: hard_limit")),
            "small.yaml:6: models.quality.compute_weight: means nothing here: no pool of this cluster shares by turns; "
            "choose time_slicing for a pool, or leave it out\n");
}

TEST(BadInput, ANegativeRateIsRefused) {
  EXPECT_EQ(after("rate: 0.2/s", "rate: -0.2/s"),
            "small.yaml:10: workload.0.arrivals.rate: -0.2/s is negative; a rate is 0 or more\n");
}

TEST(BadInput, OutOfRangeNamesTheRange) {
  EXPECT_EQ(after("per_item: 1.5s", "per_item: 1.5s, gpu_active: 70"),
            "small.yaml:5: models.scene.latency.A10G.gpu_active: 70 is outside (0, 1]; 70 % is written 0.7\n");
  EXPECT_EQ(after("rate: 0.2/s", "rate: 0"),
            "small.yaml:10: workload.0.arrivals.rate: 0 is outside (0/s, 1000000000/s]; mean arrival rate, queries per "
            "second\n");
  EXPECT_NE(after("schema: 1", "schema: 2").find("small.yaml:1: schema: 2 is outside [1, 1]"), std::string::npos);
}

TEST(BadInput, OddNumbersAreRefused) {
  for (const char* bad :
       {"0x10", "010", ".inf", ".nan", "-.inf", "\"4\"", "1e999", "4.5", "four", "[4]", "{a: 4}", "~", "!!int 4"})
    EXPECT_NE(after("replicas: 4", std::string("replicas: ") + bad), "") << bad;
  EXPECT_EQ(after("replicas: 4", "replicas: \"4\""),
            "small.yaml:14: cluster.node_pools.a10.sharing.replicas: \"4\" is text in quotes, not a whole number; "
            "write it without quotes\n");
  EXPECT_EQ(after("replicas: 4", "replicas: 010"),
            "small.yaml:14: cluster.node_pools.a10.sharing.replicas: 010 has a leading zero, which YAML reads as "
            "octal; leave the zero out\n");
  EXPECT_EQ(after("replicas: 4", "replicas: 4.5"),
            "small.yaml:14: cluster.node_pools.a10.sharing.replicas: 4.5 is not a whole number\n");
  EXPECT_EQ(after("replicas: 4", "replicas:"),
            "small.yaml:14: cluster.node_pools.a10.sharing.replicas: has no value; give one or remove the key\n");
}

TEST(BadInput, UnknownNamesListTheKnown) {
  EXPECT_EQ(after("gpu: A10G", "gpu: H100").substr(0, 108),
            "small.yaml:14: cluster.node_pools.a10.gpu: unknown GPU \"H100\"; did you mean \"H100-PCIe\"? (known: T4, "
            "V100-16");
  EXPECT_EQ(
      after("policy: backlog_time", "policy: backlog"),
      "small.yaml:16: scaling.scene.policy: unknown policy \"backlog\"; did you mean \"backlog_time\"? (known: "
      "fixed, backlog_time, "
      "queue_depth, response_time, gpu_utilization, memory, expression, threshold, scheduled, predictive, max, min, "
      "hysteresis, rate_limit, warm_pool, hpa, keda, keda_job, knative_kpa, aws_target_tracking, "
      "aws_backlog_per_instance, aws_step_scaling)\n");
  EXPECT_EQ(after("mode: time_slicing", "mode: timeslicing"),
            "small.yaml:14: cluster.node_pools.a10.sharing.mode: unknown sharing mode \"timeslicing\"; did you mean "
            "\"time_slicing\"? (known: "
            "exclusive, time_slicing, mps, hard_limit, mig)\n");
  EXPECT_EQ(after("process: poisson", "process: posson"),
            "small.yaml:10: workload.0.arrivals.process: unknown process \"posson\"; did you mean \"poisson\"? (known: "
            "poisson, "
            "deterministic, renewal, batch_poisson, mmpp, on_off, hawkes, ramp, flash_crowd, span_counts, servegen)\n");
  EXPECT_NE(after("fixed: 0.5s", "fixed: 0.5s}, A10H: {fixed: 1s")
                .find("models.scene.latency: unknown GPU \"A10H\"; did you mean \"A10"),
            std::string::npos);
  EXPECT_NE(after("law: exponential", "law: exponentail")
                .find("models.quality.service_time.law: unknown law \"exponentail\"; did you mean \"exponential\"?"),
            std::string::npos);
  EXPECT_NE(after("scene: {latency", "scene: {profile: sd15, latency")
                .find("models.scene.profile: unknown profile \"sd15\"; did you mean \"sd15-fp16\"?"),
            std::string::npos);
}

TEST(BadInput, ModesTheCardDoesNotHaveAreRefused) {
  const std::string text =
      with(with(kSmall, "gpu: A10G", "gpu: P100-16GB, price: 1/h"), "mode: time_slicing", "mode: mps");
  EXPECT_NE(messages(with(text, "A10G:", "\"*\":"))
                .find("small.yaml:14: cluster.node_pools.a10.sharing: a P100-16GB (Pascal) has no mps; mps needs Volta "
                      "or newer"),
            std::string::npos);
}

TEST(BadInput, SharingNeedsItsReplicas) {
  EXPECT_EQ(after(", replicas: 4", ""),
            "small.yaml:14: cluster.node_pools.a10.sharing: replicas is missing; say how many replicas one GPU is "
            "advertised for\n");
  EXPECT_NE(
      after("{mode: time_slicing, replicas: 4}", "{replicas: 4}").find("4 replicas cannot share an exclusive GPU"),
      std::string::npos);
  EXPECT_NE(after("{mode: time_slicing, replicas: 4}", "{mode: mps, replicas: 49}")
                .find("49 replicas are more than the 48 clients mps takes; lower replicas"),
            std::string::npos);
}

TEST(BadInput, WorkloadMustNameWhatIsThere) {
  EXPECT_EQ(
      after("{model: quality", "{model: qualty"),
      "small.yaml:11: workload.1.model: unknown model \"qualty\"; did you mean \"quality\"? (known: scene, quality)\n");
  EXPECT_EQ(
      after("{pipeline: render", "{pipeline: rendr"),
      "small.yaml:10: workload.0.pipeline: unknown pipeline \"rendr\"; did you mean \"render\"? (known: render)\n");
  EXPECT_EQ(after("{model: quality, ", "{"),
            "small.yaml:11: workload.1: names neither model nor pipeline; write model: <name> or pipeline: <name>\n");
  EXPECT_EQ(after("{model: quality, ", "{model: quality, pipeline: render, "),
            "small.yaml:11: workload.1: model and pipeline are both given; make two entries\n");
  EXPECT_EQ(after(", arrivals: {rate: 0.1/s}", ""),
            "small.yaml:11: workload.1: has neither arrivals nor trace; give one, or a closed loop: clients.count\n");
}

TEST(BadInput, ScalingMustNameWhatIsThere) {
  EXPECT_EQ(after("scaling:\n  scene", "scaling:\n  scen"),
            "small.yaml:16: scaling.scen: unknown model \"scen\"; did you mean \"scene\"? (known: scene, quality)\n");
}

TEST(BadInput, BoundsMustBeInOrder) {
  EXPECT_EQ(after("max: 8", "min: 9, max: 8"),
            "small.yaml:16: scaling.scene: min 9 is more than max 8; lower min or raise max\n");
  EXPECT_EQ(after("max: 8", "initial: 9, max: 8"),
            "small.yaml:16: scaling.scene: initial 9 is outside [1, 8]; start between min and max\n");
  EXPECT_EQ(after("nodes: {min: 1, max: 4}", "nodes: {min: 5, max: 4}"),
            "small.yaml:14: cluster.node_pools.a10.nodes: min 5 is more than max 4; lower min or raise max\n");
  EXPECT_EQ(after("horizon: 1h", "horizon: 1h\nwarm_up: 1h"),
            "small.yaml:4: warm_up: is not shorter than the horizon; nothing would be measured\n");
  EXPECT_NE(after("policy: backlog_time, target: 3s, max: 8", "policy: fixed, max: 8")
                .find("scaling.scene.max: means nothing with policy: fixed; write replicas"),
            std::string::npos);
}

TEST(BadInput, OneWordOnServiceTimes) {
  EXPECT_EQ(after("scene: {latency", "scene: {service_time: 1s, latency"),
            "small.yaml:5: models.scene: latency and service_time are both given; keep one: latency by GPU type, or "
            "one law for any GPU\n");
  EXPECT_EQ(
      after("latency: {A10G: {fixed: 0.5s, per_item: 1.5s}}, ", ""),
      "small.yaml:5: models.scene: says nothing of how long a query takes; give latency, service_time or a profile\n");
  EXPECT_NE(after("{fixed: 0.5s, per_item: 1.5s}", "{cv: 0.1}").find("fixed and per_item are both 0"),
            std::string::npos);
  EXPECT_NE(after("{law: exponential, mean: 1s}", "0s").find("is 0: a query would take no time"), std::string::npos);
}

TEST(BadInput, LawsMustHoldTogether) {
  EXPECT_EQ(after("{law: exponential, mean: 1s}", "{law: hyperexponential, mean: 1s, scv: 0.5}"),
            "small.yaml:6: models.quality.service_time: scv: 0.5 is below 1; a hyperexponential law has scv >= 1 "
            "(gamma and lognormal go below)\n");
  EXPECT_EQ(after("{law: exponential, mean: 1s}", "{law: exponential, mean: 1s, scv: 2}"),
            "small.yaml:6: models.quality.service_time: scv: 2 does not fit law exponential, whose scv is 1; leave it "
            "out or say law: gamma\n");
  EXPECT_EQ(after("{law: exponential, mean: 1s}", "{law: gamma, mean: 1s}"),
            "small.yaml:6: models.quality.service_time: scv is missing; squared coefficient of variation: variance "
            "over squared mean\n");
  EXPECT_NE(after("{process: poisson, rate: 0.2/s}", "{process: renewal, law: hyperexponential, scv: 0.5, rate: 0.2/s}")
                .find("workload.0.arrivals: scv: 0.5 is below 1"),
            std::string::npos);
  EXPECT_NE(after("{law: exponential, mean: 1s}", "{values: [1s, 2s], weights: [1]}").find("1 weights for 2 values"),
            std::string::npos);
}

TEST(BadInput, BothSpellingsOfTheBacklogRuleAreOneTooMany) {
  EXPECT_NE(after("target: 3s", "target: 3s, processing_time: 1s, throughput: 1/s")
                .find("small.yaml:16: scaling.scene: processing_time and throughput are both given; "),
            std::string::npos);
}

TEST(BadInput, AModelThatFitsOnNoGpuNamesBothFigures) {
  EXPECT_EQ(after("weights: 2GB", "weights: 30GB"),
            "small.yaml:5: models.scene: scene needs 28.4 GiB on one GPU; the largest in this cluster has 22 GiB; take "
            "a larger GPU\n");
}

TEST(BadInput, AModelThatPassesItsOwnLimitNamesTheLimit) {
  EXPECT_EQ(messages(with(with(kSmall, "weights: 2GB", "weights: 8GB"), "mode: time_slicing", "mode: hard_limit")),
            "small.yaml:5: models.scene: scene needs 7.94 GiB on one GPU; its limit in this cluster is 5.5 GiB; raise "
            "memory_limit, lower the "
            "pool's replicas, or take a larger GPU\n");
}

TEST(BadInput, LatencyForNoneOfTheClustersGpusIsRefused) {
  EXPECT_EQ(after("A10G: {fixed", "T4: {fixed"),
            "small.yaml:5: models.scene.latency: is given for T4, and the cluster has A10G; add the GPU's figures, or "
            "\"*\" for any\n");
}

TEST(BadInput, AMissingTraceIsSaidAtItsPath) {
  EXPECT_EQ(after("arrivals: {rate: 0.1/s}", "trace: {file: no.csv}"),
            "small.yaml:11: workload.1.trace.file: no such file: " WINDTUNNEL_SOURCE_DIR
            "/scenarios/no.csv; paths are relative to the scenario's folder\n");
  EXPECT_NE(after("arrivals: {rate: 0.1/s}", "trace: {file: data}").find("is a folder; name a file in it"),
            std::string::npos);
  EXPECT_NE(after("arrivals: {rate: 0.1/s}", "trace: {file: data/example.csv, map: {a: nobody}}")
                .find("workload.1.trace.map.a: unknown model or pipeline \"nobody\""),
            std::string::npos);
}

TEST(BadInput, PipelinesAreGraphsOfModels) {
  const auto edges = [](const std::string& list) {
    return messages(with(with(kSmall, "stages: [scene, quality]", "edges: " + list), "  quality: {service",
                         "  cond: {service_time: 1s}\n  quality: {service"));
  };
  EXPECT_EQ(edges("[scene -> cond, cond -> quality, quality -> scene]"),
            "small.yaml:9: pipelines.render.edges: the edges form a cycle: scene -> cond -> quality -> scene; remove "
            "one of them, or write it under feedback with a probability\n");
  EXPECT_NE(edges("[scene -> cond, cond -> cond]").find("the edges form a cycle: cond -> cond;"), std::string::npos);
  EXPECT_EQ(edges("[scene -> cond, scene -> quality]"), "");
  EXPECT_NE(edges("[scene -> cond, scene -> cond]").find("scene -> cond is there twice"), std::string::npos);
  EXPECT_NE(edges("[scene -> qualty]").find("unknown model \"qualty\"; did you mean \"quality\"?"), std::string::npos);
  EXPECT_NE(edges("[{from: scene, to: cond, probability: 1.5}]").find("probability: 1.5 is outside (0, 1]"),
            std::string::npos);
  EXPECT_NE(edges("[{from: scene, to: cond, choice: x, probability: 0.7}, {from: scene, to: quality, choice: x, "
                  "probability: 0.7}]")
                .find("choice \"x\" of scene have probabilities of 1.4 together; they exclude each other: at most 1"),
            std::string::npos);
  EXPECT_NE(edges("[scene -> cond], feedback: [cond -> scene]").find("cond -> scene has no probability below 1"),
            std::string::npos);
  EXPECT_NE(edges("[scene -> cond], feedback: [{from: scene, to: cond, probability: 0.5}]").find("leads forward"),
            std::string::npos);
  EXPECT_NE(edges("[scene -> cond], optional: [quality]").find("unknown stage \"quality\""), std::string::npos);
  EXPECT_NE(edges("[scene quality]").find("\"scene quality\" is no edge; write a -> b"), std::string::npos);
  EXPECT_NE(after("stages: [scene, quality]", "stages: [scene, nobody]")
                .find("pipelines.render.stages: unknown model \"nobody\""),
            std::string::npos);
  EXPECT_NE(after("stages: [scene, quality]", "stages: [scene, scene]")
                .find("\"scene\" is there twice; a query visits a model once"),
            std::string::npos);
}

TEST(BadInput, CurvesHaveOneShape) {
  EXPECT_NE(after("rate: 0.2/s", "rate: 0.2/s, curve: {amplitude: 1.2, period: 1h}")
                .find("curve.amplitude: 1.2 is outside [0, 1]"),
            std::string::npos);
  EXPECT_NE(after("rate: 0.2/s", "rate: 0.2/s, curve: {hourly: [1, 2]}")
                .find("curve.hourly: has 2 numbers; a day has 24 hours"),
            std::string::npos);
  EXPECT_NE(after("rate: 0.2/s", "rate: 0.2/s, curve: {amplitude: 0.5, points: [1]}")
                .find("amplitude, points and hourly do not go together"),
            std::string::npos);
  EXPECT_NE(after("rate: 0.2/s", "rate: 0.2/s, curve: {period: 1h, points: [0, 0]}").find("holds no number above 0"),
            std::string::npos);
}

TEST(BadInput, AQueueOfNoPlacesIsExplained) {
  EXPECT_EQ(after("quality: {service", "quality: {max_queue: 0, service"),
            "small.yaml:6: models.quality.max_queue: 0 is outside [1, 2147483647]; write unbounded for no limit\n");
}

TEST(BadInput, AnEndlessRunIsRefused) {
  EXPECT_EQ(
      after("horizon: 1h\n", ""),
      "small.yaml:1: horizon is missing; write horizon: 6h; or run: to_empty with `queries` on every workload entry\n");
  EXPECT_EQ(after("horizon: 1h\n", "run: to_empty\n"),
            "small.yaml:1: horizon is missing and the traffic never ends; write horizon: 6h, or give every workload "
            "entry `queries`\n");
}

TEST(BadInput, MissingBlocksAreNamed) {
  EXPECT_EQ(messages("horizon: 1h\n"),
            "small.yaml:1: schema is missing; version of this grammar: 1\n"
            "small.yaml:1: models is missing; write `models: {quality: {profile: clip-scorer}}`\n"
            "small.yaml:1: workload is missing; write `workload: [{model: quality, arrivals: {process: poisson, rate: "
            "0.8/s}}]`\n"
            "small.yaml:1: cluster is missing; write `cluster: {node_pools: {a10: {gpu: A10G, nodes: 1}}}`\n");
  EXPECT_NE(messages("[1, 2]\n").find("small.yaml:1: is a list, not a scenario"), std::string::npos);
}

TEST(BadInput, MergeKeysAreNotExpanded) {
  EXPECT_NE(
      after("  quality: {service", "  quality: {<<: {copies: 1}, service").find("merge keys (<<) are not expanded"),
      std::string::npos);
}

TEST(BadInput, AllProblemsComeAtOnceInTheOrderOfTheFile) {
  std::string text = with(kSmall, "horizon: 1h", "horizon: 60");
  text = with(text, "weights: 2GB", "wieghts: 2GB");
  text = with(text, "rate: 0.2/s", "rate: -1/s");
  text = with(text, "gpu: A10G", "gpu: A100");
  text = with(text, "max: 8", "max: 0");
  const auto result = testing::parse(text);
  ASSERT_FALSE(result);
  std::vector<std::string> places;
  for (const auto& error : result.problems()) places.push_back(error.where.substr(0, error.where.find(": ")));
  EXPECT_EQ(places, (std::vector<std::string>{"small.yaml:3", "small.yaml:5", "small.yaml:10", "small.yaml:14",
                                              "small.yaml:16"}));
}

TEST(BadInput, MessagesAreShortLinesWithoutTerminalEscapes) {
  EXPECT_NE(after("horizon: 1h", "horizon: 1h\n\"a\\e[31m\\nb\": 1").find("unknown key \"a\\x1b[31m\\x0ab\""),
            std::string::npos);
  EXPECT_LT(after("horizon: 1h", "horizon: 1h\n" + std::string(1000, 'k') + ": 1").size(), 1000u);
}

TEST(BadInput, AFloodOfProblemsIsCut) {
  std::string text = kSmall;
  for (int i = 0; i < 200; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto result = testing::parse(text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.problems().size(), 51u);
  EXPECT_EQ(result.problems().back().text(), "and 150 more problems; mend these first");
}

}  // namespace bad_input_test
}  // namespace windtunnel
