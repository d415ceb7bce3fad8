#include "sim/engine/turns.hpp"

#include <algorithm>
#include <limits>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

// Longer than every run, and short enough to be added to any instant of one.
constexpr Duration kForever{std::int64_t{1} << 61};

Duration to_whole(double ns) {
  constexpr auto kMost = static_cast<double>(kForever.count());
  return ns >= kMost ? kForever : Duration{static_cast<std::int64_t>(std::max(ns, 0.0) + 0.5)};
}

// `start` + `rounds` rounds + `rest`, or as late as there is.
SimTime after_rounds(SimTime start, std::int64_t rounds, Duration round, Duration rest) {
  const __int128 ns = static_cast<__int128>(start.time_since_epoch().count()) +
                      static_cast<__int128>(rounds) * round.count() + rest.count();
  const __int128 last = std::numeric_limits<std::int64_t>::max() - 1;
  return SimTime{Duration{static_cast<std::int64_t>(std::min(ns, last))}};
}

}  // namespace

std::size_t Turns::index_of(ReplicaId replica) const {
  std::size_t i = 0;
  while (i < ring_.size() && ring_[i].replica != replica) ++i;
  return i;
}

Duration Turns::round() const {
  Duration sum{};
  for (const Process& process : ring_) sum += process.slice;
  return ring_.size() > 1 ? sum + rules_.switch_cost * static_cast<std::int64_t>(ring_.size()) : sum;
}

// The front's turn begins, after a switch if somebody else ran before it.
void Turns::begin_turn(SimTime at) {
  from_ = at;
  if (ring_[front_].replica != last_) {
    from_ += rules_.switch_cost;
    switched_ += rules_.switch_cost;
  }
  until_ = from_ + ring_[front_].slice;
}

// The front used up its slice and goes to the tail.
void Turns::end_turn() {
  ring_[front_].given += until_ - from_;
  last_ = ring_[front_].replica;
  front_ = front_ + 1 < ring_.size() ? front_ + 1 : 0;
  begin_turn(until_);
}

// Ends every slice that was over before `now`; one that is over just now stays for those who come at this instant.
void Turns::advance(SimTime now) {
  if (ring_.empty() || until_ >= now) return;
  const Duration whole = round();
  if (const std::int64_t rounds = (now - until_ - Duration{1}) / whole; rounds > 0) {
    // After a round everybody has had one slice more and all stands as before, only later.
    for (Process& process : ring_) process.given += process.slice * rounds;
    if (ring_.size() > 1) switched_ += rules_.switch_cost * rounds * static_cast<std::int64_t>(ring_.size());
    from_ += whole * rounds;
    until_ += whole * rounds;
  }
  while (until_ < now) end_turn();
}

// What the front had of its slice so far.
void Turns::credit(SimTime now) {
  if (now <= from_) return;
  ring_[front_].given += now - from_;
  from_ = now;
}

// Takes what the process had off the work of its batches. The front must have its credit first.
void Turns::settle(Process& process) {
  const double done = static_cast<double>(process.given.count()) * process.speed;
  if (process.given > Duration{})
    for (Batch& batch : batches_)
      if (batch.replica == process.replica) batch.left_ns = std::max(0.0, batch.left_ns - done);
  process.given = {};
}

// Works out which of a settled process' batches is done first, and after how much GPU time.
void Turns::plan(Process& process) {
  std::uint32_t count = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const Batch& batch : batches_) {
    if (batch.replica != process.replica) continue;
    ++count;
    if (batch.left_ns >= least) continue;
    least = batch.left_ns;
    process.next = batch.id;
  }
  process.speed = (ring_.size() > 1 ? rules_.shared_speed : 1.0) * rules_.batch_speed(process.replica, count);
  process.need = to_whole(least / process.speed);
}

void Turns::replan_all() {
  for (Process& process : ring_) {
    settle(process);
    plan(process);
  }
}

void Turns::enter(ReplicaId replica, SimTime now) {
  const Process fresh{.replica = replica, .slice = rules_.slice(replica)};
  if (ring_.empty()) {
    if (idle_since_ != now) last_ = replica;  // an idle GPU takes up the first one without a switch
    front_ = 0;
    ring_.push_back(fresh);
    begin_turn(now);
  } else {
    ring_.insert(ring_.begin() + static_cast<std::ptrdiff_t>(front_), fresh);
    ++front_;
  }
}

