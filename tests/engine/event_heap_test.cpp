// The one order of events (law 8): time, kind as declared, entity, the entity's own sequence.
#include "sim/engine/event_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <vector>

#include "sim/core/rng.hpp"

namespace windtunnel {
namespace event_heap_test {

constexpr int kKinds = static_cast<int>(EventKind::nodes_disrupted) + 1;

SimTime at(std::int64_t ns) {
  return SimTime{Duration{ns}};
}

std::vector<int> shuffled(int n, std::uint64_t seed) {
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(seed);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[rng.below(static_cast<std::uint32_t>(i))]);
  return order;
}

TEST(EventOrder, IsDeclaredAsTheDesignListsIt) {
  const std::vector<EventKind> declared = {EventKind::batch_finished,
                                           EventKind::host_phase_finished,
                                           EventKind::response_returned,  // releases
                                           EventKind::replica_stage_done,
                                           EventKind::node_ready,  // becoming ready
                                           EventKind::query_arrived,
                                           EventKind::query_delivered,  // arrivals
                                           EventKind::batch_wait_over,  // slice expiries
                                           EventKind::allocation,       //
                                           EventKind::readiness_failed,
                                           EventKind::liveness_killed,  // probes
                                           EventKind::sampled,
                                           EventKind::scraped,     // scrapes
                                           EventKind::policy_due,  // scalers
                                           EventKind::replica_restarts,
                                           EventKind::pods_scheduled,  // pod scheduling
                                           EventKind::node_idle};      // node scalers
  EXPECT_TRUE(std::is_sorted(declared.begin(), declared.end()));
  EXPECT_EQ(std::adjacent_find(declared.begin(), declared.end()), declared.end());
}

TEST(EventHeap, RunsEventsOfOneInstantInDeclaredOrder) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EventHeap heap;
    for (const int kind : shuffled(kKinds, seed)) heap.push(at(7), static_cast<EventKind>(kind), 0);
    for (int kind = 0; kind < kKinds; ++kind) ASSERT_EQ(static_cast<int>(heap.pop().kind), kind) << "seed " << seed;
    EXPECT_TRUE(heap.empty());
  }
}

TEST(EventHeap, RunsEntitiesOfOneKindInOrderOfTheirIds) {
  EventHeap heap;
  for (const int entity : shuffled(50, 3)) heap.push(at(7), EventKind::scraped, static_cast<std::uint32_t>(entity));
  for (std::uint32_t entity = 0; entity < 50; ++entity) ASSERT_EQ(heap.pop().entity, entity);
}

TEST(EventHeap, KeepsTheSequenceOfOneEntity) {
  EventHeap heap;
  for (std::uint32_t tag = 0; tag < 50; ++tag) heap.push(at(7), EventKind::replica_restarts, 4, tag);
  for (std::uint32_t tag = 0; tag < 50; ++tag) ASSERT_EQ(heap.pop().tag, tag);
}

TEST(EventHeap, PutsTimeBeforeEverythingElse) {
  EventHeap heap;
  heap.push(at(8), EventKind::window_begins, 0);
  heap.push(at(7), EventKind::node_idle, 9);
  EXPECT_EQ(heap.at(), at(7));
  EXPECT_EQ(heap.pop().kind, EventKind::node_idle);
  EXPECT_EQ(heap.pop().kind, EventKind::window_begins);
  EXPECT_EQ(heap.at(), kNever);
}

TEST(EventHeap, StaysInOrderWhilePushesAndPopsMix) {
  EventHeap heap;
  Rng rng(1);
  auto last = std::tuple(at(0), EventKind{}, 0U);
  for (int step = 0; step < 5000; ++step) {
    // Never earlier than what came out last, as a run pushes.
    const auto now = std::get<0>(last);
    const auto delay = Duration{1 + rng.below(20)};
    const auto kind = static_cast<EventKind>(rng.below(kKinds));
    heap.push(now + delay, kind, rng.below(6));
    if (rng.below(2) == 0 && heap.size() < 200) continue;
    const Scheduled event = heap.pop();
    const auto key = std::tuple(event.at, event.kind, event.entity);
    ASSERT_LE(last, key) << "step " << step;
    last = key;
  }
}

}  // namespace event_heap_test
}  // namespace windtunnel
