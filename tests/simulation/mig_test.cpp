// MIG: instances are devices of their own, cards are what is paid for and counted.
#include "tests/simulation/harness.hpp"

namespace windtunnel::testing {
namespace {

const std::string kSizes = "timestamp,size\n0,7\n";

// One query of 7 items, a second each on a whole card. The larger profiles come first.
std::string one_model(const std::string& layout, const std::string& model, const std::string& more_sharing = "") {
  return "horizon: 100s\n"
         "models: {m: {" +
         model +
         "}}\n"
         "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
         "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: " +
         layout + more_sharing + "}}}}\n";
}

TEST(Mig, WorkThatFillsTheCardTakesSevenOverKTimesAsLongOnKSlices) {
  const std::string model = "latency: {per_item: 1s}";
  EXPECT_DOUBLE_EQ(run(one_model("[7g.40gb]", model), kSizes).ended_s(0), 7);
  EXPECT_DOUBLE_EQ(run(one_model("[1g.5gb]", model), kSizes).ended_s(0), 49);
  EXPECT_NEAR(run(one_model("[3g.20gb]", model), kSizes).ended_s(0), 49.0 / 3, 1e-9);
}

TEST(Mig, WorkThatFillsNoMoreThanTheSliceIsNotSlowed) {
  EXPECT_DOUBLE_EQ(run(one_model("[3g.20gb]", "latency: {per_item: 1s, sm_activity: 0.4}"), kSizes).ended_s(0), 7);
}

TEST(Mig, HostTimeIsNotSlowed) {
  const Ran ran = run(one_model("[1g.5gb]", "latency: {per_item: 1s, gpu_active: 0.5}"), kSizes);
  EXPECT_NEAR(ran.ended_s(0), 3.5 + 7 * 3.5, 1e-9);
}

TEST(Mig, AReplicaGoesToTheSmallestFreeInstanceThatHoldsIt) {
  // 6 GiB need a 2g, whatever is free; the profile asked for wins.
  const std::string layout = "[3g.20gb, 2g.10gb, 1g.5gb, 1g.5gb]";
  const std::string model = "latency: {per_item: 1s}, memory: {weights: 6GiB}";
  EXPECT_DOUBLE_EQ(run(one_model(layout, model), kSizes).ended_s(0), 24.5);
  EXPECT_NEAR(run(one_model(layout, model + ", mig_profile: 3g.20gb"), kSizes).ended_s(0), 49.0 / 3, 1e-9);
}

TEST(Mig, AnInstanceIsItsOwnLedger) {
  // 4864 MiB, of which 500 are context: 4300 of weights leave 64 for an item of 100.
  const Ran ran = run(one_model("[1g.5gb, 1g.5gb]",
                                "latency: {per_item: 1s}, memory: {weights: 4300MiB, per_item: 100MiB, overhead: 1}, "
                                "max_deliveries: 1"),
                      "timestamp,size\n0,1\n");
  ASSERT_EQ(ran.kills.size(), 1U);
  EXPECT_EQ(ran.kills[0].cause, KillCause::device_full);
  EXPECT_EQ(ran.kills[0].device_size.value, 4864 * kMiB);
  EXPECT_EQ(ran.kills[0].device_used.value, 4800 * kMiB);
}

// One card: a small model's instances first, then one for the large one.
std::string relaid(const std::string& nodes = "1", const std::string& model = "") {
  return "horizon: 200s\n"
         "models:\n"
         "  small: {latency: {per_item: 1s, sm_activity: 0.1}, mig_profile: 1g.5gb" +
         model +
         "}\n"
         "  large: {latency: {per_item: 1s}, mig_profile: 7g.40gb}\n"
         "workload: [{trace: {file: trace.csv, rebase: false, label_column: m, map: {s: small, l: large}}}]\n"
         "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: " +
         nodes +
         ", sharing: {mode: mig, layout: [1g.5gb], relayouts: [{at: 50s, layout: [7g.40gb]}, {at: 100s, layout: "
         "[1g.5gb]}], relayout_least: 5s, relayout_most: 5s, relayout_plugin: 0s}}}}\n"
         "scaling: {small: {policy: fixed, replicas: 1}, large: {policy: fixed, replicas: 1}}\n";
}

TEST(MigRelayout, WaitsForTheLastQueryThenForItsInstancesThenStartsTheReplicasAnew) {
  // The query of 20 s that began at 45 ends at 65; the card is cut at 70; large waited for it since time 0. At 100 it
  // ends what it has, and small is back at 105 + its cold start.
  const Ran ran = run(relaid("1", ", cold_start: {load: 3s}"), "timestamp,m,size\n0,l,1\n45,s,20\n80,s,1\n99,l,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 65);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 71);
  EXPECT_DOUBLE_EQ(ran.ended_s(3), 101);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 101 + 5 + 3 + 1);
  EXPECT_EQ(ran.result.cluster.relayouts, 2U);
  EXPECT_EQ(ran.model("small").kills.total, 0U);
  EXPECT_DOUBLE_EQ(ran.result.cluster.gpu_hours, 200.0 / 3600);  // a card that is being cut is paid for
}

TEST(MigRelayout, GoesNodeByNodeSoThatTheOthersServeMeanwhile) {
  // Both nodes hold a small one; the first is cut from 50 to 55, then the other.
  std::string yaml = relaid("2");
  yaml.replace(yaml.find("replicas: 1"), 11, "replicas: 2");
  const Ran ran = run(yaml, "timestamp,m,size\n0,l,1\n52,s,1\n57,s,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 53);      // on the second node
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 55 + 1);  // on the first, as soon as it is cut
  EXPECT_GT(ran.ended_s(2), 100);            // nowhere until the layout is back
  EXPECT_EQ(ran.result.cluster.relayouts, 4U);
}

TEST(MigRelayout, DrawsItsTimeByNodeAndChange) {
  std::string yaml = relaid();
  yaml.replace(yaml.find(", relayout_least: 5s, relayout_most: 5s"), 39, "");
  double least = 1e9, most = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const double ended = run(yaml, "timestamp,m,size\n0,l,1\n", seed).ended_s(0) - 51;
    least = std::min(least, ended);
    most = std::max(most, ended);
  }
  EXPECT_GE(least, 3);
  EXPECT_LE(most, 10);
  EXPECT_GT(most - least, 3);  // of 7, in 30 draws
}

// One card of one 3g and one 1g; `mid` asks for a 2g, which neither is.
std::string pending(const std::string& layouts, const std::string& replicas_of_mid = "{policy: fixed, replicas: 1}",
                    const std::string& more = "") {
  return "horizon: 400s\n"
         "models:\n"
         "  small: {latency: {per_item: 1s, sm_activity: 0.1}, mig_profile: 1g.5gb}\n"
         "  mid: {latency: {per_item: 1s}, mig_profile: 2g.10gb}\n"
         "workload: [{trace: {file: trace.csv, rebase: false, label_column: m, map: {s: small, m: mid}}}]\n"
         "cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: [3g.20gb, 1g.5gb], "
         "relayout_least: 5s, relayout_most: 5s, relayout_plugin: 10s, relayout_on_pending: {layouts: " +
         layouts + ", after: 20s" + more +
         "}}}}}\n"
         "scaling: {small: {policy: fixed, replicas: 1}, mid: " +
         replicas_of_mid + "}\n";
}

TEST(MigOnPending, CutsACardForAPodThatWaitedAndKeepsThePlacesOfThoseThatRan) {
  // mid waits from 0 on, is looked at after 20 s; the query of small that began at 18 ends at 22; 5 s to cut, 10 s for
  // the plugin.
  const Ran ran = run(pending("[[7g.40gb], [2g.10gb, 1g.5gb]]"), "timestamp,m,size\n0,m,2\n18,s,4\n30,s,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 22);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 22 + 5 + 10 + 2 * 3.5);
  EXPECT_DOUBLE_EQ(ran.ended_s(2), 22 + 5 + 10 + 1);
  EXPECT_EQ(ran.result.cluster.relayouts, 1U);
  EXPECT_EQ(ran.model("small").kills.total, 0U);
}

TEST(MigOnPending, TakesNoModelsLastPlace) {
  const Ran ran = run(pending("[[7g.40gb], [2g.10gb, 2g.10gb]]"), "timestamp,m,size\n0,m,2\n30,s,1\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 31);
  EXPECT_TRUE(std::isnan(ran.ended_s(0)));
  EXPECT_EQ(ran.result.cluster.relayouts, 0U);
}

TEST(MigOnPending, ChoosesTheLayoutThatSeatsMost) {
  const Ran ran = run(pending("[[2g.10gb, 1g.5gb], [2g.10gb, 2g.10gb, 1g.5gb], [2g.10gb, 2g.10gb, 1g.5gb, 1g.5gb]]",
                              "{policy: fixed, replicas: 2}"),
                      "timestamp,m,size\n0,m,2\n0,m,2\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 35 + 7);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 35 + 7);  // at once: the layout with one 2g was not taken
  EXPECT_EQ(ran.result.cluster.relayouts, 1U);
}

TEST(MigOnPending, KeepsALayoutForAWhile) {
  // A second replica of mid from 100 s on, which the present layout has no place for; cut for the first at 35.
  const auto ended = [](const std::string& keep) {
    const Ran ran = run(pending("[[2g.10gb, 1g.5gb], [2g.10gb, 2g.10gb, 1g.5gb]]",
                                "{policy: scheduled, at: [0s, 100s], replicas: [1, 2], min: 1, max: 2, initial: 1, "
                                "interval: 1s, scrape_interval: 0s}",
                                ", keep: " + keep),
                        "timestamp,m,size\n0,m,2\n");
    return ran.result.cluster.relayouts;
  };
  EXPECT_EQ(ended("10m"), 1U);
  EXPECT_EQ(ended("30s"), 2U);
}

TEST(MigOnPending, SeesNodesOnTheirWayAndLeavesTheCardAsItIs) {
  std::string yaml = pending("[[2g.10gb, 1g.5gb]]");
  yaml.replace(yaml.find("nodes: 1,"), 9, "nodes: {min: 1, max: 2}, provision: 60s,");
  yaml.replace(yaml.find("mig_profile: 2g.10gb"), 20, "mig_profile: 3g.20gb");
  yaml.replace(yaml.find("mid: {policy: fixed, replicas: 1}"), 33, "mid: {policy: fixed, replicas: 2}");
  const Ran ran = run(yaml, "timestamp,m,size\n0,m,3\n0,m,3\n");
  EXPECT_EQ(ran.result.cluster.relayouts, 0U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 7);
  EXPECT_EQ(ran.result.cluster.nodes_ordered, 2U);  // with the one of time 0
}

TEST(Mig, CountsAndBillsCardsNotInstances) {
  const Ran ran = run(one_model("[3g.20gb, 3g.20gb]", "latency: {per_item: 1s}"), kSizes);
  EXPECT_DOUBLE_EQ(ran.result.cluster.gpu_hours, 100.0 / 3600);
  EXPECT_NEAR(ran.result.cluster.cost_usd, 2.7447 * 100 / 3600, 1e-9);
  // Busy for 49/3 s on 3 of 7 slices.
  EXPECT_NEAR(ran.result.cluster.gpu_utilization, 49.0 / 3 * 3 / 7 / 100, 1e-9);
  ASSERT_FALSE(ran.result.notes.empty());
  EXPECT_NE(ran.result.notes[0].find("3g.20gb@0, 3g.20gb@4; 1 compute slices and 12 MiB of it are in none"),
            std::string::npos)
      << ran.result.notes[0];
}

TEST(Mig, SeveralReplicasOfAnInstanceShareItByMps) {
  const std::string model = "latency: {per_item: 1s}, memory: {weights: 1GiB}, copies: 2";
  std::string yaml = one_model("[7g.40gb]", model, ", replicas_per_instance: 2, contention: 1, active_threads: 0.5");
  yaml.replace(yaml.find("{model: m, trace: {file: trace.csv, rebase: false}}"), 51,
               "{trace: {file: trace.csv, rebase: false, map: {a: m-0, b: m-1}}}");
  const Ran ran = run(yaml, "timestamp,model\n0,a\n0,b\n");
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 2);  // half of the SMs each
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 2);
}

TEST(Mig, NodesAreOrderedForInstancesThatHoldTheReplica) {
  // Each card has one instance for `m`; two replicas need two nodes at once, and none is ordered for nothing.
  const Ran ran = run(R"(
horizon: 300s
models: {m: {latency: {per_item: 1s}, memory: {weights: 6GiB}}}
workload: [{model: m, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: A100-40GB, nodes: {min: 0, max: 4}, provision: 60s, sharing: {mode: mig, layout: [2g.10gb, 1g.5gb, 1g.5gb]}}}}
scaling: {m: {policy: fixed, replicas: 2}}
)",
                      "timestamp,size\n0,2\n0,2\n");
  EXPECT_EQ(ran.result.cluster.nodes_ordered, 2U);
  EXPECT_DOUBLE_EQ(ran.ended_s(0), 60 + 7);
  EXPECT_DOUBLE_EQ(ran.ended_s(1), 60 + 7);
}