void Turns::leave(std::size_t index, SimTime now) {
  const bool has_turn = index == front_;
  if (has_turn && from_ <= now) last_ = ring_[index].replica;
  if (has_turn && from_ > now) switched_ -= from_ - now;  // it was still being switched to
  ring_.erase(ring_.begin() + static_cast<std::ptrdiff_t>(index));
  if (ring_.empty()) {
    idle_since_ = now;
    return;
  }
  if (has_turn) {
    if (front_ == ring_.size()) front_ = 0;
    begin_turn(now);
  } else if (index < front_) {
    --front_;
  }
  if (ring_.size() == 1) {  // alone again, at the speed of one alone
    credit(now);
    replan_all();
  }
}

void Turns::schedule() {
  next_at_ = kNever;
  next_ = kNone;
  if (ring_.empty()) return;
  const Process& front = ring_[front_];
  const Duration left = front.need - front.given;
  if (ring_.size() == 1 || left <= until_ - from_) {
    next_at_ = after_rounds(from_, 0, {}, left);
    next_ = front.replica;
    return;
  }
  const Duration whole = round();
  SimTime start = until_;
  for (std::size_t place = 1; place <= ring_.size(); ++place) {  // the front comes last, for what this slice leaves
    const Process& process = ring_[(front_ + place) % ring_.size()];
    start += rules_.switch_cost;
    const Duration wants = process.need - process.given - (place == ring_.size() ? until_ - from_ : Duration{});
    const std::int64_t full_slices = wants > Duration{} ? (wants - Duration{1}) / process.slice : 0;
    const SimTime due = after_rounds(start, full_slices, whole, wants - process.slice * full_slices);
    if (due < next_at_) {
      next_at_ = due;
      next_ = process.replica;
    }
    start += process.slice;
  }
}

void Turns::add(QueryId batch, ReplicaId replica, double work_ns, SimTime now) {
  advance(now);
  if (!ring_.empty()) credit(now);
  std::size_t index = index_of(replica);
  const bool enters = index == ring_.size();
  if (enters) {
    enter(replica, now);
    index = index_of(replica);
  } else {
    settle(ring_[index]);
  }
  batches_.push_back({work_ns, batch, replica});
  if (enters && ring_.size() == 2) {
    replan_all();  // the other one is no longer alone
  } else {
    plan(ring_[index]);
  }
  schedule();
}

QueryId Turns::finish(SimTime now) {
  SIM_CHECK(next_ != kNone, "a batch finished on a GPU that had none");
  advance(now);
  while (ring_[front_].replica != next_) end_turn();  // done as soon as its turn began, at the end of another's
  credit(now);
  settle(ring_[front_]);
  const QueryId done = ring_[front_].next;
  std::erase_if(batches_, [done](const Batch& batch) { return batch.id == done; });
  const bool has_more =
      std::any_of(batches_.begin(), batches_.end(), [&](const Batch& batch) { return batch.replica == next_; });
  if (has_more) {
    plan(ring_[front_]);
  } else {
    leave(front_, now);
  }
  schedule();
  return done;
}

std::optional<double> Turns::remove(QueryId batch, SimTime now) {
  const auto it = std::find_if(batches_.begin(), batches_.end(), [&](const Batch& b) { return b.id == batch; });
  if (it == batches_.end()) return std::nullopt;
  advance(now);
  credit(now);
  const ReplicaId replica = it->replica;
  const std::size_t index = index_of(replica);
  settle(ring_[index]);
  const double left = it->left_ns;
  batches_.erase(it);
  const bool has_more =
      std::any_of(batches_.begin(), batches_.end(), [&](const Batch& b) { return b.replica == replica; });
  if (has_more) {
    plan(ring_[index]);
  } else {
    leave(index, now);
  }
  schedule();
  return left;
}

Duration Turns::switching(SimTime now) {
  advance(now);
  return !ring_.empty() && from_ > now ? switched_ - (from_ - now) : switched_;
}

}  // namespace windtunnel
