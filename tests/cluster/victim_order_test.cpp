// The order in which a ReplicaSet deletes pods (reference: Kubernetes pkg/controller/controller_utils.go).
#include <gtest/gtest.h>

#include "sim/cluster/victim_order.hpp"

namespace windtunnel {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

PodStanding ready_pod(const std::string& uid, Duration ready_age) {
  return {.uid = uid,
          .assigned = true,
          .phase = ReplicaPhase::running,
          .ready = true,
          .ready_age = ready_age,
          .age = seconds(5000)};
}

std::string order_text(const std::vector<PodStanding>& pods) {
  std::string out;
  for (const std::size_t i : victim_order(pods)) out += pods[i].uid;
  return out;
}

TEST(VictimOrder, ComparesAgesByPowersOfTwoOfNanosecondsThenUids) {
  // 549.755813888 s is 2^39 ns; 1099.511627776 s is 2^40.
  EXPECT_EQ(order_text({ready_pod("z", seconds(600)), ready_pod("y", seconds(1000)), ready_pod("x", seconds(1090))}),
            "xyz");
  const auto edge = nanoseconds(1LL << 39);
  EXPECT_EQ(order_text({ready_pod("a", edge), ready_pod("b", edge - nanoseconds(1))}), "ba");
  EXPECT_EQ(order_text({ready_pod("b", edge), ready_pod("a", edge * 2 - nanoseconds(1))}), "ab");
}

TEST(VictimOrder, EachKeyDecidesOnlyWhereThoseBeforeItAreEqual) {
  PodStanding base = ready_pod("m", seconds(100));
  std::vector<PodStanding> pods(9, base);
  pods[0].assigned = false;
  pods[1].phase = ReplicaPhase::pending;
  pods[2].phase = ReplicaPhase::unknown;
  pods[3].ready = false;
  pods[4].deletion_cost = -1;
  pods[5].rank = 3;
  pods[6].ready_age = seconds(1);
  pods[7].restarts = 1;
  const auto order = victim_order(pods);
  EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(VictimOrder, PodsReadyAtTheSameInstantGoByRestartsThenByTheirOwnAge) {
  PodStanding young = ready_pod("z", seconds(100)), old = ready_pod("a", seconds(100));
  young.age = seconds(101);
  EXPECT_EQ(order_text({old, young}), "za");
  old.restarts = 1;
  EXPECT_EQ(order_text({young, old}), "az");
}

TEST(VictimOrder, AnAgeOfZeroIsTheYoungest) {
  EXPECT_EQ(order_text({ready_pod("a", seconds(1)), ready_pod("b", Duration{})}), "ba");
}

}  // namespace
}  // namespace windtunnel
