#include "sim/engine/cap_windows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/core/error.hpp"

namespace windtunnel {
namespace {

constexpr double kNothingNs = 1e-6;  // less budget or work than this is none
constexpr double kFarNs = 9.2e18;    // beyond every horizon

bool may_run(double budget_left_ns) {
  return budget_left_ns > kNothingNs;
}

}  // namespace

CapWindows::Process& CapWindows::process_of(State& state, ReplicaId replica) const {
  const auto it = std::find_if(state.processes.begin(), state.processes.end(),
                               [&](const Process& p) { return p.replica == replica; });
  if (it != state.processes.end()) return *it;
  const double whole = rules_.budget_ns(replica);
  return state.processes.emplace_back(Process{replica, whole, whole, 0});
}

// Budgets are whole again; who had no work at its beginning is not remembered.
void CapWindows::next_window(State& state, std::int64_t windows) const {
  state.window += rules_.period * windows;
  state.offset_ns = 0;
  std::erase_if(state.processes, [](const Process& p) { return p.batches == 0; });
  for (Process& process : state.processes) process.left_ns = process.whole_ns;
}

// Goes on within the present window. @return the batch that is done first, where that is asked for and comes before
// `until_ns`
std::optional<std::size_t> CapWindows::run(State& state, double until_ns, bool to_completion) const {
  std::vector<std::size_t> running;
  std::vector<ReplicaId> replicas;
  std::vector<double> speeds;
  while (state.offset_ns < until_ns) {
    running.clear();
    replicas.clear();
    double busy = 0;
    for (const Process& process : state.processes)
      if (process.batches > 0 && may_run(process.left_ns)) ++busy;
    for (std::size_t i = 0; i < state.batches.size(); ++i) {
      if (!may_run(process_of(state, state.batches[i].replica).left_ns)) continue;
      running.push_back(i);
      replicas.push_back(state.batches[i].replica);
    }
    if (running.empty()) break;  // all wait for the next window
    speeds.assign(running.size(), 0);
    rules_.rates(replicas, speeds);
    const double use = rules_.side_by_side ? 1 : 1 / busy;
    double step = until_ns - state.offset_ns;
    for (const Process& process : state.processes)
      if (process.batches > 0 && may_run(process.left_ns)) step = std::min(step, process.left_ns / use);
    std::optional<std::size_t> done;
    if (to_completion) {
      for (std::size_t k = 0; k < running.size(); ++k) {
        const double needs = state.batches[running[k]].left_ns / speeds[k];
        if (needs > step || (done && needs == step)) continue;
        step = needs;
        done = running[k];
      }
    }
    for (std::size_t k = 0; k < running.size(); ++k) {
      Batch& batch = state.batches[running[k]];
      batch.left_ns = std::max(0.0, batch.left_ns - step * speeds[k]);
    }
    for (Process& process : state.processes)
      if (process.batches > 0 && may_run(process.left_ns))
        process.left_ns = std::max(0.0, process.left_ns - step * use);
    state.offset_ns += step;
    if (done) return done;
    if (step <= kNothingNs && until_ns - state.offset_ns <= kNothingNs) break;
  }
  state.offset_ns = until_ns;
  return std::nullopt;
}

// Nobody is done before `now`: that would have been an event.
void CapWindows::advance(SimTime now) {
  const auto period = static_cast<double>(rules_.period.count());
  const std::int64_t ahead = (now - state_.window) / rules_.period;  // windows that have begun since
  if (state_.batches.empty()) {
    if (ahead > 0) next_window(state_, ahead);
  } else if (ahead > 0) {
    (void)run(state_, period, false);
    next_window(state_, 1);
    if (ahead > 1) {
      std::vector<double> before;
      for (const Batch& batch : state_.batches) before.push_back(batch.left_ns);
      (void)run(state_, period, false);
      for (std::size_t i = 0; i < before.size(); ++i) {
        const double each = before[i] - state_.batches[i].left_ns;
        state_.batches[i].left_ns = std::max(0.0, before[i] - each * static_cast<double>(ahead - 1));
      }
      next_window(state_, ahead - 1);
    }
  }
  const auto offset = static_cast<double>((now - state_.window).count());
  if (state_.batches.empty()) {
    state_.offset_ns = offset;
  } else {
    (void)run(state_, offset, false);
  }
}

void CapWindows::schedule(SimTime now) {
  next_at_ = kNever;
  next_ = kNone;
  if (state_.batches.empty()) return;
  const auto period = static_cast<double>(rules_.period.count());
  State ahead = state_;
  std::optional<std::size_t> done = run(ahead, period, true);
  while (!done) {
    next_window(ahead, 1);
    std::vector<double> before;
    for (const Batch& batch : ahead.batches) before.push_back(batch.left_ns);
    done = run(ahead, period, true);
    if (done) break;
    // Full windows that all get through as they got through this one.
    double windows = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < before.size(); ++i)
      if (const double each = before[i] - ahead.batches[i].left_ns; each > 0)
        windows = std::min(windows, std::floor(ahead.batches[i].left_ns / each));
    const double at = static_cast<double>(ahead.window.time_since_epoch().count());
    if (at + (windows + 2) * period >= kFarNs) {  // nobody gets on, or not before every horizon
      next_at_ = kNever - Duration{1};
      next_ = ahead.batches.front().id;
      return;
    }
    if (windows < 2) continue;
    const double passed = windows - 1;  // the last one is run through, whatever rounding made of it
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double each = before[i] - ahead.batches[i].left_ns;
      ahead.batches[i].left_ns = std::max(0.0, ahead.batches[i].left_ns - passed * each);
    }
    ahead.window += rules_.period * static_cast<std::int64_t>(passed);
  }
  next_ = ahead.batches[*done].id;
  next_at_ = std::max(now, ahead.window + Duration{static_cast<std::int64_t>(ahead.offset_ns + 0.5)});
}

void CapWindows::take_off(std::size_t index) {
  --process_of(state_, state_.batches[index].replica).batches;
  state_.batches.erase(state_.batches.begin() + static_cast<std::ptrdiff_t>(index));
}

void CapWindows::add(QueryId batch, ReplicaId replica, double work_ns, SimTime now) {
  advance(now);
  ++process_of(state_, replica).batches;
  state_.batches.push_back({work_ns, batch, replica});
  schedule(now);
}

QueryId CapWindows::finish(SimTime now) {
  SIM_CHECK(next_ != kNone, "a batch finished on a GPU that had none");
  advance(now);
  const QueryId done = next_;
  const auto it =
      std::find_if(state_.batches.begin(), state_.batches.end(), [&](const Batch& b) { return b.id == done; });
  take_off(static_cast<std::size_t>(it - state_.batches.begin()));
  schedule(now);
  return done;
}

std::optional<double> CapWindows::remove(QueryId batch, SimTime now) {
  const auto find = [&] {
    return std::find_if(state_.batches.begin(), state_.batches.end(), [&](const Batch& b) { return b.id == batch; });
  };
  if (find() == state_.batches.end()) return std::nullopt;
  advance(now);
  const auto it = find();
  const double left = it->left_ns;
  take_off(static_cast<std::size_t>(it - state_.batches.begin()));
  schedule(now);
  return left;
}

}  // namespace windtunnel