// One second, and one for each item on the whole card.
const std::string kLaw = "latency: {law: work_span, a: 1s, f: 0s, w: 1s, p: 1}";

TEST(Mig, ALawIsAskedAtTheSlicesShareOfTheCard) {
  EXPECT_NEAR(run(one_model("[7g.40gb]", kLaw), kSizes).ended_s(0), 1 + 7, 1e-6);
  EXPECT_NEAR(run(one_model("[1g.5gb]", kLaw), kSizes).ended_s(0), 1 + 49, 1e-6);
}

TEST(Mig, ALawUnderMpsInAnInstanceIsAskedAtItsPartOfTheSlice) {
  const std::string more = ", replicas_per_instance: 2, contention: 1, active_threads: 0.5";
  const std::string model = kLaw + ", memory: {weights: 1GiB}";
  EXPECT_NEAR(run(one_model("[4g.20gb]", model, more), kSizes).ended_s(0), 1 + 7 / (2.0 / 7), 1e-5);
}

TEST(Mig, AFatalFaultUnderMpsStaysInItsInstance) {
  const Ran ran = run(R"(
horizon: 60s
models:
  culprit: {latency: {per_item: 1s}, faults: {fatal_fault: {mean_time_between: 20s}}, mig_profile: 3g.20gb, max_deliveries: 1000}
  near: {latency: {per_item: 1s}, mig_profile: 3g.20gb}
  far: {latency: {per_item: 1s}, mig_profile: 4g.20gb}
workload: [{model: culprit, trace: {file: trace.csv, rebase: false}}]
cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: [4g.20gb, 3g.20gb], replicas_per_instance: 2}}}}
)",
                      "timestamp,size\n0,500\n");
  ASSERT_GT(ran.model("culprit").kills.total, 0U);
  EXPECT_GT(ran.model("near").kills.total, 0U);
  EXPECT_EQ(ran.model("far").kills.total, 0U);
  for (const auto& kill : ran.kills) EXPECT_LE(kill.blast_radius, 1U);
}

