// Every query that is inside, one cache line each; slots are recycled, so memory follows the number present.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/time.hpp"
#include "sim/core/units.hpp"

namespace windtunnel {

/// backing_off: between two attempts. forked: its stages have slots of their own.
enum class QueryState : std::uint8_t { free, travelling, queued, in_service, returning, backing_off, forked };

struct alignas(64) Query {
  SimTime arrived;        ///< at the first stage; kept through redelivery
  SimTime stage_arrived;  ///< at the present stage
  SimTime enqueued;       ///< last time it joined a queue
  SimTime started;        ///< last time its service began
  double size = 1;
  double noise = 1;      ///< factor on this stage's work
  QueryId next = kNone;  ///< in its queue, or in its batch
  ReplicaId replica = kNone;
  std::uint16_t model = 0;
  std::uint16_t pipeline = 0xffff;
  std::uint16_t deliveries = 0;
  std::uint8_t stage = 0;
  QueryState state = QueryState::free;
};
static_assert(sizeof(Query) == 64);

inline constexpr std::uint16_t kNoPipeline = 0xffff;

/// What only some runs need to know about a query, two cache lines; kept apart so that the others do not pay for it.
struct alignas(64) QueryExtra {
  std::uint64_t serial = 0;
  SimTime deadline = kNever;  ///< later answers are worth nothing

  // Where clients or brokers do more than wait (World::attended).
  SimTime gives_up = kNever;     ///< the client's time-out for this attempt
  SimTime ack_due = kNever;      ///< handed out again if it has not been answered by then
  std::uint64_t visit = 0;       ///< of a stage, unique over the run; copies of a query share it, 0: nobody waits
  std::uint64_t ordinal = 0;     ///< among the queries of its workload: keys its randomness
  Duration served{};             ///< before it was interrupted
  double whole_noise = 0;        ///< of its whole work, where it was interrupted; else 0
  double first_noise = 1;        ///< of its first stage
  QueryId prev = kNone;          ///< in its queue
  QueryId original = kNone;      ///< a copy still in service: the slot that was handed out again
  QueryId root = kNone;          ///< a stage of a forked query: that query's slot
  std::uint32_t run = kNone;     ///< a forked query: its record
  std::uint32_t client = kNone;  ///< of a closed loop
  std::uint32_t workload = kNone;
  std::uint32_t key = kNone;      ///< for ordering
  std::uint32_t variant = kNone;  ///< of its stage's model, where that has some
  SimTime expires = kNever;       ///< deadline over all attempts
  SimTime ranked_by = kNever;     ///< its deadline when it joined a queue that goes by it: it may change while it waits
  std::uint16_t attempts = 1;
  std::uint16_t priority = 1;
  bool parked = false;      ///< queued behind another one of its key
  bool holds_key = false;   ///< others of its key wait for it
  bool superseded = false;  ///< an orphan because another service of it was first
  bool stray = false;       ///< its pipeline query has ended: only its model still counts it

  [[nodiscard]] bool is_orphan() const { return visit == 0; }
  [[nodiscard]] bool is_copy() const { return original != kNone; }
};

static_assert(sizeof(QueryExtra) == 128);

class QueryPool {
 public:
  /// @param stages     longest pipeline: each query keeps that many noise factors beyond its first
  /// @param with_extra whether serials and deadlines are kept
  QueryPool(std::size_t stages, bool with_extra)
      : later_stages_(stages > 0 ? stages - 1 : 0), with_extra_(with_extra) {}

  [[gnu::always_inline]] QueryId take() {
    if (free_ == kNone) [[unlikely]]
      grow();
    const QueryId id = free_;
    free_ = queries_[id].next;
    ++present_;
    return id;
  }
  void give_back(QueryId id) {
    queries_[id].state = QueryState::free;
    queries_[id].next = free_;
    free_ = id;
    --present_;
  }
  /// A second slot with all that is known of the query.
  QueryId copy(QueryId id) {
    const QueryId fresh = take();
    queries_[fresh] = queries_[id];
    if (with_extra_) extras_[fresh] = extras_[id];
    for (std::size_t s = 1; s <= later_stages_; ++s) later_noise(fresh, s) = later_noise(id, s);
    return fresh;
  }

  Query& operator[](QueryId id) { return queries_[id]; }
  const Query& operator[](QueryId id) const { return queries_[id]; }
  [[nodiscard]] bool with_extra() const { return with_extra_; }
  QueryExtra& extra(QueryId id) { return extras_[id]; }
  [[nodiscard]] const QueryExtra& extra(QueryId id) const { return extras_[id]; }
  /// Noise of stage 1, 2, ... of a pipeline query.
  double& later_noise(QueryId id, std::size_t stage) { return noises_[id * later_stages_ + stage - 1]; }

  [[nodiscard]] std::size_t present() const { return present_; }
  [[nodiscard]] std::size_t slots() const { return queries_.size(); }

 private:
  [[gnu::noinline]] void grow() {
    const auto old = static_cast<QueryId>(queries_.size());
    const QueryId fresh = old < 1024 ? 1024 : old / 2;
    queries_.resize(old + fresh);
    noises_.resize(queries_.size() * later_stages_);
    if (with_extra_) extras_.resize(queries_.size());
    for (QueryId id = old; id < old + fresh; ++id) queries_[id].next = id + 1;
    queries_.back().next = kNone;
    free_ = old;
  }

  std::size_t later_stages_;
  bool with_extra_;
  std::vector<Query> queries_;
  std::vector<double> noises_;
  std::vector<QueryExtra> extras_;
  QueryId free_ = kNone;
  std::size_t present_ = 0;
};

}  // namespace windtunnel