// Law 3 across instances: whatever the neighbour does, a model's queries end at the same nanosecond, and its kills are
// the same to the byte.
Ran beside(const std::string& neighbour, const std::string& traffic) {
  return run(R"(
horizon: 2000s
models:
  m: {latency: {fixed: 0.1s, per_item: 1s, cv: 0.3}, memory: {weights: 8GiB, per_item: 200MiB}, mig_profile: 2g.10gb, dispatch: round_robin}
  n: {latency: {per_item: 1s, cv: 0.5}, mig_profile: 3g.20gb, )" +
             neighbour + R"(}
workload:
  - {model: m, size: {law: geometric, mean: 2}, arrivals: {rate: 0.1/s}}
  - {model: n, size: {law: geometric, mean: 4}, arrivals: {rate: )" +
             traffic + R"(}}
cluster: {node_pools: {p: {gpu: A100-40GB, nodes: 1, sharing: {mode: mig, layout: [3g.20gb, 2g.10gb, 2g.10gb]}}}}
scaling: {m: {policy: fixed, replicas: 2}}
)");
}

TEST(Mig, ANeighbourInAnotherInstanceChangesNothing) {
  const Ran quiet = beside("memory: {weights: 1GiB}", "0.0001/s");
  const Ran loud = beside("memory: {weights: 17GiB, per_item: 1GiB}", "2/s");
  ASSERT_GT(loud.model("n").kills.total, 0U);
  ASSERT_GT(quiet.model("m").kills.total, 0U);
  const auto ends = [](const Ran& ran) {
    std::vector<std::pair<SimTime, SimTime>> out;
    for (const auto& q : ran.queries)
      if (q.model == 0) out.emplace_back(q.arrived, q.ended);
    return out;
  };
  EXPECT_EQ(ends(quiet), ends(loud));
  const auto kills = [](const Ran& ran) {
    std::vector<std::tuple<SimTime, ReplicaId, std::int64_t, std::int64_t, KillCause>> out;
    for (const auto& k : ran.kills)
      if (k.model == 0) out.emplace_back(k.at, k.replica, k.own_used.value, k.device_used.value, k.cause);
    return out;
  };
  EXPECT_EQ(kills(quiet), kills(loud));
}

// Not MIG's: a duty-cycle cap of a half, off by up to a tenth for each process and the same for its whole life.
TEST(HardLimit, EachProcessKeepsItsOwnErrorOfTheCap) {
  const auto ends = [](const std::string& error) {
    return run(
        "horizon: 1000s\nmodels: {m: {latency: {per_item: 1s}, dispatch: round_robin}}\n"
        "workload: [{model: m, trace: {file: trace.csv, rebase: false}}]\n"
        "cluster: {node_pools: {p: {gpu: T4, nodes: 2, sharing: {mode: hard_limit, replicas: 1, overhead: 0, "
        "compute_share: 0.5, compute_error: " +
            error + "}}}}\nscaling: {m: {policy: fixed, replicas: 2}}\n",
        "timestamp,size\n0,10\n0,10\n100,10\n100,10\n");
  };
  const Ran exact = ends("0");
  for (const std::uint64_t serial : {0U, 1U}) EXPECT_DOUBLE_EQ(exact.ended_s(serial), 20);
  const Ran off = ends("0.1");
  EXPECT_NE(off.ended_s(0), off.ended_s(1));
  for (const std::uint64_t serial : {0U, 1U}) {
    EXPECT_NE(off.ended_s(serial), 20);
    EXPECT_GE(off.ended_s(serial), 20 / 1.1);
    EXPECT_LE(off.ended_s(serial), 20 / 0.9);
    EXPECT_NEAR(off.ended_s(serial + 2), 100 + off.ended_s(serial), 1e-6);
  }
}

}  // namespace
}  // namespace windtunnel::testing
